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
