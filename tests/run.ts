/**
 * Runs the suites of this folder in uvu, more strictly than uvu does: a suite without tests, a forgotten `run()`, and
 * tests lost to a throwing hook or to a rejection with something that is no Error all fail. The same file runs in Node,
 * Deno, Bun and a page, so the suites are listed rather than searched for; suites.test.ts holds list against folder.
 *
 *     node --import tsx tests/run.ts [name ...]
 */
import { suites } from './suites.ts'

type Result = [errors: string | true, ran: number, skipped: number, total: number]
type Uvu = { UVU_DEFER: number; UVU_INDEX: number; UVU_QUEUE: [string, ...(() => Promise<Result>)[]][] }

const uvu = globalThis as unknown as Uvu
uvu.UVU_DEFER = 1 // before uvu loads: suites queue, nothing runs by itself
const { exec } = await import('uvu')

const wanted = globalThis.process?.argv.slice(2) ?? []
let passed = 0
let failed = 0
let skipped = 0

function lose(name: string, what: string): void {
  failed++
  console.error(`FAIL ${name}: ${what}`)
}

for (const [name, load] of Object.entries(suites)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  uvu.UVU_INDEX = uvu.UVU_QUEUE.push([name]) - 1
  await load()
  const group = uvu.UVU_QUEUE[uvu.UVU_INDEX]!
  if (group.length === 1) lose(name, 'no suite called run()')
  for (let i = 1; i < group.length; i++) {
    const run = group[i] as () => Promise<Result>
    group[i] = async (): Promise<Result> => {
      const result = await run()
      const [errors, ran, skips, total] = result
      passed += ran
      skipped += skips
      failed += total - ran - skips
      if (total === 0) lose(name, 'no tests')
      else if (errors === true && ran + skips !== total)
        console.error(`FAIL ${name}: ${total - ran - skips} tests lost`)
      if (skips > 0) console.error(`SKIPPED ${skips} of ${name}`)
      return result
    }
  }
}
if (wanted.some((name) => !(name in suites))) lose(wanted.join(' '), 'no such suite')
await exec()
if (passed === 0) lose('run', 'no test ran')
if (wanted.length === 0) {
  console.log(
    '\nNOT HERE: other Node lines, Deno, Bun, browsers and bundlers. They are left to npm run test:everywhere.',
  )
}
console.log(
  skipped > 0 ? `${passed} passed, ${failed} failed, ${skipped} skipped` : `${passed} passed, ${failed} failed`,
)
if (failed > 0 && globalThis.process) process.exitCode = 1
