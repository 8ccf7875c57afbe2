/** How much likelier the bands of four frames are with the ripple of each candidate than without. */
import { log2, mulAdd } from './lanes'
import { PADDED, PitchPlan } from './pitch-plan'

/**
 * Writes 0.1 times the logarithm of the likelihood ratio, of four neighbouring frames.
 *
 * Bands enter as parts of the largest of the input, so that its scale is without effect: levels of the envelope are
 * deviations from that, not from 1.
 * @param bark f32 [band][stride], at the first frame
 * @param out f32 [PADDED][4]
 */
export function scoreBands(plan: PitchPlan, bark: usize, stride: usize, out: usize): void {
  const end = plan.levels + ((<usize>plan.bands) << 4)
  const inversePeak = f32x4.splat(plan.inversePeak)
  const floor = f32x4.splat(plan.floor)
  let row = plan.rows
  let density = plan.density
  for (let to = plan.levels; to < end; to += 16, row += 4, density += 4) {
    const band = v128.load(bark + <usize>load<i32>(row) * stride)
    const part = f32x4.mul(f32x4.mul(band, inversePeak), v128.load32_splat(density))
    v128.store(to, log2(f32x4.add(part, floor)))
  }
  let w = plan.ripple
  let offset = plan.offset
  for (const last = out + ((<usize>PADDED) << 4); out < last; out += 128, offset += 32) {
    w = scoreBlock(plan.levels, end, w, offset, out)
  }
}

/** Eight candidates. */
function scoreBlock(level: usize, end: usize, w: usize, offset: usize, out: usize): usize {
  let s0 = f32x4.neg(v128.load32_splat(offset))
  let s1 = f32x4.neg(v128.load32_splat(offset, 4))
  let s2 = f32x4.neg(v128.load32_splat(offset, 8))
  let s3 = f32x4.neg(v128.load32_splat(offset, 12))
  let s4 = f32x4.neg(v128.load32_splat(offset, 16))
  let s5 = f32x4.neg(v128.load32_splat(offset, 20))
  let s6 = f32x4.neg(v128.load32_splat(offset, 24))
  let s7 = f32x4.neg(v128.load32_splat(offset, 28))
  for (; level < end; level += 16, w += 32) {
    const x = v128.load(level)
    s0 = mulAdd(v128.load32_splat(w), x, s0)
    s1 = mulAdd(v128.load32_splat(w, 4), x, s1)
    s2 = mulAdd(v128.load32_splat(w, 8), x, s2)
    s3 = mulAdd(v128.load32_splat(w, 12), x, s3)
    s4 = mulAdd(v128.load32_splat(w, 16), x, s4)
    s5 = mulAdd(v128.load32_splat(w, 20), x, s5)
    s6 = mulAdd(v128.load32_splat(w, 24), x, s6)
    s7 = mulAdd(v128.load32_splat(w, 28), x, s7)
  }
  v128.store(out, s0)
  v128.store(out, s1, 16)
  v128.store(out, s2, 32)
  v128.store(out, s3, 48)
  v128.store(out, s4, 64)
  v128.store(out, s5, 80)
  v128.store(out, s6, 96)
  v128.store(out, s7, 112)
  return w
}
