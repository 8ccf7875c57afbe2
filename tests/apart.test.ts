/** The processes of suites: whatever becomes of one, it is counted, and the others go on. */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { runApart } from './apart.ts'
import type { Count } from './runner.ts'

const good = `console.log('good one'); process.send({ passed: 3, failed: 0, skipped: 1 })`

/** Runs scripts as jobs named 0, 1, ...; gives the count and what has been printed. */
async function run(scripts: string[], lanes = 2, limit = 20_000): Promise<{ count: Count; printed: string }> {
  const { write } = process.stdout
  let printed = ''
  process.stdout.write = (text) => {
    printed += text
    return true
  }
  try {
    const command = ([name]: string[]): string[] => ['-e', scripts[Number(name)]!]
    const jobs = scripts.map((_, i) => [String(i)])
    return { count: await runApart(jobs, { command, lanes, limit }), printed }
  } finally {
    process.stdout.write = write
  }
}

test('counts are added up, and what each prints is told', async () => {
  for (const lanes of [1, 2, 5]) {
    const { count, printed } = await run([good, good, good], lanes)
    assert.equal(count, { passed: 9, failed: 0, skipped: 3 })
    assert.is(printed, 'good one\n'.repeat(3))
  }
})

test('what one prints stays together', async () => {
  const slow = (word: string): string =>
    `console.log('${word}'); setTimeout(() => { console.error('${word}'); ${good} }, 200)`
  const { printed } = await run([slow('a'), slow('b')])
  assert.match(printed, /^(a\na\ngood one\nb\nb\ngood one\n|b\nb\ngood one\na\na\ngood one\n)$/)
})

test('two lanes run side by side, one lane does not', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'unbark-'))
  const file = JSON.stringify(path.join(folder, 'x'))
  // each waits for the other's file; each takes what only one can have
  const meet = (own: number): string => `fs.writeFileSync(${file} + ${own}, '')
    const timer = setInterval(() => { if (fs.existsSync(${file} + ${1 - own})) { clearInterval(timer); ${good} } }, 10)`
  assert.is((await run([meet(0), meet(1)], 2)).count.failed, 0)
  const exclude = `fs.mkdirSync(${file}); setTimeout(() => { fs.rmdirSync(${file}); ${good} }, 50)`
  assert.is((await run([exclude, exclude, exclude], 1)).count.failed, 0)
  fs.rmSync(folder, { recursive: true })
})

const failing: Record<string, [script: string, failed: number, told: RegExp]> = {
  'tests that fail': [`process.send({ passed: 1, failed: 2, skipped: 0 }); process.exitCode = 1`, 2, /^good one\n$/],
  'an exception': [
    `throw new Error('no such file')`,
    1,
    /no such file[\s\S]*FAIL 0: ended by exit code 1, without a count/,
  ],
  'a process that is killed': [`process.kill(process.pid, 'SIGKILL')`, 1, /FAIL 0: ended by SIGKILL, without a count/],
  'an end without a count': [`console.log('1 passed, 0 failed')`, 1, /FAIL 0: ended by exit code 0, without a count/],
  'a failure after the count': [`${good}; process.exitCode = 7`, 1, /FAIL 0: ended by exit code 7, after a count/],
  'a success that is none': [
    `process.send({ passed: 1, failed: 1, skipped: 0 })`,
    2,
    /FAIL 0: ended by exit code 0, after a count/,
  ],
}

for (const [name, [script, failed, told]] of Object.entries(failing)) {
  test(`${name}: counted, and the next one runs`, async () => {
    const { count, printed } = await run([script, good], 1)
    assert.is(count.failed, failed)
    assert.ok(count.passed >= 3)
    assert.match(printed, told)
  })
}

test('one that never ends is ended, also where a process of its own holds its output', async () => {
  const child = `require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 4000)'], { stdio: 'inherit' })`
  const { count, printed } = await run(
    [`console.log('begun'); setInterval(() => {}, 1000)`, `console.log('begun'); ${child}`],
    2,
    1000,
  )
  assert.equal(count, { passed: 0, failed: 2, skipped: 0 })
  for (const i of [0, 1])
    assert.match(printed, new RegExp(`^begun\nFAIL ${i}: not done after 1 s, without a count$`, 'm'))
})

test.run()
