import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type BarkScaleName, barkscaleFbanks, barkToHz, hzToBark, InverseBarkScale } from '../src/index.ts'
import { type Ref, readFixture } from './fixture.ts'

interface Bank {
  barkScale: BarkScaleName
  nFreqs: number
  fMin: number
  fMax: number | null
  nBarks: number
  sampleRate: number
  emptyBands: number
  first: Ref
  weights: Ref
}

const { index, array } = readFixture<{ banks: Bank[] }>('filterbank')

function upstream({ nFreqs, nBarks, first, weights }: Bank): Float32Array {
  const dense = new Float32Array(nFreqs * nBarks)
  const bands = array(first).data
  const pairs = array(weights).data
  for (let f = 0; f < nFreqs; f++) {
    const k = bands[f]!
    if (k < nBarks) dense[f * nBarks + k] = pairs[2 * f]!
    if (k + 1 < nBarks) dense[f * nBarks + k + 1] = pairs[2 * f + 1]!
  }
  return dense
}

function options({ barkScale, nFreqs, fMin, fMax, nBarks, sampleRate }: Bank) {
  return { barkScale, nFreqs, fMin, fMax, nBarks, sampleRate }
}

const name = (bank: Bank): string => JSON.stringify(options(bank))

test('the recorded grid is what the promise is about', () => {
  assert.ok(index.banks.length >= 100)
  assert.equal([...new Set(index.banks.map((bank) => bank.barkScale))].sort(), ['schroeder', 'traunmuller', 'wang'])
  assert.ok(index.banks.some((bank) => bank.nBarks > bank.nFreqs))
})

test('traunmuller banks are bit-equal to those of torchaudio 2.8', () => {
  for (const bank of index.banks.filter((bank) => bank.barkScale === 'traunmuller')) {
    const { data, shape } = barkscaleFbanks({ ...options(bank), onWarning() {} })
    assert.equal(shape, [bank.nFreqs, bank.nBarks])
    const expected = upstream(bank)
    const wrong = data.findIndex((x, i) => x !== expected[i])
    assert.is(wrong, -1, `${name(bank)}: ${data[wrong]} for ${expected[wrong]} at ${wrong}`)
  }
})

// torch's float32 sinh, which these two scales go through, is not the same on every machine (assembly/sinh.ts): banks of
// a machine without AVX differ from those of one with AVX-512, which are recorded here, by up to 3.5e-5.
test('schroeder and wang banks are within 1e-5 of those of torchaudio 2.8, and nearly all bit-equal', () => {
  let equal = 0
  let all = 0
  for (const bank of index.banks.filter((bank) => bank.barkScale !== 'traunmuller')) {
    const { data } = barkscaleFbanks({ ...options(bank), onWarning() {} })
    const expected = upstream(bank)
    const off = data.reduce((most, x, i) => Math.max(most, Math.abs(x - expected[i]!)), 0)
    assert.ok(off <= 1e-5, `${name(bank)}: ${off}`)
    if (off === 0) equal++
    all++
  }
  assert.ok(equal >= 0.9 * all, `${equal} of ${all} banks are bit-equal`)
})

test('warns of empty bands as upstream does, and of nothing else', () => {
  for (const bank of index.banks) {
    const warnings: string[] = []
    barkscaleFbanks({ ...options(bank), onWarning: (message) => warnings.push(message) })
    assert.is(warnings.length, bank.emptyBands > 0 ? 1 : 0, name(bank))
    if (bank.emptyBands > 1) assert.match(warnings[0]!, new RegExp(`${bank.emptyBands} of ${bank.nBarks} bands`))
  }
})

/** Float64 triangles between points that are equally spaced in Bark, by the published formulas. */
function published(
  nFreqs: number,
  nBarks: number,
  sampleRate: number,
  fMin: number,
  scale: BarkScaleName,
): Float64Array {
  const toBark = (f: number): number => {
    if (scale === 'wang') return 6 * Math.asinh(f / 600)
    if (scale === 'schroeder') return 7 * Math.asinh(f / 650)
    const z = (26.81 * f) / (1960 + f) - 0.53
    return z < 2 ? z + 0.15 * (2 - z) : z > 20.1 ? z + 0.22 * (z - 20.1) : z
  }
  const low = toBark(fMin)
  const high = toBark(sampleRate / 2)
  // no formula for the way back: bisection of the way there
  const toHz = (bark: number): number => {
    let [a, b] = [-1, sampleRate]
    for (let i = 0; i < 200; i++) {
      const middle = (a + b) / 2
      if (toBark(middle) < bark) a = middle
      else b = middle
    }
    return a
  }
  const points = Array.from({ length: nBarks + 2 }, (_, i) => toHz(low + ((high - low) * i) / (nBarks + 1)))
  const bank = new Float64Array(nFreqs * nBarks)
  for (let f = 0; f < nFreqs; f++) {
    const hz = (f * (sampleRate / 2)) / Math.max(1, nFreqs - 1)
    for (let k = 0; k < nBarks; k++) {
      const [a, b, c] = points.slice(k, k + 3) as [number, number, number]
      bank[f * nBarks + k] = Math.max(0, Math.min((hz - a) / (b - a), (c - hz) / (c - b)))
    }
  }
  return bank
}

