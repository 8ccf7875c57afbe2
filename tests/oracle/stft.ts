/**
 * Frames of a signal with what lies beyond its ends, and the signal whose frames are nearest to spectra, in float64 and by
 * the definitions.
 */

export interface Framing {
  nFft: number
  hop: number
  window: ArrayLike<number>
  center: boolean
  padMode: 'reflect' | 'constant' | 'replicate' | 'circular'
  /** Zeros at either end, among the samples. */
  pad?: number
  frames: number
  /** Of the signal, zeros at its ends included. */
  samples: number
}

export interface Spectrum {
  re: Float64Array
  im: Float64Array
}

/** Positions, from the first frame's beginning to the last one's end. */
export const lengthOf = ({ nFft, hop, frames }: Framing): number => (frames - 1) * hop + nFft

/** Which sample is at each position; -1 for a zero. What `circular` wraps around is free, a sample of its own. */
export function sources(framing: Framing): Int32Array {
  const { nFft, center, padMode, samples, pad = 0 } = framing
  const edge = center ? Math.floor(nFft / 2) : 0
  const isPad = (i: number): boolean => (i >= 0 && i < pad) || (i >= samples - pad && i < samples)
  return Int32Array.from({ length: lengthOf(framing) }, (_, m) => {
    const i = m - edge
    if (!center || padMode === 'circular') return isPad(i) ? -1 : m
    const at = mirrored(i, samples, padMode)
    return isPad(at) ? -1 : at
  })
}

function mirrored(i: number, samples: number, padMode: Framing['padMode']): number {
  if (i >= 0 && i < samples) return i
  if (padMode === 'constant') return -1
  if (padMode === 'replicate') return i < 0 ? 0 : samples - 1
  return i < 0 ? -i : 2 * (samples - 1) - i
}

/** The window, centred in the frame. */
function frameWindow({ nFft, window }: Framing): Float64Array {
  const out = new Float64Array(nFft)
  out.set(Float64Array.from(window), Math.floor((nFft - window.length) / 2))
  return out
}

/** Spectra of the frames that begin at multiples of the hop. */
export function spectraOf(framing: Framing, positions: ArrayLike<number>): Spectrum[] {
  const { nFft, hop, frames } = framing
  const w = frameWindow(framing)
  const [cos, sin] = roots(nFft)
  const bins = Math.floor(nFft / 2) + 1
  return Array.from({ length: frames }, (_, t) => {
    const re = new Float64Array(bins)
    const im = new Float64Array(bins)
    for (let f = 0; f < bins; f++) {
      for (let j = 0; j < nFft; j++) {
        const x = w[j]! * positions[t * hop + j]!
        re[f]! += x * cos[(f * j) % nFft]!
        im[f]! -= x * sin[(f * j) % nFft]!
      }
    }
    return { re, im }
  })
}

/** The signal whose spectra are nearest, at every position: where two are one sample, so are their sums. */
export function signalOf(framing: Framing, spectra: Spectrum[]): Float64Array {
  const { nFft, hop } = framing
  const w = frameWindow(framing)
  const [cos, sin] = roots(nFft)
  const source = sources(framing)
  const sum = new Float64Array(Math.max(...source) + 1)
  const energy = new Float64Array(sum.length)
  for (const [t, { re, im }] of spectra.entries()) {
    for (let j = 0; j < nFft; j++) {
      const at = source[t * hop + j]!
      if (at < 0) continue
      let x = 0
      for (let f = 0; f < re.length; f++) {
        const angle = (f * j) % nFft
        x += weightOf(f, nFft) * (re[f]! * cos[angle]! - im[f]! * sin[angle]!)
      }
      sum[at]! += (w[j]! * x) / nFft
      energy[at]! += w[j]! ** 2
    }
  }
  return Float64Array.from(source, (at) => (at >= 0 && energy[at]! >= 1e-11 ? sum[at]! / energy[at]! : 0))
}

/** Bins between 0 and half the rate stand for two. */
export const weightOf = (f: number, nFft: number): number => (f === 0 || 2 * f === nFft ? 1 : 2)

function roots(n: number): [cos: Float64Array, sin: Float64Array] {
  const angles = Float64Array.from({ length: n }, (_, i) => (2 * Math.PI * i) / n)
  return [angles.map(Math.cos), angles.map(Math.sin)]
}

/** A signal cut out, with what a Spectrogram has around it. */
export function again(
  { nFft, center, padMode, samples: n }: Framing,
  positions: Float64Array,
  pad: number,
): Float64Array {
  const edge = center ? Math.floor(nFft / 2) : 0
  const at = (i: number): number => (i < pad || i >= n - pad ? 0 : positions[edge + i]!)
  return positions.map((_, m) => {
    const i = m - edge
    if (i >= 0 && i < n) return at(i)
    if (padMode === 'constant') return 0
    if (padMode === 'replicate') return at(i < 0 ? 0 : n - 1)
    if (padMode === 'circular') return at((i + n) % n)
    return at(i < 0 ? -i : 2 * (n - 1) - i)
  })
}
