/**
 * What every backend has to reach with an exact solver: the float64 oracles of tests/oracle on every kind of problem, the
 * optimality conditions on the result itself, and what must not change a bit of it.
 */
import type { Test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Exact, ExactSolver, Solve } from './exact-report.ts'
import { distance } from './fixture.ts'
import type { Bank } from './oracle/bank.ts'
import { complaints } from './oracle/complaints.ts'
import { misses } from './oracle/kkt.ts'
import { type BankOptions, type Batch, banks, frame, kinds, problem, problems, tensorOf } from './oracle/problems.ts'
import { random } from './oracle/random.ts'
import { reach } from './oracle/reachable.ts'

interface Frames {
  data: Float32Array
  shape: number[]
}

/** What `judge` has to say of a batch's results. */
function judged(
  batch: Batch,
  { spectrogram }: Exact,
  judge: (t: number, spectrum: Float32Array) => string[],
): string[] {
  return batch.problems.flatMap(({ name }, t) => judge(t, frame(spectrogram, t)).map((what) => `${name}: ${what}`))
}

function assertNone(found: string[]): void {
  assert.ok(found.length === 0, `${found.length} complaints\n  ${found.slice(0, 20).join('\n  ')}`)
}

const solveAll = (solve: Solve, solver: ExactSolver, batches: Batch[], inits?: Frames[]): Promise<Exact[]> =>
  Promise.all(
    batches.map((batch, i) => solve(solver, batch.options, tensorOf(batch), inits ? { init: inits[i]! } : {})),
  )

/** A start for every problem: some of it 0, some of it louder than the problem, some quieter. */
function startsFor(batches: Batch[]): Frames[] {
  return batches.map(({ bank, problems }, i) => {
    const r = random(77 + i)
    const frames = problems.length
    const peaks = problems.map(({ bark }) => Math.max(...bark) || 1)
    const data = Float32Array.from({ length: bank.nBins * frames }, (_, at) =>
      r.uniform() < 0.1 ? 0 : peaks[at % frames]! * 10 ** (-3 * r.uniform()),
    )
    return { data, shape: [bank.nBins, frames] }
  })
}

/** [rows, frames] with frame i of the result being frame order[i], as [batch, rows, time]. */
function reorder({ data, shape }: Frames, order: number[], batch = 1): Frames {
  const [rows, frames] = shape as [number, number]
  const time = order.length / batch
  const out = new Float32Array(rows * order.length)
  for (const [to, from] of order.entries()) {
    const [item, t] = [Math.floor(to / time), to % time]
    for (let k = 0; k < rows; k++) out[(item * rows + k) * time + t] = data[k * frames + from]!
  }
  return { data: out, shape: [batch, rows, time] }
}

/** The same bits, without the thousands of lines that uvu would show where they are not. */
function assertSame(is: Frames, expected: Frames, what: string): void {
  assert.equal(is.shape, expected.shape, what)
  const off = expected.data.reduce((count, x, i) => count + (Object.is(is.data[i], x) ? 0 : 1), 0)
  assert.ok(is.data.length === expected.data.length && off === 0, `${what}: ${off} of ${expected.data.length} values`)
}

/** Kinds whose values have room for a factor of 2^40 either way. */
const moderate = kinds.filter((kind) => !kind.startsWith('1e') && !kind.includes('1e12'))

/** Frames of different kinds side by side, on one bank. */
function mixed(
  options: BankOptions,
  bank: Bank,
  frames: number,
  from: readonly (typeof kinds)[number][] = kinds,
): Frames {
  const all = Array.from({ length: frames }, (_, t) => problem(from[t % from.length]!, bank, 500 + t))
  return tensorOf({ options, bank, problems: all })
}

export interface Size {
  /** Problems of every kind on every bank: 2 make 504. */
  each: number
  /** Problems of the robustness stream. */
  stream: number
}

