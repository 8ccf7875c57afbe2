import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { frequencyAxis, timeAxis } from '../../src/cli/plot/axis.ts'
import { threeDigits, ticks } from '../../src/cli/plot/ticks.ts'

const parameters = { numRuns: 2000, seed: 2609 }
const labels = (axis: { ticks: { label: string }[] }): string[] => axis.ticks.map((tick) => tick.label)

function bandsOf(rows: number, low: number, high: number, unit: 'Hz' | 'Bark'): Parameters<typeof frequencyAxis>[0] {
  return { title: '', data: new Float32Array(rows), rows, columns: 1, unit, low, high, isPower: true }
}

test('steps are 1, 2 or 5 times a power of ten; ticks lie inside; there are enough and not too many', () => {
  const low = fc.double({ min: -1e6, max: 1e6, noNaN: true })
  const length = fc.tuple(fc.double({ min: 1, max: 9.99, noNaN: true }), fc.integer({ min: -2, max: 6 }))
  fc.assert(
    fc.property(low, length, fc.double({ min: 4, max: 20, noNaN: true }), (low, [digit, power], most) => {
      const high = low + digit * 10 ** power
      const found = ticks(low, high, most)
      assert.ok(found.length >= 1 && found.length <= most + 1 + 1e-6, `${found.length} of ${most}`)
      const step = roundStep(found.map((tick) => tick.value))
      assert.ok(step === undefined || [1, 2, 5].includes(step), `step ${step}`)
      for (const { value, label } of found) {
        const slack = 1e-9 * (high - low) + 1e-12
        assert.ok(value >= low - slack && value <= high + slack, `${value} of ${low} to ${high}`)
        assert.ok(Math.abs(Number(label.replace('\u2212', '-')) - value) <= 1e-9 * Math.max(1, Math.abs(value)), label)
      }
      assert.is(new Set(found.map((tick) => tick.label)).size, found.length)
    }),
    parameters,
  )
})

/** Leading digit of the step, where there is one. */
function roundStep(values: number[]): number | undefined {
  if (values.length < 2) return undefined
  const step = (values.at(-1)! - values[0]!) / (values.length - 1)
  return Number.parseFloat(step.toExponential(3).split('e')[0]!)
}

test('labels', () => {
  const labelsOf = (low: number, high: number, most: number): string[] => ticks(low, high, most).map((t) => t.label)
  assert.equal(labelsOf(0, 8, 6), ['0', '2', '4', '6', '8'])
  assert.equal(labelsOf(0, 0.3, 3), ['0.0', '0.1', '0.2', '0.3'])
  assert.equal(labelsOf(-80, 0, 5), ['−80', '−60', '−40', '−20', '0'])
  assert.equal(labelsOf(0, 22.05, 6), ['0', '5', '10', '15', '20'])
  assert.equal(ticks(3, 3, 5), [{ value: 3, label: '3' }])
  assert.is(ticks(1e9, 1e9 + 1e-7, 5).length, 1)
  assert.equal([0, 31.24, 0.004123, 768.3, 999.7, 1052.4, 4.2e6, 3e-9].map(threeDigits), [
    ...['0', '31.2', '0.00412', '768', '1000', '1052', '4.20e6', '3.00e−9'],
  ])
})

test('an axis is even between the middles of its first and last row', () => {
  const axis = frequencyAxis(bandsOf(5, 0, 8000, 'Hz'), 250)
  assert.is(axis.title, 'Frequency (kHz)')
  assert.equal(axis.ticks, [
    { label: '0', at: 25 },
    { label: '2', at: 75 },
    { label: '4', at: 125 },
    { label: '6', at: 175 },
    { label: '8', at: 225 },
  ])
  assert.is(frequencyAxis(bandsOf(5, 0, 800, 'Hz'), 250).title, 'Frequency (Hz)')
  assert.equal(labels(frequencyAxis(bandsOf(128, 0.02, 20.8, 'Bark'), 250)), ['0', '5', '10', '15', '20'])
  assert.equal(labels(frequencyAxis(bandsOf(1, 0, 0, 'Hz'), 250)), ['0'])
  assert.equal(frequencyAxis(bandsOf(1, 3.21, 3.21, 'Bark'), 250).ticks, [{ label: '3.21', at: 125 }])
})

test('time is in seconds where it is known, in whole frames where not', () => {
  const seconds = timeAxis({ panels: [], caption: '', secondsPerFrame: 0.016 }, 206, 1030)
  assert.is(seconds.title, 'Time (s)')
  assert.equal(labels(seconds), ['0.0', '0.5', '1.0', '1.5', '2.0', '2.5', '3.0'])
  assert.is(seconds.ticks[0]!.at, 2.5)
  for (const secondsPerFrame of [undefined, Number.NaN, 0, Infinity]) {
    const frames = timeAxis({ panels: [], caption: '', secondsPerFrame }, 3, 1000)
    assert.is(frames.title, 'Frame')
    assert.equal(labels(frames), ['0', '1', '2'])
  }
  assert.equal(labels(timeAxis({ panels: [], caption: '', secondsPerFrame: 0.016 }, 1, 1000)), ['0'])
  assert.equal(labels(timeAxis({ panels: [], caption: '' }, 0, 1000)), ['0'])
  const late = timeAxis({ panels: [], caption: '', secondsPerFrame: 0.1, firstSecond: 0.05 }, 10, 1000)
  assert.equal(late.ticks[0], { label: '0.0', at: 0 })
})

test.run()
