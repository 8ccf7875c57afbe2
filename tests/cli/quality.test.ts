/** The measures of `--compare` and of the quality benchmark, against figures worked out by hand. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BAND_FLOOR, bandFit, FLOOR_DB, likeness } from '../../src/cli/quality.ts'

const floats = (...x: number[]): Float32Array => Float32Array.from(x)
const near = (is: number, expected: number, what: string): void =>
  assert.ok(Math.abs(is - expected) <= 1e-6 * Math.abs(expected), `${what}: ${is}, not ${expected}`)
/** Two bins, two frames. */
const layout = { channels: 1, rows: 2, frames: 2 }

test('what is equal is at no distance', () => {
  const x = floats(1, 2, 3, 0)
  assert.equal(likeness(x, x, layout, 2), { convergence: 0, distanceDb: 0, l1: 0 })
})

test('magnitudes: convergence of 3, 4 against 3, 0 and silence', () => {
  near(likeness(floats(3, 4, 0, 0), floats(3, 0, 0, 0), layout, 1).convergence, 4 / 5, 'power 1')
  near(likeness(floats(9, 16, 0, 0), floats(9, 0, 0, 0), layout, 2).convergence, 4 / 5, 'power 2')
  near(likeness(floats(27, 64, 0, 0), floats(27, 0, 0, 0), layout, 3).convergence, 4 / 5, 'power 3')
  assert.is(likeness(floats(3, 4, 1, 1), new Float32Array(4), layout, 1).convergence, 1)
  assert.is(likeness(floats(3, 4, 1, 1), new Float32Array(4), layout, 1).l1, 1)
})

test('values: relative L1 is of what is stored', () => {
  near(likeness(floats(9, 16, 0, 0), floats(8, 18, 1, 0), layout, 2).l1, 4 / 25, 'power 2')
})

test('decibels: root mean square in a frame, mean over frames', () => {
  // frame 0: +20 and 0 dB; frame 1: -40 and -40 dB
  const { distanceDb } = likeness(floats(1, 1, 1, 1), floats(10, 0.01, 1, 0.01), layout, 1)
  near(distanceDb, (Math.sqrt(400 / 2) + 40) / 2, 'distance')
  const power = likeness(floats(1, 1, 1, 1), floats(100, 1e-4, 1, 1e-4), layout, 2)
  near(power.distanceDb, distanceDb, 'of power')
})

test('decibels: nothing counts as lower than the floor', () => {
  const one = { channels: 1, rows: 2, frames: 1 }
  near(likeness(floats(1, 0), floats(1, 1), one, 1).distanceDb, FLOOR_DB / Math.sqrt(2), 'from zero')
  assert.is(likeness(floats(1, 0), floats(1, 1e-9), one, 1).distanceDb, 0)
})

test('frames belong to their channel', () => {
  const stereo = { channels: 2, rows: 2, frames: 1 }
  const { distanceDb } = likeness(floats(1, 1, 1, 1), floats(10, 1, 10, 10), stereo, 1)
  near(distanceDb, (Math.sqrt(400 / 2) + 20) / 2, 'distance')
})

test('no measure depends on the scale', () => {
  const [x, y] = [floats(1, 2, 3, 4), floats(2, 1, 3, 0.001)]
  const plain = likeness(x, y, layout, 2)
  const scaled = likeness(
    x.map((v) => v * 2 ** -60),
    y.map((v) => v * 2 ** -60),
    layout,
    2,
  )
  near(scaled.convergence, plain.convergence, 'convergence')
  near(scaled.distanceDb, plain.distanceDb, 'distance')
  near(scaled.l1, plain.l1, 'l1')
})

test('silence is like silence alone', () => {
  const zero = new Float32Array(4)
  assert.equal(likeness(zero, zero, layout, 2), { convergence: 0, distanceDb: 0, l1: 0 })
  const infinite = { convergence: Infinity, distanceDb: Infinity, l1: Infinity }
  assert.equal(likeness(zero, floats(0, 0, 0, 1), layout, 2), infinite)
})

test("bands: torchaudio's loss, and the worst of the bands that count", () => {
  const fit = bandFit(floats(10, 1, 1, 2), floats(11, 1, 0.5, 0), layout)
  near(fit.loss, (1 + 0.25 + 4) / 2, 'loss')
  assert.is(fit.worstBand, 1)
  const quiet = bandFit(floats(1, 1, 1e-8, 1e-6), floats(1, 1, 0, 0.5e-6), layout)
  assert.ok(1e-8 < BAND_FLOOR)
  near(quiet.worstBand, 0.5, 'worst')
  assert.equal(bandFit(new Float32Array(0), new Float32Array(0), { channels: 1, rows: 2, frames: 0 }), {
    loss: 0,
    worstBand: 0,
  })
})

test('arrays of another size are refused', () => {
  assert.throws(() => likeness(floats(1), floats(1, 2, 3, 4), layout, 1), /expected 1 x 2 x 2, got 1/)
  assert.throws(() => bandFit(floats(1, 2, 3, 4), floats(1), layout), /expected 1 x 2 x 2, got 1/)
})

test.run()
