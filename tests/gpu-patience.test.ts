import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Patience } from '../src/backends/gpu/patience.ts'

test('asks at once where nothing is known', () => {
  const patience = new Patience()
  assert.is(patience.wait(100), 0)
  let isAsked = false
  patience.before(async () => {
    isAsked = true
  }, 100)
  assert.ok(isAsked)
})

test('waits for nine tenths of the last stretch, for fewer iterations for less', () => {
  const patience = new Patience()
  patience.took(100, 60)
  assert.equal(
    [100, 50, 1].map((iterations) => patience.wait(iterations)),
    [54, 27, 0],
  )
})

test('waits no longer for more iterations: a single one is the way there and back', () => {
  const patience = new Patience()
  patience.took(1, 20)
  assert.is(patience.wait(1000), 18)
})

test('a stretch that waited for longer than it took is the measure of a shorter wait', () => {
  const patience = new Patience()
  patience.took(100, 100)
  const waits: number[] = []
  for (let i = 0; i < 20; i++) {
    waits.push(patience.wait(100))
    patience.took(100, waits.at(-1)!)
  }
  assert.ok(waits.every((ms, i) => i === 0 || ms < waits[i - 1]!))
})

test('asks after the wait and measures from before it; what fails is told, and no measure of the next', async () => {
  const patience = new Patience()
  patience.took(10, 50)
  const start = performance.now()
  // a timer may be a millisecond early
  const at = await patience.before(async () => performance.now() - start, 10)
  assert.ok(at >= 44, `${at} ms`)
  const wait = patience.wait(10)
  assert.ok(wait >= Math.floor(0.9 * 44), `${wait} ms`)
  const outcome = await patience.before(() => Promise.reject('lost'), 1).catch((error) => error)
  assert.equal([outcome, patience.wait(10)], ['lost', wait])
})

test.run()
