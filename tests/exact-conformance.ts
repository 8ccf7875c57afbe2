/**
 * What every backend has to reach with an exact solver: the float64 oracles of tests/oracle on every kind of problem, and
 * the optimality conditions on the result itself. What must not change a bit is in exact-invariance.ts.
 */
import type { Test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Exact, ExactSolver, Frames, Solve } from './exact-report.ts'
import { distance } from './fixture.ts'
import { type Bank, bandsOf } from './oracle/bank.ts'
import { complaints } from './oracle/complaints.ts'
import { leastSquaresKkt, misses } from './oracle/kkt.ts'
import { dot } from './oracle/nnls.ts'
import {
  type Batch,
  bankOf,
  banks,
  frame,
  kinds,
  mixed,
  problem,
  problems,
  startFor,
  tensorOf,
} from './oracle/problems.ts'
import { random } from './oracle/random.ts'
import { reach } from './oracle/reachable.ts'

/** What `judge` has to say of a batch's results. */
function judged(
  batch: Batch,
  { spectrogram }: Exact,
  judge: (t: number, spectrum: Float32Array) => string[],
): string[] {
  return batch.problems.flatMap(({ name }, t) => judge(t, frame(spectrogram, t)).map((what) => `${name}: ${what}`))
}

/** What the oracle has to say of a batch's results; of frames that ended at the bound only how far they are off. */
function against(solver: ExactSolver, batch: Batch, result: Exact, start?: Frames): string[] {
  const { bank, problems } = batch
  return judged(batch, result, (t, spectrum) =>
    result.unsolved.includes(t)
      ? farOff(bank, problems[t]!.bark, spectrum)
      : complaints(solver, bank, problems[t]!, spectrum, start && frame(start, t)),
  )
}

/** The least that is asked of any frame. */
function farOff(bank: Bank, bark: Float32Array, spectrum: Float32Array): string[] {
  if (!spectrum.every((x) => x >= 0 && x < Infinity)) return ['a value that is negative or not finite']
  const { ofPeak } = misses(bank, reach(bank, bark).bands, spectrum)
  return ofPeak <= 1e-4 ? [] : [`misses the nearest bands by ${ofPeak.toExponential(2)} of their peak`]
}

/** Five frames in ten thousand may end at the bound; of few frames, one. */
function assertFew(batches: Batch[], results: Exact[]): void {
  const names = batches.flatMap(({ problems }, i) => results[i]!.unsolved.map((t) => problems[t]!.name))
  const all = batches.reduce((sum, { problems }) => sum + problems.length, 0)
  const most = Math.max(1, (5 * all) / 10_000)
  assert.ok(names.length <= most, `${names.length} of ${all} at the bound: ${names.slice(0, 20).join('; ')}`)
}

function assertNone(found: string[]): void {
  assert.ok(found.length === 0, `${found.length} complaints\n  ${found.slice(0, 20).join('\n  ')}`)
}

const solveAll = (solve: Solve, solver: ExactSolver, batches: Batch[], inits?: Frames[]): Promise<Exact[]> =>
  Promise.all(
    batches.map((batch, i) => solve(solver, batch.options, tensorOf(batch), inits ? { init: inits[i]! } : {})),
  )

export interface Size {
  /** Problems of every kind on every bank: 2 make 504. */
  each: number
  /** Problems of the robustness stream. */
  stream: number
}

