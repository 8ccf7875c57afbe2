/** Roots of unity in float64, right to its last place for any n, and the same on every machine. */

const EIGHTH: f64 = Math.PI / 4

/**
 * The angle of k n-ths of a turn, folded into the first eighth: exact in integers, so that the sine is only asked for
 * angles up to pi / 4 and the symmetries of the circle hold to the last bit.
 */
// @ts-ignore: decorator
@inline
function fold(k: i32, n: i32): f64 {
  const r = (k << 3) % n
  return (EIGHTH * <f64>((((k << 3) / n) & 1) == 0 ? r : n - r)) / <f64>n
}

/** cos(2 pi k / n) for 0 <= k <= n <= 2^28. */
export function turnCos(k: i32, n: i32): f64 {
  const octant = (k << 3) / n
  const angle = fold(k, n)
  const size = ((octant + 1) & 2) == 0 ? Math.cos(angle) : Math.sin(angle)
  return ((octant + 2) & 4) == 0 ? size : -size
}

/** sin(2 pi k / n) for 0 <= k <= n <= 2^28. */
export function turnSin(k: i32, n: i32): f64 {
  const octant = (k << 3) / n
  const angle = fold(k, n)
  const size = ((octant + 1) & 2) == 0 ? Math.sin(angle) : Math.cos(angle)
  return (octant & 4) == 0 ? size : -size
}

/** Stores exp(-2 pi i k / n) as two float32, each rounded once, times `gain`. */
export function storeRoot(at: usize, k: i32, n: i32, gain: f64): void {
  store<f32>(at, <f32>(turnCos(k, n) * gain))
  store<f32>(at, <f32>(-turnSin(k, n) * gain), 4)
}
