/** The joint method's steps in the core, one by one, against float64. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { KINDS, type Step, schedule } from '../src/backends/wasm/joint-schedule.ts'
import { distance } from './fixture.ts'
import { banks, JointCase, list, polar, STEP, sizes } from './joint-core.ts'
import { areas, bandsOf } from './oracle/bank.ts'
import { bandStep, prior } from './oracle/joint.ts'
import { random } from './oracle/random.ts'
import { type Spectrum, signalOf, sources, spectraOf } from './oracle/stft.ts'

test('one band step', () => {
  for (const options of banks) {
    for (const [power, bandTolerance, pull] of [
      [1, 0, 0],
      [2, 0, 0.1],
      [0.7, 0, 0.05],
      [1, 0.2, 0.1],
      [2, 0.01, 0],
    ] as const) {
      const one = new JointCase({ ...options, power, bandTolerance, hopLength: 16, center: false })
      const { bank, width } = one
      const r = random(options.nFft + 7 * options.nBarks!)
      const framing = one.framing(5, 4 * 16 + options.nFft)
      // bands of some spectrum: where they outnumber the bins, others are reached by none
      const loud = Array.from({ length: 5 }, () => list(bank.nBins, () => Math.exp(r.normal())))
      const bark = loud.map((s) => bandsOf(bank, s))
      const s0 = bark.map((b) => prior(bank, b, width, 1e-9))
      // C is the prior with random phases, and the step's result is seen through the signal that it gives
      const phases = s0.map((s) => s.map(() => r.uniform() - 0.5))
      const c = polar(s0, phases, power)
      const out = one.after(framing, { spectra: s0, phases, bark }, [{ ...STEP, pull }])
      const tuned = { power, pull, tolerance: bandTolerance }
      const stepped = c.map((x, t) => bandStep(bank, tuned, bark[t]!, s0[t]!, x))
      const exact = signalOf(framing, stepped)
      const what = JSON.stringify({ ...options, power, bandTolerance })
      const off = distance(out, exact)
      // measured: at most 8e-7; 6e-4 where bands of a bin or two are nearly singular, or outnumber the bins and a
      // tolerance takes them to where none can be, as pivots down to 1e-6 amplify rounding
      const isSingular = options.sampleRate === 44100 || (bandTolerance > 0 && options.nBarks! > options.nFft / 7)
      assert.ok(off < (isSingular ? 2e-3 : 2e-6), `${what}: ${off}`)
      const moved = distance(signalOf(framing, c), exact)
      assert.ok(moved > 1e-3, `${what} moved by ${moved}`)
    }
  }
})

test('bands that nothing gives leave numbers, and bands without bins nothing', () => {
  for (const options of banks) {
    const one = new JointCase({ ...options, power: 1, hopLength: 16, center: false })
    const { bank } = one
    const r = random(3)
    const framing = one.framing(8, 7 * 16 + options.nFft)
    const wild = (): Float64Array => list(bank.nBands, () => 10 ** (8 * r.uniform() - 4))
    const bark = Array.from({ length: 8 }, wild)
    const s0 = bark.map(() => list(bank.nBins, () => 10 ** (6 * r.uniform() - 3)))
    const phases = s0.map((s) => s.map(() => r.uniform() - 0.5))
    const steps = Array.from({ length: 30 }, (_, k) => ({ ...STEP, kind: k === 0 ? KINDS.loaded : KINDS.fresh }))
    const out = one.after(framing, { spectra: s0, phases, bark }, steps)
    const most = out.reduce((m, x) => Math.max(m, Math.abs(x)), 0)
    // NaN is neither
    assert.ok(most > 0 && most < 1e9, `${JSON.stringify(options)}: ${most}`)
    const empty = areas(bank).map((sum) => Number(sum === 0))
    const other = bark.map((b) => b.map((x, k) => (empty[k] ? 7 * x : x)))
    assert.equal(one.after(framing, { spectra: s0, phases, bark: other }, steps), out)
  }
})

test('steps in sequence', () => {
  const { loaded, fresh, first, move, dual } = KINDS
  const step = (kind: Step['kind'], more: Partial<Step> = {}): Step => ({
    ...STEP,
    kind,
    momentum: 0.9,
    pull: 0.05,
    ...more,
  })
  for (const padMode of ['reflect', 'constant'] as const) {
    for (const power of [1, 2, 0.7]) {
      const one = new JointCase({ nFft: 64, hopLength: 16, nBarks: 12, power, padMode })
      const { bank, width } = one
      const framing = one.framing(9, 130)
      const r = random(11)
      const x = list(130, (i) => Math.sin(i / 3) + 0.3 * r.normal())
      const heard = spectraOf(
        framing,
        Float64Array.from(sources(framing), (at) => (at < 0 ? 0 : x[at]!)),
      )
      const bark = sizes(heard).map((s) =>
        bandsOf(
          bank,
          s.map((y) => y ** power),
        ),
      )
      const s0 = bark.map((b) => prior(bank, b, width, 1e-9))
      const phases = s0.map((s) => s.map(() => r.uniform() - 0.5))
      const P = (c: Spectrum[], pull: number): Spectrum[] =>
        c.map((y, t) => bandStep(bank, { power, pull, tolerance: 0 }, bark[t]!, s0[t]!, y))
      const T = (c: Spectrum[]): Spectrum[] => spectraOf(framing, signalOf(framing, c))
      const sum = (a: Spectrum[], by: number | Float64Array, b: Spectrum[]): Spectrum[] =>
        a.map((y, t) => {
          const at = (f: number): number => (typeof by === 'number' ? by : by[f]!)
          return { re: y.re.map((v, f) => v + at(f) * b[t]!.re[f]!), im: y.im.map((v, f) => v + at(f) * b[t]!.im[f]!) }
        })
      const c = polar(s0, phases, power)
      const cover = bank.lower.map((lo, f) => 0.9 * (lo + bank.upper[f]!))
      const judge = (name: string, steps: Step[], exact: Spectrum[]): void => {
        const out = one.after(framing, { spectra: s0, phases, bark }, steps)
        const off = distance(out, signalOf(framing, exact))
        assert.ok(off < 2e-5, `${name}, power ${power}, ${padMode}: ${off}`)
      }
      const x1 = P(c, 0.05)
      const t1 = T(x1)
      judge('LOADED', [step(loaded)], x1)
      const x2 = P(t1, 0.05)
      judge('FRESH', [step(loaded), step(fresh)], x2)
      judge('FIRST', [step(loaded), step(first)], x2)
      const t2 = T(x2)
      const x3 = P(sum(t2, cover, sum(t2, -1, t1)), 0.05)
      judge('MOVE', [step(loaded), step(first), step(move)], x3)
      const t3 = T(x3)
      const x4 = P(sum(t3, cover, sum(t3, -1, t2)), 0.05)
      judge('MOVE again', [step(loaded), step(first), step(move), step(move)], x4)
      // V of the first dual step is X, as U is 0
      const u1 = sum(x1, -1, t1).map(({ re, im }) => ({ re: re.map((y) => y / 1.1), im: im.map((y) => y / 1.1) }))
      const v2 = sum(P(sum(x1, -2, u1), 0.05), 1, u1)
      judge('DUAL', [step(loaded, { isDual: true }), step(dual, { isDual: true })], v2)
      const t5 = T(v2)
      const u2 = sum(v2, -1, t5).map(({ re, im }) => ({ re: re.map((y) => y / 1.1), im: im.map((y) => y / 1.1) }))
      const v3 = sum(P(sum(v2, -2, u2), 0.05), 1, u2)
      const duals = [step(loaded, { isDual: true }), step(dual, { isDual: true }), step(dual, { isDual: true })]
      judge('DUAL again', duals, v3)
      judge('FRESH after DUAL', [...duals, step(fresh)], P(T(v3), 0.05))
      const silent = one.after(framing, { spectra: s0, phases, bark: bark.map((b) => b.map(() => 0)) }, [
        step(loaded, { isLast: true }),
      ])
      assert.ok(silent.every((y) => y === 0))
    }
  }
})

test('the schedule', () => {
  const base = { iterations: 100, pitch: true, isHeld: false, bands: 80, isDense: true, frames: 9 }
  const { loaded, fresh, first, move, dual } = KINDS
  const told = (more: Partial<typeof base>): { iterations: number[]; duals: number; less: number } => {
    const { stages } = schedule({ ...base, ...more })
    for (const [i, steps] of stages.entries()) {
      const duals = steps.filter(({ isDual }) => isDual).length
      const kinds = steps.map(({ kind }) => kind)
      const expected = steps.map((_, k) => {
        if (k === steps.length - 1) return k === 0 && i === 0 ? loaded : fresh
        if (k === 0 && i === 0) return loaded
        if (k < duals) return dual
        return k === duals ? fresh : k === duals + 1 ? first : move
      })
      assert.equal(kinds, expected)
      assert.equal([steps.at(-1)!.pull, steps.filter(({ isLast }) => isLast).length], [0, 1])
      for (const [k, { pull }] of steps.slice(0, -1).entries()) {
        assert.ok(more.isHeld ? pull === 0 : Math.abs(pull - 0.1 * (1 - k / (steps.length - 1))) < 1e-15)
      }
    }
    const all = stages.flat()
    const less = all.filter(({ kind, momentum }) => kind === move && momentum === 0.8).length
    assert.ok(all.every(({ kind, momentum }) => kind !== move || momentum === 0.99 || momentum === 0.8))
    return {
      iterations: stages.map(({ length }) => length - 1),
      duals: all.filter(({ isDual }) => isDual).length,
      less,
    }
  }
  // momentum made after iteration 80 on, which the last step makes no more use of
  assert.equal(told({}), { iterations: [25, 75], duals: 25, less: 19 })
  assert.equal(told({ bands: 63 }), { iterations: [16, 84], duals: 0, less: 19 })
  assert.equal(told({ isDense: false }), { iterations: [16, 84], duals: 0, less: 19 })
  assert.equal(told({ bands: 63, iterations: 32 }), { iterations: [12, 20], duals: 0, less: 5 })
  assert.equal(told({ iterations: 32 }), { iterations: [8, 24], duals: 8, less: 5 })
  assert.equal(told({ bands: 63, iterations: 64 }).iterations, [16, 48])
  assert.equal(told({ bands: 63, iterations: 63 }).iterations, [24, 39])
  assert.equal(told({ iterations: 8 }), { iterations: [2, 6], duals: 2, less: 0 })
  assert.equal(told({ iterations: 7 }), { iterations: [7], duals: 1, less: 0 })
  assert.equal(told({ frames: 1 }), { iterations: [100], duals: 25, less: 19 })
  assert.equal(told({ pitch: false, iterations: 0 }), { iterations: [0], duals: 0, less: 0 })
  assert.equal(told({ isHeld: true }), { iterations: [100], duals: 0, less: 0 })
})

test.run()
