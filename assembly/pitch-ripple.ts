/**
 * The ripple that the harmonics of each candidate leave in the bands, and how to look for it.
 *
 * The logarithms L of the bands are taken as a Gaussian process over the Bark scale, of covariance C: a smooth envelope,
 * whose level and tilt are free, and noise. Harmonics of f0 add the ripple G(f0). By how much the bands are likelier with
 * it than without is then, in logarithms,
 *
 *     L' Q G - G' Q G / 2,      Q = C^-1,
 *
 * so that of all that takes time only the product of L with Q G is left to the frames.
 */
import { dot, factorize, solve } from './cholesky'
import { Filterbank } from './filterbank'
import { aligned, CANDIDATES, candidate, harmonicShare, HIGHEST, PADDED, PitchPlan, raise } from './pitch-plan'

/** Of the envelope: its variance, and its length in Bark. Of the noise, the level and the tilt: their variances. */
const ENVELOPE: f64 = 2.25
const SMOOTH: f64 = 3
const NOISE: f64 = 0.16
const LEVEL: f64 = 25
const TILT: f64 = 0.25
/** What the ripple is lifted by between harmonics, in magnitude: deeper no voice is. */
const BETWEEN: f64 = 0.1
/** How much a likelihood ratio counts in a score. */
const WEIGHT: f64 = 0.1

/**
 * Measures the bands of a bank.
 * @param spacing Hz from bin to bin
 * @param to f64 [nBands][2], the sum of each band's weights and its centre in Hz; or 0
 * @returns how many have bins and a centre under {@link HIGHEST}
 */
export function measureBands(bank: Filterbank, spacing: f64, to: usize): i32 {
  let w = bank.weights
  let hz = 0.0
  let sum = 0.0
  let moment = 0.0
  let count = 0
  for (let k = 0; k <= bank.nBands; k++) {
    let next = 0.0
    let nextMoment = 0.0
    for (let i = load<i32>(bank.runs + ((<usize>k) << 2)); i > 0; i--, w += 8, hz += spacing) {
      const lower = <f64>load<f32>(w)
      const upper = <f64>load<f32>(w, 4)
      sum += lower
      moment += lower * hz
      next += upper
      nextMoment += upper * hz
    }
    if (k > 0) {
      const centre = sum > 0 ? moment / sum : 0
      if (sum > 0 && centre < HIGHEST) count++
      if (to != 0) {
        store<f64>(to, sum)
        store<f64>(to, centre, 8)
        to += 16
      }
    }
    sum = next
    moment = nextMoment
  }
  return count
}

/** Bytes that {@link planRipple} works in. */
export function rippleScratchBytes(nBands: i32, bands: i32): usize {
  return <usize>nBands * 16 + aligned((<usize>nBands) << 2) + (<usize>bands + 2) * <usize>bands * 8
}

/** Fills in the plan's rows, densities, ripples and offsets. */
export function planRipple(plan: PitchPlan, bank: Filterbank, scratch: usize): void {
  const slots = scratch + <usize>bank.nBands * 16
  const places = slots + aligned((<usize>bank.nBands) << 2)
  const ripple = places + ((<usize>plan.bands) << 3)
  const factor = ripple + ((<usize>plan.bands) << 3)
  measureBands(bank, plan.spacing, scratch)
  placeBands(plan, bank.nBands, scratch, slots, places)
  covariance(plan.bands, places, factor)
  factorize(plan.bands, factor)
  memory.fill(plan.ripple, 0, (<usize>plan.bands * <usize>PADDED) << 2)
  memory.fill(plan.offset, 0, (<usize>PADDED) << 2)
  for (let i = 0; i < CANDIDATES; i++) {
    rippleOf(plan, bank, scratch, slots, candidate(i), ripple)
    keepRipple(plan, i, ripple, places, factor)
  }
}

/** Finds the bands that take part, and where on the Bark scale they are, from the mean of all that have bins. */
function placeBands(plan: PitchPlan, nBands: i32, measures: usize, slots: usize, places: usize): void {
  let kept = 0
  let all = 0
  let total = 0.0
  for (let k = 0; k < nBands; k++) {
    const sum = load<f64>(measures + ((<usize>k) << 4))
    const centre = load<f64>(measures + ((<usize>k) << 4), 8)
    const slot = slots + ((<usize>k) << 2)
    store<i32>(slot, -1)
    if (sum <= 0) continue
    const place = (26.81 * centre) / (1960 + centre)
    total += place
    all++
    if (centre >= HIGHEST) continue
    store<i32>(slot, kept)
    store<i32>(plan.rows + ((<usize>kept) << 2), k)
    store<f32>(plan.density + ((<usize>kept) << 2), <f32>(1 / sum))
    store<f64>(places + ((<usize>kept) << 3), place)
    kept++
  }
  for (let k = 0; k < kept; k++) {
    const place = places + ((<usize>k) << 3)
    store<f64>(place, load<f64>(place) - total / <f64>all)
  }
}

