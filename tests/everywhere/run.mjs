/**
 * Tries the library where it is used, from dist/ as it has been built:
 *
 *     npm run test:everywhere [-- --write] [-- node | deno | bun | chromium | firefox | webkit | gpu ...]
 *
 * `--write` takes what the first place computes as what all have to; it is for changes that are meant to change bits.
 */
import { chromium } from './places/chromium.mjs'
import { firefox } from './places/firefox.mjs'
import { gpu } from './places/gpu.mjs'
import { scripts } from './places/scripts.mjs'
import { webkit } from './places/webkit.mjs'
import { bundleSuites } from './suites.mjs'
import { Tally } from './tally.mjs'

const given = process.argv.slice(2)
const tally = new Tally(
  given.filter((word) => word !== '--write'),
  given.includes('--write'),
)
await bundleSuites()
await scripts(tally)
const browsers = async () => {
  for (const places of [chromium, firefox, webkit]) await places(tally)
}
// a browser, and a software adapter, keep little more than one core busy
const adapters = gpu(tally)
await Promise.all([adapters(), browsers().then(adapters)])
process.exitCode = tally.end() ? 0 : 1
