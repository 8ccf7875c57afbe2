/** The oracles against brute force on tiny problems, against another algorithm, and by proof on every kind of problem. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { distance } from '../fixture.ts'
import { type Bank, bandsOf, readBank } from './bank.ts'
import { bestOfSupports } from './brute-force.ts'
import { gap, leastSquaresKkt, misses } from './kkt.ts'
import { logLinear, maxent } from './maxent.ts'
import { nnls } from './nnls.ts'
import { kinds, problems } from './problems.ts'
import { type Random, random } from './random.ts'
import { reach, unreached } from './reachable.ts'

/** A bank of 1 to 3 bands and 1 to 6 bins; some bins lie outside, some bands are empty. */
function tiny(r: Random): { bank: Bank; dense: Float64Array } {
  const nBands = 1 + r.below(3)
  const nBins = 1 + r.below(6)
  const dense = new Float64Array(nBins * nBands)
  for (let f = 0; f < nBins; f++) {
    const at = r.below(nBands + 1) - 1
    const weight = 0.1 + 0.8 * r.uniform()
    if (at >= 0) dense[f * nBands + at] = weight
    if (at + 1 < nBands && r.uniform() < 0.9) dense[f * nBands + at + 1] = 1 - weight
  }
  return { bank: readBank(dense, nBins, nBands), dense }
}

/** Bands of a tiny bank: reachable, on the edge of it, or beyond. */
function tinyBands(r: Random, bank: Bank): Float64Array {
  const spectrum = Float64Array.from({ length: bank.nBins }, () => (r.uniform() < 0.5 ? r.uniform() : 0))
  const beyond = r.uniform() < 0.6 ? 1 : 0
  return bandsOf(bank, spectrum).map((y) => y + beyond * (r.uniform() - 0.5))
}

test('nnls: the optimum and the nearest minimiser are those of brute force over all supports', () => {
  for (let seed = 0; seed < 1500; seed++) {
    const r = random(seed)
    const { bank, dense } = tiny(r)
    const b = tinyBands(r, bank)
    const init = seed % 2 ? Float64Array.from({ length: bank.nBins }, () => r.uniform()) : undefined
    const brute = bestOfSupports(dense, bank.nBins, bank.nBands, b, init)
    const found = nnls(bank, b, init)
    assert.ok(Math.abs(leastSquaresKkt(bank, b, found.spectrum).loss - brute.loss) <= 1e-12, `loss, seed ${seed}`)
    // brute force solves with squared condition numbers
    const off = found.spectrum.reduce((most, x, f) => Math.max(most, Math.abs(x - brute.spectrum[f]!)), 0)
    assert.ok(off <= 1e-10, `spectrum, seed ${seed}: ${off}`)
  }
})

test('maxent: the same as iterative scaling, which shares nothing with it', () => {
  let compared = 0
  for (let seed = 0; seed < 300; seed++) {
    const r = random(seed)
    const { bank } = tiny(r)
    // well within reach, or scaling takes for ever
    const b = bandsOf(
      bank,
      Float64Array.from({ length: bank.nBins }, () => 0.5 + r.uniform()),
    )
    const init = seed % 2 ? Float64Array.from({ length: bank.nBins }, () => 0.1 + r.uniform()) : undefined
    const found = maxent(bank, b, init)
    const scaled = Float64Array.from(found.prior)
    let isSettled = false
    for (let i = 0; i < 2000 && !isSettled; i++) {
      const y = bandsOf(bank, scaled)
      isSettled = y.every((x, k) => Math.abs(x - b[k]!) <= 1e-13 * b[k]!)
      for (let f = 0; f < bank.nBins; f++) {
        const k = bank.band[f]!
        if (k < 0) continue
        scaled[f]! *= (b[k]! / y[k]!) ** bank.lower[f]!
        if (bank.upper[f]! > 0) scaled[f]! *= (b[k + 1]! / y[k + 1]!) ** bank.upper[f]!
      }
    }
    // rows that are nearly parallel make scaling crawl
    if (!isSettled) continue
    compared++
    assert.ok(distance(found.spectrum, scaled) <= 1e-10, `seed ${seed}: ${distance(found.spectrum, scaled)}`)
  }
  assert.ok(compared > 150, `${compared} compared`)
})

test('the prior is the band average at centres, a geometric progression between, and constant beyond', () => {
  const bank = readBank([0, 0, 0.5, 0, 1, 0, 0.75, 0.25, 0.25, 0.75, 0, 1, 0, 0.5, 0, 0], 8, 2)
  const prior = logLinear(bank, [2.5, 5])
  const expected = [1, 1, 1, 2 ** 0.25, 2 ** 0.75, 2, 2, 2]
  assert.ok(distance(prior, expected) < 1e-15, `${prior}`)
  assert.equal([...logLinear(bank, [0, 5])], [0, 0, 0, 0, 0, 2, 2, 2])
})

test('on every kind of problem both oracles are optimal, by proof', () => {
  const seen = new Set<string>()
  for (const { bank, problems: all } of problems(1)) {
    for (const { name, kind, bark } of all) {
      seen.add(kind)
      const reachable = reach(bank, bark)
      assert.equal(unreached(bank, reachable), [], name)
      for (const { spectrum, residual, bands, miss } of [nnls(bank, bark), maxent(bank, bark)]) {
        const proof = gap(bank, bark, spectrum, residual)
        assert.ok(Math.abs(proof.gap) <= 1e-13 && proof.outside <= 1e-13, `${name}: ${JSON.stringify(proof)}`)
        assert.ok(
          spectrum.every((x) => x >= 0 && x < Infinity),
          name,
        )
        // bands that hang together by one bin a run: r is right to 1e-16 of the loudest of them
        assert.ok(miss <= 1e-7, `${name}: ${miss}`)
        assert.ok(misses(bank, bands, spectrum).ofPeak <= 1e-8, name)
      }
    }
  }
  assert.is(seen.size, kinds.length)
})

test('no minimiser that another start leads to is shorter', () => {
  for (const { bank, problems: all } of problems(1, 5).slice(0, 4)) {
    for (const { name, bark } of all) {
      const { spectrum } = nnls(bank, bark)
      const r = random(1)
      const scale = Math.max(...spectrum)
      const other = nnls(
        bank,
        bark,
        spectrum.map((x) => x + scale * r.uniform()),
      ).spectrum
      const norm = (s: Float64Array): number => Math.hypot(...s)
      const inside = (s: Float64Array): Float64Array => s.map((x, f) => (bank.band[f]! < 0 ? 0 : x))
      assert.ok(norm(inside(other)) >= norm(spectrum) * (1 - 1e-9), name)
    }
  }
})

test('the checks see what is wrong', () => {
  const { bank, problems: all } = problems(1)[0]!
  const { bark } = all[1]!
  const { spectrum, residual, bands } = nnls(bank, bark)
  const off = spectrum.slice()
  off[off.indexOf(Math.max(...off))]! *= 1.01
  assert.ok(gap(bank, bark, off, residual).gap > 1e-12)
  assert.ok(misses(bank, bands, off).relative > 1e-4)
  assert.ok(leastSquaresKkt(bank, bark, off).complementarity > 1e-6)
  const less = spectrum.map((x) => 0.99 * x)
  assert.ok(leastSquaresKkt(bank, bark, less).descent > 1e-3)
  assert.ok(
    gap(
      bank,
      bark,
      spectrum,
      residual.map((x) => x + 1),
    ).outside > 1e-3,
  )
})

test.run()
