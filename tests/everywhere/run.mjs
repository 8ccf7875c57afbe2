/**
 * Tries the library where it is used, from dist/ as it has been built:
 *
 *     npm run test:everywhere [-- --write] [-- node | deno | bun | chromium | firefox | webkit | gpu | consumers ...]
 *
 * `--write` takes what the first place computes as what all have to; it is for changes that are meant to change bits.
 */
import { chromium } from './places/chromium.mjs'
import { firefox } from './places/firefox.mjs'
import { gpu } from './places/gpu.mjs'
import { scripts } from './places/scripts.mjs'
import { webkit } from './places/webkit.mjs'
import { run } from './processes.mjs'
import { bundleSuites } from './suites.mjs'
import { Tally } from './tally.mjs'

const given = process.argv.slice(2)
const tally = new Tally(
  given.filter((word) => word !== '--write'),
  given.includes('--write'),
)
await bundleSuites()
const places = async () => {
  for (const places of [scripts, chromium, firefox, webkit, consumers]) await places(tally)
}
// a host, a browser and a software adapter each keep little more than one core busy
const adapters = gpu(tally)
await Promise.all([adapters(), places().then(adapters)])
process.exitCode = tally.end() ? 0 : 1

/** The packed tarball, in eight bundlers. */
function consumers(tally) {
  return tally.place('consumers', async () => {
    const told = await run('npm', ['run', '--silent', 'test:consumers'], 1200)
    return told.trim().split('\n').at(-1)
  })
}
