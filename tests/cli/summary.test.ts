/** What is said of a solve: while it runs, when it has ended, and where it could not be solved to the end. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { describe, duration } from '../../src/cli/progress.ts'
import { short, summary, unsolvedWarning } from '../../src/cli/summary.ts'
import { glossary, table } from '../../src/cli/table.ts'
import type { Report } from '../../src/index.ts'

const sgd: Report = {
  solver: 'sgd',
  device: 'cpu',
  backend: 'wasm',
  threads: 1,
  iterations: 500,
  loss: 8.9512,
  stopReason: 'max-iter',
  elapsedMs: 1234,
}
const maxent: Report = {
  ...sgd,
  solver: 'maxent',
  iterations: 12,
  loss: 5.6e-10,
  stopReason: 'optimal',
  optimality: 2.4623e-7,
  bandError: 4.7402e-6,
  elapsedMs: 9.64,
}

test('a line: iterations of sgd, frames of an exact solver', () => {
  assert.is(summary(sgd, 103), '500 iterations in 1.2 s (max-iter, loss 8.95)')
  assert.is(summary({ ...sgd, iterations: 0, loss: null }, 103), '0 iterations in 1.2 s (max-iter)')
  const exact = 'in 9.6 ms (optimal, optimality 2.46e-7, every band within 4.74e-6, loss 5.60e-10)'
  assert.is(summary(maxent, 103), `maxent: 103 frames ${exact}`)
  assert.is(summary(maxent, 1), `maxent: 1 frame ${exact}`)
  const nnls: Report = { ...maxent, solver: 'nnls', bandError: 15.1 }
  assert.is(summary(nnls, 103), 'nnls: 103 frames in 9.6 ms (optimal, optimality 2.46e-7, loss 5.60e-10)')
})

test('a warning names the frames that were left at the bound', () => {
  assert.is(unsolvedWarning(sgd, 103), undefined)
  assert.is(unsolvedWarning(maxent, 103), undefined)
  const some: Report = { ...maxent, stopReason: 'max-iter', unsolved: [4, 90], optimality: 0.0123 }
  assert.is(unsolvedWarning(some, 103), 'maxent: 2 of 103 frames not solved to the end (4, 90); optimality 0.0123')
  const many = { ...some, unsolved: Array.from({ length: 40 }, (_, i) => i) }
  assert.match(unsolvedWarning(many, 103)!, /^maxent: 40 of 103 frames .*\(0, 1, 2, 3, 4, 5, 6, 7, \.\.\.\)/)
})

test('while it runs: iterations of sgd, frames of an exact solver', () => {
  const told = { stage: 'sgd', iteration: 1200, of: 100000, frames: 103, loss: 0.0123, elapsedMs: 100, leftMs: 12000 }
  assert.is(describe(told), 'iteration 1200 of 100000, loss 0.0123, at most 12 s left')
  for (const stage of ['nnls', 'maxent']) {
    const exact = { ...told, stage, of: 112500 }
    assert.is(describe(exact), 'frame 1200 of 112500, 12 s left')
    assert.is(describe({ ...exact, leftMs: null }), 'frame 1200 of 112500')
    assert.is(describe({ ...exact, iteration: 112500, leftMs: 0 }), 'frame 112500 of 112500')
  }
})

test('numbers of three digits, times of two', () => {
  const numbers: [number, string][] = [
    [0, '0'],
    [1.456, '1.46'],
    [123.4, '123'],
    [1e-3, '0.00100'],
    [9.83e-5, '9.83e-5'],
    [2.198e8, '2.20e+8'],
    [Infinity, 'infinite'],
  ]
  for (const [x, text] of numbers) assert.is(short(x), text)
  const times: [number, string][] = [
    [0.41, '0.4 ms'],
    [9.94, '9.9 ms'],
    [9.96, '10 ms'],
    [994, '994 ms'],
    [996, '1.0 s'],
    [125000, '2 min 5 s'],
  ]
  for (const [ms, text] of times) assert.is(duration(ms), text)
})

test('columns stand in line', () => {
  assert.is(
    table([
      ['a', 'long', 'b'],
      ['longer', '1', '2.5'],
    ]),
    'a       long    b\nlonger     1  2.5',
  )
  assert.is(
    glossary([
      ['a', 'one\ntwo'],
      ['long', 'three'],
    ]),
    'a     one\n      two\nlong  three',
  )
})

test.run()