// float32 points carry 1e-7 of their size, over bands of a few per cent of it
test('corrected banks follow the published formulas', () => {
  for (const scale of ['traunmuller', 'schroeder', 'wang'] as const) {
    for (const [nFreqs, nBarks, sampleRate, fMin] of [
      [513, 128, 16000, 0],
      [201, 40, 44100, 0],
      [1025, 96, 96000, 0],
      [257, 24, 48000, 500],
    ] as const) {
      const { data } = barkscaleFbanks({
        nFreqs,
        nBarks,
        sampleRate,
        fMin,
        barkScale: scale,
        filterbank: 'corrected',
        onWarning() {},
      })
      const expected = published(nFreqs, nBarks, sampleRate, fMin, scale)
      const off = data.reduce((most, x, i) => Math.max(most, Math.abs(x - expected[i]!)), 0)
      assert.ok(off < 1e-4, `${scale} ${nFreqs} ${nBarks} ${sampleRate}: ${off}`)
    }
  }
})

test("the defect is upstream's: above 20.1 Bark, and only when a point lies below 2", () => {
  const top = (fMin: number, filterbank: 'torchaudio' | 'corrected') =>
    barkscaleFbanks({ nFreqs: 513, nBarks: 64, sampleRate: 44100, fMin, filterbank, onWarning() {} }).data
  assert.not.equal(top(0, 'torchaudio'), top(0, 'corrected'))
  assert.equal(top(300, 'torchaudio'), top(300, 'corrected'))
})

test('weights of a bin are in adjacent bands and add up to 1 between the outer centres', () => {
  for (const scale of ['traunmuller', 'schroeder', 'wang'] as const) {
    const [nBins, nBands] = [401, 33]
    const { data } = barkscaleFbanks({ nFreqs: nBins, nBarks: nBands, barkScale: scale })
    const peak = (k: number): number => Math.max(...Array.from({ length: nBins }, (_, f) => data[f * nBands + k]!))
    assert.ok(peak(0) > 0)
    for (let f = 0; f < nBins; f++) {
      const row = data.subarray(f * nBands, (f + 1) * nBands)
      const bands = [...row.keys()].filter((k) => row[k]! > 0)
      assert.ok(bands.length <= 2 && (bands.length < 2 || bands[1] === bands[0]! + 1))
      if (bands.length === 2) assert.ok(Math.abs(row[bands[0]!]! + row[bands[1]!]! - 1) < 1e-6)
    }
  }
})

test('any size: points that fall together, and a bank that is mostly empty', () => {
  for (const [nFreqs, nBarks, fMin, fMax] of [
    [1, 1, 0, null],
    [65536, 3, 0, null],
    [3, 65536, 0, null],
    [200, 400, 7999, 8000],
    [200, 300, 0, 1e-3],
  ] as const) {
    const { data } = barkscaleFbanks({ nFreqs, nBarks, fMin, fMax, onWarning() {} })
    assert.ok(
      data.every((x) => x >= 0 && x <= 1),
      `${nFreqs} ${nBarks}`,
    )
  }
})

test("the same bank everywhere, and a matrix of one's own each time", () => {
  const options = { nBarks: 32, sampleRate: 8000 }
  const inverse = new InverseBarkScale({ nStft: 129, ...options })
  const { data } = barkscaleFbanks({ nFreqs: 129, ...options })
  assert.equal(inverse.filterbank.data, data)
  data.fill(0)
  assert.ok(inverse.filterbank.data.some((x) => x > 0))
})

test("Hz and Bark are each other's inverse, to the last places, at the edges too", () => {
  for (const barkScale of ['traunmuller', 'schroeder', 'wang'] as const) {
    for (const hz of [0, 1e-6, 20, 203.9, 204, 1000, 6541, 6542, 22050, 48000, 1e6]) {
      const back = barkToHz(hzToBark(hz, { barkScale }), { barkScale })
      assert.ok(Math.abs(back - hz) <= 1e-9 * (hz + 1), `${barkScale} ${hz}: ${back}`)
    }
  }
  // H. Traunmüller 1990: 1 kHz is 8.53 Bark
  assert.ok(Math.abs(hzToBark(1000) - 8.527) < 1e-3)
  assert.equal([...hzToBark(Float64Array.of(0, 1000))], [hzToBark(0), hzToBark(1000)])
})

test('arguments outside their domain', () => {
  const bad: [object, RegExp][] = [
    [{}, /^nFreqs: expected an integer from 1 to 65536, got undefined$/],
    [{ nFreqs: 0 }, /^nFreqs: .*got 0$/],
    [{ nFreqs: 5, fMin: 9000 }, /^fMin: expected a number below fMax \(8000\), got 9000$/],
    [{ nFreqs: 5, fMin: 100, fMax: 100 }, /^fMin: .* below fMax/],
    [{ nFreqs: 5, fMax: -1 }, /^fMax: /],
    [{ nFreqs: 5, fMax: Number.NaN }, /^fMax: .*got NaN$/],
    [{ nFreqs: 5, barkScale: 'mel' }, /^barkScale: expected "traunmuller" or "schroeder" or "wang", got "mel"$/],
    [{ nFreqs: 5, n_barks: 3 }, /unknown option "n_barks" \(did you mean nBarks\?\)/],
    [{ nFreqs: 5, filterbank: 'htk' }, /^filterbank: /],
    [{ nFreqs: 5, sampleRate: 1 }, /^fMin: /],
  ]
  for (const [options, message] of bad) assert.throws(() => barkscaleFbanks(options as never), message)
  assert.throws(() => hzToBark(-1), /^hz: expected a frequency >= 0, got -1$/)
  assert.throws(() => hzToBark('1' as never), /^hz: expected a number or a Float64Array, got "1"$/)
  assert.throws(() => barkToHz(28), /^bark: .* below 27.6396, got 28$/)
  assert.throws(() => barkToHz(Number.NaN, { barkScale: 'wang' }), /^bark: /)
})

test.run()
