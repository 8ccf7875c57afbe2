/**
 * How near an inverted spectrogram is to the one that its bands were made from, and how well it meets the bands. Arrays
 * are [channels, rows, frames], row-major; sums are float64.
 */

/** What is below the loudest magnitude by more than this counts as this, in the log-spectral distance. */
export const FLOOR_DB = 100
/** Bands below this share of their frame's loudest are left out of `worstBand`: float32 hardly holds them. */
export const BAND_FLOOR = 1e-7

export interface Layout {
  channels: number
  rows: number
  frames: number
}

export interface Likeness {
  /** Magnitude spectral convergence: || |X| - |Y| || / || |X| ||, Frobenius norms. 0 is equal, 1 is what silence has. */
  convergence: number
  /**
   * Log-spectral distance in dB: for a frame the root mean square over bins of 20 log10(|Y| / |X|), both raised to the
   * floor of {@link FLOOR_DB} below the loudest |X|; the mean over frames.
   */
  distanceDb: number
  /** Relative L1 of the values as they are (power where they are power): sum |X^p - Y^p| / sum X^p. */
  l1: number
}

/**
 * Likeness of `estimate` to `reference`, both |.|^power.
 *
 * A reference of silence has no scale of its own: convergence and L1 are then 0 for silence and infinite for all else, and
 * so is the distance.
 */
export function likeness(reference: Float32Array, estimate: Float32Array, layout: Layout, power: number): Likeness {
  const steps = likenessInSteps(reference, estimate, layout, power)
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** Values between two steps: some milliseconds. */
const STEP = 2 ** 17

/** The same, for who has other things to do between its steps. */
export function* likenessInSteps(
  reference: Float32Array,
  estimate: Float32Array,
  layout: Layout,
  power: number,
): Generator<undefined, Likeness> {
  const { channels, rows, frames } = layout
  checkLength(layout, reference, estimate)
  const magnitude = magnitudeOf(power)
  let [off, size, offL1, sizeL1, peak] = [0, 0, 0, 0, 0]
  for (let i = 0; i < reference.length; i++) {
    if (i % STEP === 0) yield
    const [x, y] = [magnitude(reference[i]!), magnitude(estimate[i]!)]
    off += (x - y) ** 2
    size += x * x
    offL1 += Math.abs(reference[i]! - estimate[i]!)
    sizeL1 += reference[i]!
    peak = Math.max(peak, x)
  }
  const distanceDb = peak > 0 ? 0 : ratio(off, 0)
  const result = { convergence: Math.sqrt(ratio(off, size)), distanceDb, l1: ratio(offL1, sizeL1) }
  if (peak === 0) return result
  const floor = peak * 10 ** (-FLOOR_DB / 20)
  const ofFrame = new Float64Array(channels * frames)
  for (let i = 0; i < reference.length; i++) {
    if (i % STEP === 0) yield
    const [x, y] = [magnitude(reference[i]!), magnitude(estimate[i]!)]
    const decibels = 20 * Math.log10(Math.max(y, floor) / Math.max(x, floor))
    ofFrame[Math.floor(i / (rows * frames)) * frames + (i % frames)]! += decibels ** 2
  }
  for (const sum of ofFrame) result.distanceDb += Math.sqrt(sum / rows) / ofFrame.length
  return result
}

export interface BandFit {
  /** Sum over bands of (B - y)^2, mean over frames: torchaudio's loss. */
  loss: number
  /** The largest |B - y| / B of a band that is at least {@link BAND_FLOOR} of its frame's loudest. */
  worstBand: number
}

/** How well `bands`, those of an inverted spectrogram, meet the `target` that was inverted. */
export function bandFit(target: Float32Array, bands: Float32Array, layout: Layout): BandFit {
  const { channels, rows, frames } = layout
  checkLength(layout, target, bands)
  let [loss, worstBand] = [0, 0]
  for (let item = 0; item < channels; item++) {
    for (let t = 0; t < frames; t++) {
      const first = item * rows * frames + t
      let peak = 0
      for (let k = 0; k < rows; k++) peak = Math.max(peak, target[first + k * frames]!)
      for (let k = 0; k < rows; k++) {
        const b = target[first + k * frames]!
        const off = Math.abs(b - bands[first + k * frames]!)
        loss += off * off
        if (b > 0 && b >= BAND_FLOOR * peak) worstBand = Math.max(worstBand, off / b)
      }
    }
  }
  return { loss: loss / Math.max(1, channels * frames), worstBand }
}

function magnitudeOf(power: number): (x: number) => number {
  if (power === 1) return (x) => x
  return power === 2 ? Math.sqrt : (x) => x ** (1 / power)
}

function ratio(off: number, size: number): number {
  if (size > 0) return off / size
  return off > 0 ? Infinity : 0
}

function checkLength({ channels, rows, frames }: Layout, ...arrays: Float32Array[]): void {
  const expected = channels * rows * frames
  for (const { length } of arrays) {
    if (length !== expected) throw new RangeError(`values: expected ${channels} x ${rows} x ${frames}, got ${length}`)
  }
}