/** Adds the suite's tests of one solver. */
export function testConformance(test: Test, solver: ExactSolver, solve: Solve, { each, stream }: Size): void {
  const batches = problems(each)

  test(`${solver}: as good as the oracle on ${each * kinds.length * banks.length} problems, and by its own conditions`, async () => {
    const results = await solveAll(solve, solver, batches)
    assertNone(batches.flatMap((batch, i) => against(solver, batch, results[i]!)))
    assertFew(batches, results)
    for (const [i, { loss, optimality, iterations, stopReason, unsolved, spectrogram, frames }] of results.entries()) {
      const { options, bank, problems } = batches[i]!
      const name = JSON.stringify(options)
      let [own, size] = [0, 0]
      for (const [t, { bark }] of problems.entries()) {
        const { loss, descent } = leastSquaresKkt(bank, bark, frame(spectrogram, t))
        own += loss / problems.length
        size += dot(bark, bark) / problems.length
        // both are rounded: the solver's is float32
        const said = frames.optimality[t]!
        assert.ok(
          said >= descent - 1e-6 && said <= 1e-4,
          `${problems[t]!.name}: optimality ${said}, descent ${descent}`,
        )
      }
      assert.ok(Math.abs(loss! - own) <= 1e-3 * own + 1e-11 * size, `${name}: loss ${loss}, and it is ${own}`)
      assert.is(optimality, Math.max(...Array.from(frames.optimality)))
      assert.is(iterations, Math.max(...Array.from(frames.iterations)))
      assert.ok(iterations >= 1 && iterations <= 1000, `${name}: ${iterations} passes`)
      assert.is(stopReason, unsolved.length > 0 ? 'max-iter' : 'optimal', name)
    }
  })

  test(`${solver}: the same with a start`, async () => {
    const some = problems(1, 3)
    const starts = some.map((batch, i) => startFor(batch.bank, tensorOf(batch), 77 + i))
    const results = await solveAll(solve, solver, some, starts)
    assertNone(some.flatMap((batch, i) => against(solver, batch, results[i]!, starts[i]!)))
    assertFew(some, results)
  })

  test(`${solver}: a start that meets the bands is the answer; its zeros stay near zero`, async () => {
    for (const options of [banks[0]!, banks[6]!, banks[7]!]) {
      const bank = bankOf(options)
      const r = random(9)
      const [frames, zeros] = [13, solver === 'nnls' ? 0.3 : 0.1]
      const start = Float32Array.from({ length: bank.nBins * frames }, () =>
        r.uniform() < zeros ? 0 : 0.1 + r.uniform(),
      )
      const starts = { data: start, shape: [bank.nBins, frames] }
      const bark = new Float32Array(bank.nBands * frames)
      for (let t = 0; t < frames; t++) {
        for (const [k, y] of bandsOf(bank, frame(starts, t)).entries()) bark[k * frames + t] = y
      }
      const { spectrogram } = await solve(
        solver,
        options,
        { data: bark, shape: [bank.nBands, frames] },
        { init: starts },
      )
      for (let t = 0; t < frames; t++) {
        // no band says anything of the bins outside all of them
        const covered = (x: number, f: number): number => (bank.band[f]! < 0 ? 0 : x)
        const off = distance(frame(spectrogram, t).map(covered), frame(starts, t).map(covered))
        assert.ok(off <= 1e-5, `${bank.nBins} x ${bank.nBands}, frame ${t}: ${off}`)
      }
      const loudest = start.reduce((most, x, i) => (x === 0 ? Math.max(most, spectrogram.data[i]!) : most), 0)
      assert.ok(loudest <= (solver === 'nnls' ? 1e-5 : 1e-6), `a zero of the start is ${loudest}`)
    }
  })

  test(`${solver}: negative bands, which decibels would be, count as least squares has them`, async () => {
    const options = banks[6]!
    const bank = bankOf(options)
    const bark = mixed(bank, 18)
    for (let i = 0; i < bark.data.length; i += 3) bark.data[i]! *= -1
    const { spectrogram } = await solve(solver, options, bark)
    for (let t = 0; t < 18; t++) {
      const b = frame(bark, t)
      const off = misses(bank, reach(bank, b).bands, frame(spectrogram, t), 1).ofPeak
      assert.ok(off <= 1e-5, `frame ${t}: ${off} of the peak`)
    }
  })

  test(`${solver}: ${stream} random problems end, and end well`, async () => {
    const batches: Batch[] = []
    const size = 250
    for (let from = 0; from < stream; from += size) {
      const options = banks[(from / size) % banks.length]!
      const bank = bankOf(options)
      const all = Array.from({ length: Math.min(size, stream - from) }, (_, i) =>
        problem(kinds[i % kinds.length]!, bank, 1e6 + from + i),
      )
      batches.push({ options, bank, problems: all })
    }
    const results = await solveAll(solve, solver, batches)
    assertNone(
      batches.flatMap((batch, i) =>
        judged(batch, results[i]!, (t, spectrum) => farOff(batch.bank, batch.problems[t]!.bark, spectrum)),
      ),
    )
    assertFew(batches, results)
  })
}
