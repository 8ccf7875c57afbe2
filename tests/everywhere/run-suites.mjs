/** The suites' bundle in a process of Node, Deno or Bun. */
import { runSuites, suites, tell } from '../out/suites/script.js'

const count = await runSuites(suites)
console.log(tell(count))
if (count.failed > 0) process.exitCode = 1
