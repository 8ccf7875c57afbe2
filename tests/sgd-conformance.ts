/**
 * What every backend has to reach: torchaudio's own runs, recorded in tests/fixtures/sgd.json, each at upstream's
 * iteration count and at its own stop.
 */
import type { Test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  type DeviceOptions,
  InverseBarkScale,
  type InverseBarkScaleOptions,
  type Solved,
  type Tensor,
} from '../src/index.ts'
import { distance, type Ref, readFixture } from './fixture.ts'

export interface Run {
  name: string
  seed: number
  options: InverseBarkScaleOptions
  input: Ref
  result: Ref
  iterations: number
  reason: 'tolerance-loss' | 'tolerance-change' | 'max-iter'
  losses: Record<string, number>
  chance: boolean
  range: [number, number]
  /** Where upstream stops with other libraries and instruction sets, and float64. */
  variants: Record<string, number>
  lossSpread: Record<string, number>
}

interface Quality {
  seed: number
  options: InverseBarkScaleOptions
  input: Ref
  expected: Ref
  asked: Record<string, number>
}

interface Consistency {
  seed: number
  options: InverseBarkScaleOptions
  input: Ref
  batch: Ref
  asked: { atol: number; rtol: number }
  largestDifference: number
}

const sgd = readFixture<{ runs: Run[] }>('sgd')
const gauge = readFixture<{ quality: Quality; consistency: Consistency }>('gauge')

export const runs: Run[] = sgd.index.runs

/** A run's input and upstream's result. */
export function tensors(run: Run): { bark: { data: Float32Array; shape: number[] }; expected: Float32Array } {
  return { bark: sgd.array(run.input), expected: sgd.array(run.result).data }
}

/**
 * Relative L2 that is asked for at equal counts. Upstream's variants (threads, instruction sets) differ among themselves
 * by up to 1.4e-6 in short runs and 3e-5 in the longest. The reached distances are a third of these or better.
 */
function tolerance({ name, iterations, options }: Run): number {
  if (iterations > 10_000) return 5e-5
  if ((options.sampleRate ?? 0) >= 44100 || name.startsWith('inconsistent')) return 1e-5
  return options.barkScale === 'schroeder' || options.barkScale === 'wang' ? 5e-6 : 2e-6
}

/**
 * Counts that are asked for at upstream's own stop: one more or less (none below 50, 0.1 % of long ones); where the stop
 * is chance, what upstream's variants and float64 span.
 */
function counts({ chance, range, iterations }: Run): [least: number, most: number] {
  const [low, high] = chance ? range : [iterations, iterations]
  const slack = (n: number): number => (n < 50 ? 0 : Math.max(1, n * 1e-3))
  return [low - slack(low), high + slack(high)]
}

/** Adds the suite's tests for a device, as its options name it. */
export function testConformance(test: Test, device: DeviceOptions & Pick<InverseBarkScaleOptions, 'stepping'>): void {
  const open = (run: Run, more: Partial<InverseBarkScaleOptions> = {}): InverseBarkScale =>
    new InverseBarkScale({ ...run.options, seed: run.seed, ...device, ...more, onWarning() {} })

  const runTo = async (run: Run, maxIter: number, bark: Tensor): Promise<Solved> => {
    const inverse = open(run, { maxIter, toleranceLoss: 0, toleranceChange: 0, history: true })
    const solved = await inverse.solve(bark)
    inverse.dispose()
    assert.is(solved.report.stopReason, 'max-iter')
    return solved
  }

  for (const run of runs) {
    const { bark, expected } = tensors(run)
    let stopped: Solved | undefined

    test(`${run.name}: upstream's own stop`, async () => {
      const inverse = open(run, { history: true })
      stopped = await inverse.solve(bark)
      inverse.dispose()
      const { stopReason, iterations } = stopped.report
      const [least, most] = counts(run)
      assert.is(stopReason, run.reason)
      assert.ok(least <= iterations && iterations <= most, `${iterations}, not ${least} to ${most}`)
    })

    test(`${run.name}: upstream's result after ${run.iterations} iterations`, async () => {
      // where it stopped after as many, that was it
      const { spectrogram, report } =
        stopped?.report.iterations === run.iterations ? stopped : await runTo(run, run.iterations, bark)
      stopped = undefined
      assert.equal(spectrogram.shape, sgd.array(run.result).shape)
      assert.is(report.iterations, run.iterations)
      const off = distance(spectrogram.data, expected)
      assert.ok(off <= tolerance(run), `relative L2 ${off}, asked ${tolerance(run)}`)
      for (const [iteration, loss] of Object.entries(run.losses)) {
        if (iteration === 'last') continue
        const entry = report.history![Number(iteration) - 1]!
        assert.is(entry.iteration, Number(iteration))
        // a loss near 0 is a difference of large sums: upstream's own variants tell how much of it is rounding
        const most = Math.max(1e-5, 4 * (run.lossSpread[iteration] ?? 0))
        assert.ok(Math.abs(entry.loss - loss) <= most * loss, `loss ${entry.loss} for ${loss} at ${iteration}`)
      }
    })
  }

  test("upstream's quality gauge", async () => {
    const { quality } = gauge.index
    const inverse = new InverseBarkScale({ ...quality.options, seed: quality.seed, ...device })
    const { data } = await inverse.forward(gauge.array(quality.input))
    inverse.dispose()
    const expected = gauge.array(quality.expected).data
    for (const [within, share] of Object.entries(quality.asked)) {
      const near = data.filter((x, i) => Math.abs(x - expected[i]!) < Number(within) * Math.abs(expected[i]!)).length
      assert.ok(near > share * data.length, `${near / data.length} of the bins within ${within}, asked ${share}`)
    }
  })

  test("upstream's batch consistency", async () => {
    const { options, seed, input, batch, asked } = gauge.index.consistency
    const inverse = new InverseBarkScale({ ...options, ...device, onWarning() {} })
    const bark = gauge.array(input)
    const whole = (await inverse.forward(bark, { seed })).data
    const size = bark.data.length / bark.shape[0]!
    const part = whole.length / bark.shape[0]!
    for (let item = 0; item < bark.shape[0]!; item++) {
      const data = bark.data.subarray(item * size, (item + 1) * size)
      const alone = await inverse.forward({ data, shape: bark.shape.slice(1) }, { seed })
      alone.data.forEach((x, i) => {
        const other = whole[item * part + i]!
        assert.ok(Math.abs(x - other) <= asked.atol + asked.rtol * Math.abs(other), `${x} alone, ${other} in the batch`)
      })
    }
    inverse.dispose()
    // an inconsistent problem that stops by chance: half of all bins are free, and moved by whoever stops first
    const off = distance(whole, gauge.array(batch).data)
    assert.ok(off < 0.05, `relative L2 ${off}`)
  })
}