/** C, its lower triangle. */
function covariance(n: i32, places: usize, out: usize): void {
  for (let i = 0; i < n; i++) {
    const z = load<f64>(places + ((<usize>i) << 3))
    for (let j = 0; j <= i; j++) {
      const y = load<f64>(places + ((<usize>j) << 3))
      const apart = (z - y) / SMOOTH
      const value = ENVELOPE * Math.exp(-0.5 * apart * apart) + LEVEL + TILT * z * y + (i == j ? NOISE : 0)
      store<f64>(out + ((<usize>i * <usize>n + <usize>j) << 3), value)
    }
  }
}

/** G: the logarithm, as of magnitudes, of what the harmonics of f0 make of bands that are 1. */
function rippleOf(plan: PitchPlan, bank: Filterbank, measures: usize, slots: usize, f0: f64, out: usize): void {
  memory.fill(out, 0, (<usize>plan.bands) << 3)
  let w = bank.weights
  let hz = 0.0
  for (let k = 0; k <= bank.nBands; k++) {
    const lower = k > 0 ? load<i32>(slots + ((<usize>k) << 2) - 4) : -1
    const upper = k < bank.nBands ? load<i32>(slots + ((<usize>k) << 2)) : -1
    for (let i = load<i32>(bank.runs + ((<usize>k) << 2)); i > 0; i--, w += 8, hz += plan.spacing) {
      if (lower < 0 && upper < 0) continue
      const value = harmonics(hz, f0, plan.power, plan.lobe)
      if (lower >= 0) addTo(out + ((<usize>lower) << 3), value * <f64>load<f32>(w))
      if (upper >= 0) addTo(out + ((<usize>upper) << 3), value * <f64>load<f32>(w, 4))
    }
  }
  for (let k = 0; k < plan.bands; k++) {
    const row = load<i32>(plan.rows + ((<usize>k) << 2))
    const p = out + ((<usize>k) << 3)
    store<f64>(p, Math.log(load<f64>(p) / load<f64>(measures + ((<usize>row) << 4))) / plan.power)
  }
}

// @ts-ignore: decorator
@inline
function addTo(p: usize, x: f64): void {
  store<f64>(p, load<f64>(p) + x)
}

/** A spectrum of harmonics of f0 at `hz`, none at 0, over its mean. */
function harmonics(hz: f64, f0: f64, power: f64, lobe: f64): f64 {
  const share = harmonicShare(hz)
  if (share == 0) return 1
  const h = max(1.0, nearest<f64>(hz / f0))
  const off = hz - h * f0
  const teeth = tooth(off / lobe) + tooth((off - f0) / lobe) + (h > 1 ? tooth((off + f0) / lobe) : 0)
  const between = raise(BETWEEN, power)
  const mean = (Math.sqrt((2 * Math.PI) / power) * lobe) / f0 + between
  return 1 - share + (share * (raise(teeth, power) + between)) / mean
}

/** exp(-z^2 / 2), or 0 where nothing of it is left beside {@link BETWEEN}. */
// @ts-ignore: decorator
@inline
function tooth(z: f64): f64 {
  return z * z > 80 ? 0 : Math.exp(-0.5 * z * z)
}

/** Keeps Q G and G' Q G / 2 of a candidate so that from log2 of the bands they make scores. */
function keepRipple(plan: PitchPlan, i: i32, ripple: usize, x: usize, factor: usize): void {
  const bytes = (<usize>plan.bands) << 3
  memory.copy(x, ripple, bytes)
  solve(plan.bands, factor, x)
  store<f32>(plan.offset + ((<usize>i) << 2), <f32>(WEIGHT * 0.5 * dot(ripple, x, plan.bands)))
  const scale = (WEIGHT * Math.LN2) / plan.power
  let to = plan.ripple + ((<usize>(i >> 3) * <usize>plan.bands * 8 + <usize>(i & 7)) << 2)
  for (const end = x + bytes; x < end; x += 8, to += 32) store<f32>(to, <f32>(scale * load<f64>(x)))
}
