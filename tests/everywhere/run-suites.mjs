/** A bundle of suites, `script` or another that is named, in a process of Node, Deno or Bun. */
import process from 'node:process'

const { runSuites, suites, tell } = await import(`../out/suites/${process.argv[2] ?? 'script'}.js`)
const count = await runSuites(suites)
console.log(tell(count))
if (count.failed > 0) process.exitCode = 1