/** Adds the suite's tests of one solver. */
export function testExact(test: Test, solver: ExactSolver, solve: Solve, { each, stream }: Size): void {
  const batches = problems(each)

  test(`${solver}: as good as the oracle on ${each * kinds.length * banks.length} problems, and by its own conditions`, async () => {
    const results = await solveAll(solve, solver, batches)
    assertNone(
      batches.flatMap((batch, i) =>
        judged(batch, results[i]!, (t, spectrum) => complaints(solver, batch.bank, batch.problems[t]!, spectrum)),
      ),
    )
    for (const [i, { loss, optimality, stopReason, unsettled }] of results.entries()) {
      const name = JSON.stringify(batches[i]!.options)
      assert.ok(loss! >= 0 && loss! < Infinity, `${name}: loss ${loss}`)
      assert.ok(optimality >= 0 && optimality <= 1e-4, `${name}: optimality ${optimality}`)
      assert.is(stopReason, unsettled.length > 0 ? 'max-iter' : 'optimal', name)
    }
  })

  test(`${solver}: the same with a start`, async () => {
    const some = problems(1, 3)
    const starts = startsFor(some)
    const results = await solveAll(solve, solver, some, starts)
    assertNone(
      some.flatMap((batch, i) =>
        judged(batch, results[i]!, (t, spectrum) =>
          complaints(solver, batch.bank, batch.problems[t]!, spectrum, frame(starts[i]!, t)),
        ),
      ),
    )
  })

  for (const { options, bank } of [batches[6]!, batches[10]!, batches[7]!]) {
    const name = `${bank.nBins} bins, ${bank.nBands} bands`

    test(`${solver}, ${name}: no frame's bits depend on its lane, its neighbours, its batch item or the call`, async () => {
      const frames = 155
      const bark = mixed(options, bank, frames)
      const { spectrogram } = await solve(solver, options, bark)
      // 64 has no factor in common with 155: every frame gets another place
      const order = Array.from({ length: frames }, (_, i) => (i * 64) % frames)
      for (const batch of [1, 5, 31, frames]) {
        const moved = await solve(solver, options, reorder(bark, order, batch))
        assertSame(moved.spectrogram, reorder(spectrogram, order, batch), `${batch} items`)
      }
      for (const t of [0, 1, 6, 77, 154]) {
        const alone = await solve(solver, options, reorder(bark, [t]))
        assertSame(alone.spectrogram, { data: frame(spectrogram, t), shape: [1, bank.nBins, 1] }, `frame ${t} alone`)
      }
      assertSame((await solve(solver, options, bark, { isSync: true })).spectrogram, spectrogram, 'solveSync')
    })

    test(`${solver}, ${name}: a factor of a power of two changes no bit`, async () => {
      const bark = mixed(options, bank, 51, moderate)
      const plain = (await solve(solver, options, bark)).spectrogram.data
      for (const exponent of [-40, -3, 1, 17, 40]) {
        const factor = 2 ** exponent
        const { data } = (await solve(solver, options, times(bark, factor))).spectrogram
        const off = data.filter(
          (x, i) => x !== plain[i]! * factor && x > Math.max(floorOf(plain, i, 51) * factor, 2 ** -125),
        )
        assert.is(off.length, 0, `2^${exponent}: ${off.length} of ${data.length} values differ`)
      }
    })

    test(`${solver}, ${name}: any other factor from 1e-30 to 1e30 changes the result as little`, async () => {
      const bark = mixed(options, bank, 51, moderate)
      const plain = (await solve(solver, options, bark)).spectrogram
      for (const factor of [1e-30, 1.37e-12, 0.3, 7e11, 1e26]) {
        const { spectrogram } = await solve(solver, options, times(bark, factor))
        for (let t = 0; t < 51; t++) {
          const scaled = Array.from(frame(spectrogram, t), (x) => x / factor)
          const off = distance(scaled, frame(plain, t))
          assert.ok(off <= 1e-3, `${moderate[t % moderate.length]}, seed ${500 + t}, times ${factor}: ${off}`)
        }
      }
    })
  }

  test(`${solver}: silence gives exactly zero, whatever sounds beside it`, async () => {
    for (const options of banks.slice(0, 8)) {
      const { bank } = problems(0, 1, [options])[0]!
      const bark = mixed(options, bank, 19)
      for (let k = 0; k < bank.nBands; k++) bark.data.fill(0, 19 * k + 5, 19 * k + 8)
      const { spectrogram } = await solve(solver, options, bark)
      for (const t of [5, 6, 7])
        assert.ok(
          frame(spectrogram, t).every((x) => Object.is(x, 0)),
          `frame ${t}`,
        )
      const all = await solve(solver, options, { data: new Float32Array(bark.data.length), shape: bark.shape })
      assert.ok(all.spectrogram.data.every((x) => Object.is(x, 0)))
      assert.is(all.stopReason, 'optimal')
      assert.is(all.loss, 0)
    }
  })

  test(`${solver}: no frames, one frame, every count up to 9; the input stays as it was`, async () => {
    const options = banks[6]!
    const { bank } = problems(0, 1, [options])[0]!
    const whole = mixed(options, bank, 9)
    const { spectrogram } = await solve(solver, options, whole)
    for (let frames = 0; frames <= 9; frames++) {
      const bark = reorder(
        whole,
        Array.from({ length: frames }, (_, t) => t),
      )
      const before = bark.data.slice()
      const part = await solve(solver, options, bark)
      assert.equal(part.spectrogram.shape, [1, bank.nBins, frames])
      for (let t = 0; t < frames; t++) {
        const alone = frame({ data: part.spectrogram.data, shape: [bank.nBins, frames] }, t)
        assertSame({ data: alone, shape: [] }, { data: frame(spectrogram, t), shape: [] }, `frame ${t} of ${frames}`)
      }
      assert.equal(bark.data, before)
    }
    const none = await solve(solver, options, { data: new Float32Array(0), shape: [3, bank.nBands, 0] })
    assert.equal(none.spectrogram.shape, [3, bank.nBins, 0])
    assert.is(none.stopReason, 'optimal')
  })

  test(`${solver}: negative bands, which decibels would be, count as least squares has them`, async () => {
    const options = banks[6]!
    const { bank } = problems(0, 1, [options])[0]!
    const bark = mixed(options, bank, 18)
    for (let i = 0; i < bark.data.length; i += 3) bark.data[i]! *= -1
    const { spectrogram } = await solve(solver, options, bark)
    for (let t = 0; t < 18; t++) {
      const b = frame(bark, t)
      const off = misses(bank, reach(bank, b).bands, frame(spectrogram, t), 1).ofPeak
      assert.ok(off <= 1e-5, `frame ${t}: ${off} of the peak`)
    }
  })

  test(`${solver}: ${stream} random problems end, and end well`, async () => {
    const unsettled: string[] = []
    const found: string[] = []
    const size = 250
    for (let from = 0; from < stream; from += size) {
      const options = banks[(from / size) % banks.length]!
      const { bank } = problems(0, 1, [options])[0]!
      const all = Array.from({ length: Math.min(size, stream - from) }, (_, i) =>
        problem(kinds[i % kinds.length]!, bank, 1e6 + from + i),
      )
      const batch = { options, bank, problems: all }
      const result = await solve(solver, options, tensorOf(batch))
      unsettled.push(...result.unsettled.map((t) => all[t]!.name))
      const judge = (t: number, spectrum: Float32Array): string[] => {
        if (!spectrum.every((x) => x >= 0 && x < Infinity)) return ['a value that is negative or not finite']
        const { ofPeak } = misses(bank, reach(bank, all[t]!.bark).bands, spectrum)
        return ofPeak <= 1e-4 ? [] : [`misses the nearest bands by ${ofPeak.toExponential(2)} of their peak`]
      }
      found.push(...judged(batch, result, judge))
    }
    assertNone(found)
    assert.ok(unsettled.length <= Math.max(1, (5 * stream) / 10_000), `at the bound: ${unsettled.join('; ')}`)
  })
}

const times = ({ data, shape }: Frames, factor: number): Frames => ({ data: data.map((x) => x * factor), shape })

/** Below this a value is at the floor of the core's exp2, 2^-126 of its frame's peak or less. */
function floorOf(data: Float32Array, i: number, frames: number): number {
  let peak = 0
  for (let at = i % frames; at < data.length; at += frames) peak = Math.max(peak, data[at]!)
  return peak * 2 ** -100
}
