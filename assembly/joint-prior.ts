/**
 * The smooth prior: what the bands say of a spectrum by themselves, their averages interpolated in logarithms, less where
 * they say little. Everything here is rows of neighbouring frames, f32 [row][stride].
 */
import { JointBank, WEIGHTS } from './joint-bank'
import { exp2, log2 } from './lanes'

/** Least factor of the prior below the first peak where the first band tells by itself. */
const LEAST: f32 = 0.02

/**
 * Scales bands, and lifts each to the least that counts.
 * @param bark f32 [rows][stride], in place
 * @param mask f32 [stride]: all ones where a frame has a band above 0, else 0
 * @param count frames, rounded up to fours
 */
export function jointBands(
  bark: usize,
  rows: i32,
  stride: usize,
  count: i32,
  scale: f32,
  least: f32,
  mask: usize,
): void {
  const by = f32x4.splat(scale)
  const floor = f32x4.splat(least)
  const zero = f32x4.splat(0)
  for (const end = bark + (((<usize>(count + 3)) >> 2) << 4); bark < end; bark += 16, mask += 16) {
    let some = zero
    let p = bark
    for (let k = rows; k > 0; k--, p += stride) {
      const b = v128.load(p)
      some = v128.or(some, f32x4.gt(b, zero))
      v128.store(p, f32x4.pmax(floor, f32x4.mul(b, by)))
    }
    v128.store(mask, some)
  }
}

/**
 * Writes the prior of frames.
 * @param bank from `jointBank`
 * @param bark what {@link jointBands} left
 * @param least of a band's average
 * @param logs f32 [nBands + 2][4]: scratch
 */
export function jointPrior(
  bank: usize,
  bark: usize,
  spectra: usize,
  stride: usize,
  count: i32,
  least: f32,
  logs: usize,
): void {
  const plan = changetype<JointBank>(bank)
  for (const end = bark + (((<usize>(count + 3)) >> 2) << 4); bark < end; bark += 16, spectra += 16) {
    if (plan.nBands == 0) clear(plan, spectra, stride)
    else priorOfFour(plan, bark, spectra, stride, f32x4.splat(least), logs)
  }
}

function clear(plan: JointBank, spectra: usize, stride: usize): void {
  for (let f = plan.nBins; f > 0; f--, spectra += stride) v128.store(spectra, f32x4.splat(0))
}

function priorOfFour(plan: JointBank, bark: usize, spectra: usize, stride: usize, least: v128, logs: usize): void {
  const n = plan.nBands
  const exact = plan.exact
  let to = logs + 16
  for (let k = 0; k < n; k++, to += 16) {
    const band = v128.load(bark + <usize>load<i32>(exact.rows + ((<usize>k) << 2)) * stride)
    const average = f32x4.mul(band, v128.load32_splat(exact.density + ((<usize>k) << 2)))
    v128.store(to, log2(f32x4.pmax(least, average)))
  }
  // the outer runs have one band
  v128.store(logs, v128.load(logs + 16))
  v128.store(to, v128.load(to - 16))
  let left = plan.edge
  const low = plan.isNarrow ? rumble(logs + 16) : f32x4.splat(LEAST)
  let bin = plan.bins
  let mix = plan.mix
  for (let k = 0; k <= n; k++, logs += 16) {
    const lo = v128.load(logs)
    const hi = v128.load(logs, 16)
    for (let i = load<i32>(plan.runs + ((<usize>k) << 2)); i > 0; i--, bin += WEIGHTS, mix += 8, spectra += stride) {
      const log = f32x4.add(f32x4.mul(v128.load32_splat(mix), lo), f32x4.mul(v128.load32_splat(mix, 4), hi))
      let factor = v128.load32_splat(bin, 12)
      if (left > 0) {
        factor = f32x4.pmax(low, factor)
        left--
      }
      v128.store(spectra, f32x4.mul(exp2(log), factor))
    }
  }
}

/** Where the first band is narrow, its level over that of the second tells whether anything is below it. */
// @ts-ignore: decorator
@inline
function rumble(logs: usize): v128 {
  const ratio = f32x4.pmin(f32x4.splat(0), f32x4.sub(v128.load(logs), v128.load(logs, 16)))
  return f32x4.pmax(f32x4.splat(LEAST), exp2(f32x4.mul(f32x4.splat(4), ratio)))
}
