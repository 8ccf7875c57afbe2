/**
 * Lane groups: eight neighbouring frames, held as two vectors of four, one frame a lane.
 *
 * A quantity per bin (or band) of a group is stored [bin][8 frames], so bin f of the group at `p` lies at
 * `p + f * GROUP_BYTES`. Two vectors a group halve the weight loads and the loop overhead of a kernel with one
 * (0.66 of its time, measured) and still fit the sixteen registers that V8 has on x86.
 */

/** Frames in a lane group. */
export const GROUP: i32 = 8
/** Bytes of one bin of a lane group. */
export const GROUP_BYTES: usize = 32
/** log2 of {@link GROUP_BYTES}. */
export const GROUP_SHIFT: usize = 5

/** Sum of the eight lanes in float64, always in the same order. */
// @ts-ignore: decorator
@inline
export function sumLanes(a: v128, b: v128): f64 {
  const low = f64x2.add(f64x2.promote_low_f32x4(a), f64x2.promote_low_f32x4(b))
  const a1 = v128.shuffle<f32>(a, a, 2, 3, 2, 3)
  const b1 = v128.shuffle<f32>(b, b, 2, 3, 2, 3)
  const high = f64x2.add(f64x2.promote_low_f32x4(a1), f64x2.promote_low_f32x4(b1))
  const sum = f64x2.add(low, high)
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)
}

/** Sum of four lanes in float64, always in the same order. */
// @ts-ignore: decorator
@inline
export function sumFour(a: v128): f64 {
  const sum = f64x2.add(f64x2.promote_low_f32x4(a), f64x2.promote_low_f32x4(v128.shuffle<f32>(a, a, 2, 3, 2, 3)))
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)
}

/** `x` where it is above zero, else 0 (also for NaN: a NaN shows in the loss of the same iteration). */
// @ts-ignore: decorator
@inline
export function clampAtZero(x: v128): v128 {
  return f32x4.pmax(f32x4.splat(0), x)
}

/**
 * 2^-100, added to every new momentum. One that decays on its own would otherwise end among the subnormal numbers and,
 * rounded to nearest, stay there for good, where an iteration takes ten to fifty times as long. No sum of 2^-75 or more
 * is changed by it, and what it moves, it moves towards the clamp at zero.
 */
// @ts-ignore: decorator
@inline
export function drift(): v128 {
  return f32x4.splat(<f32>7.888609052210118e-31)
}

// @ts-ignore: decorator
@inline
export function mulAdd(a: v128, b: v128, c: v128): v128 {
  return f32x4.add(f32x4.mul(a, b), c)
}

/** Whether all lanes of both masks are set. */
// @ts-ignore: decorator
@inline
export function allTrue(a: v128, b: v128): bool {
  return i32x4.all_true(v128.and(a, b))
}

/** Whether any lane of either mask is set. */
// @ts-ignore: decorator
@inline
export function anyTrue(a: v128, b: v128): bool {
  return v128.any_true(v128.or(a, b))
}

/** 2^t within 1.6e-7, for -126 <= t <= 120; what lies beyond is taken as the nearer of these. */
// @ts-ignore: decorator
@inline
export function exp2(t: v128): v128 {
  // 1.5 * 2^23: adding it rounds to an integer, which its lowest bits then hold
  const shift = f32x4.splat(12582912)
  t = f32x4.pmin(f32x4.splat(120), f32x4.pmax(f32x4.splat(-126), t))
  const m = f32x4.add(t, shift)
  const f = f32x4.sub(t, f32x4.sub(m, shift))
  // least-maximum polynomial on [-1/2, 1/2], exactly 1 at 0
  let p = f32x4.add(f32x4.mul(f32x4.splat(0.001326472731307149), f), f32x4.splat(0.009671512991189957))
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.05550733581185341))
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.24022242426872253))
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.6931470036506653))
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(1))
  return i32x4.add(p, i32x4.shl(m, 23))
}

/** log2(x) within 1.3e-7 + 6e-8 |log2(x)|, for normal x > 0. */
// @ts-ignore: decorator
@inline
export function log2(x: v128): v128 {
  // x = 2^e * (1 + m), with 1 + m between the square roots of 1/2 and 2
  const bits = i32x4.sub(x, i32x4.splat(0x3f3504f3))
  const e = i32x4.shr_s(bits, 23)
  const m = f32x4.sub(i32x4.sub(x, i32x4.shl(e, 23)), f32x4.splat(1))
  // log2(1 + m) / m at Chebyshev's points
  let p = f32x4.add(f32x4.mul(f32x4.splat(-0.1462035340084519), m), f32x4.splat(0.23420985106627387))
  p = f32x4.add(f32x4.mul(p, m), f32x4.splat(-0.24882180565958767))
  p = f32x4.add(f32x4.mul(p, m), f32x4.splat(0.28707561117420255))
  p = f32x4.add(f32x4.mul(p, m), f32x4.splat(-0.3602419859059312))
  p = f32x4.add(f32x4.mul(p, m), f32x4.splat(0.48092403857674654))
  p = f32x4.add(f32x4.mul(p, m), f32x4.splat(-0.7213527587652935))
  p = f32x4.add(f32x4.mul(p, m), f32x4.splat(1.4426949579955697))
  return f32x4.add(f32x4.convert_i32x4_s(e), f32x4.mul(p, m))
}
