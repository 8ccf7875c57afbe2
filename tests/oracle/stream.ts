/** From bands to sound a frame at a time, in float64, by its definition: all sums made anew whenever they are needed. */
import type { Bank } from './bank.ts'
import { bandStep, type Method, startOf } from './joint.ts'
import { maxent } from './maxent.ts'
import { combed, combOf, llr, peakOf, ripples, type Setting, scoresOf, track } from './pitch.ts'
import { type Framing, type Spectrum, signalOf, spectraOf } from './stft.ts'

export interface StreamMethod extends Omit<Method, 'framing'> {
  nFft: number
  hop: number
  /** Of nFft values. */
  window: ArrayLike<number>
  lookAhead: number
  /** The pitch is looked for. */
  voice?: Setting
}

const MOMENTUM = 0.99

/** A permutation of the 32-bit integers (C. Wellons, "lowbias32", 2018). */
function hash(value: number): number {
  let x = value >>> 0
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d)
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b)
  return (x ^ (x >>> 16)) | 0
}

/**
 * Finds the pitch of the frames from `first` on, and gives their magnitudes: of those before, the scores stay that they had
 * when they were the first.
 * @param start magnitudes of every frame without a pitch
 */
function listener(
  bank: Bank,
  { nFft, hop, power, width }: StreamMethod,
  setting: Setting,
  bark: ArrayLike<number>[],
  start: Float64Array[],
): (y: Float64Array, first: number, end: number) => Float64Array[] {
  const known = ripples(bank, setting)
  const factor = combOf(setting)
  const closed: Float64Array[] = []
  return (y, first, end) => {
    let peak = 0
    for (const b of bark.slice(0, end)) {
      peak = Math.max(peak * 2 ** ((-power * hop) / (10 * setting.sampleRate)), peakOf(bank, [b]))
    }
    const open = bark.slice(first, end).map((b, i) => {
      const ratio = llr(known, bank, b, peak, power)
      const from = (first + i) * hop
      return scoresOf(y.subarray(from, from + nFft), ratio, setting)
    })
    closed[first] = open[0]!
    const all = track([...closed.slice(0, first), ...open])
    const voice = { f0: all.f0.slice(first), voicing: all.voicing.slice(first) }
    return start
      .slice(first, end)
      .map((s, i) => maxent(bank, bark[first + i]!, combed(s, i, voice, factor, width)).spectrum)
  }
}

/** The signal from the first frame's beginning on; every frame is closed in turn. `bark` is [frame][band]. */
export function stream(bank: Bank, method: StreamMethod, bark: ArrayLike<number>[]): Float64Array {
  const { nFft, hop, window, power, tolerance, iterations: n, lookAhead, width } = method
  const s0 = startOf(bank, bark, width)
  const listen = method.voice && listener(bank, method, method.voice, bark, [...s0])
  const w2 = Float64Array.from(window, (w) => w * w)
  const least = 0.1 * Math.max(...w2)
  const cover = bank.lower.map((lo, f) => lo + bank.upper[f]!)
  const one: Framing = { nFft, hop, window, center: false, padMode: 'reflect', frames: 1, samples: nFft }
  const result = new Float64Array((bark.length - 1) * hop + nFft)
  /** What each frame that has come in adds to the sum. */
  const parts: Float64Array[] = []
  const heard = (energyOf: number): Float64Array => {
    const sum = new Float64Array(result.length)
    const energy = new Float64Array(result.length)
    for (const [t, part] of parts.entries()) for (let i = 0; i < nFft; i++) sum[t * hop + i]! += part[i]!
    for (let t = 0; t < energyOf; t++) for (let i = 0; i < nFft; i++) energy[t * hop + i]! += w2[i]!
    return sum.map((x, i) => x / Math.max(least, energy[i]!))
  }
  const spectrum = (y: Float64Array, t: number): Spectrum => spectraOf(one, y.subarray(t * hop, t * hop + nFft))[0]!
  const P = (c: Spectrum, t: number, pull: number): Float64Array => {
    const x = bandStep(bank, { power, pull, tolerance }, bark[t]!, s0[t]!, c)
    // the nearest signal of one frame is divided by the square of the window
    return signalOf(one, [x]).map((y, i) => y * w2[i]!)
  }
  const iterate = (first: number, end: number): void => {
    let before: Spectrum[] = []
    for (let k = 1; k <= n; k++) {
      const y = heard(parts.length)
      const now = Array.from({ length: end - first }, (_, i) => spectrum(y, first + i))
      for (const [i, T] of now.entries()) {
        const last = before[i]
        const c = last && k < n ? { re: moved(T.re, last.re, cover), im: moved(T.im, last.im, cover) } : T
        parts[first + i] = P(c, first + i, 0.1 * (1 - k / n))
      }
      before = now
    }
  }
  let closed = 0
  const load = (y: Float64Array, end: number): void => {
    for (const [i, s] of (listen?.(y, closed, end) ?? []).entries()) s0[closed + i] = s
  }
  const close = (): void => {
    const y = heard(parts.length)
    const stays = closed === bark.length - 1 ? nFft : hop
    result.set(y.subarray(closed * hop, closed * hop + stays), closed * hop)
    closed++
  }
  for (let t = 0; t < bark.length; t++) {
    const y = heard(t)
    for (let i = 0; i < nFft; i++) y[t * hop + i]! += 1e-18 * hash(t * 65536 + i)
    load(y, t + 1)
    parts.push(P(spectrum(y, t), t, 1))
    iterate(closed, t + 1)
    if (t - closed === lookAhead) close()
  }
  while (closed < bark.length) {
    load(heard(parts.length), bark.length)
    iterate(closed, bark.length)
    close()
  }
  return result
}

const moved = (now: Float64Array, before: Float64Array, cover: Float64Array): Float64Array =>
  now.map((x, f) => x + MOMENTUM * cover[f]! * (x - before[f]!))
