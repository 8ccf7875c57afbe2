/** Tridiagonal systems, one a lane, symmetric and positive definite but for rounding. */
import { GROUP_BYTES } from './lanes'

/** 1 / pivot, or 0 below `least`: what rounding leaves of a singular system is no direction to go. */
// @ts-ignore: decorator
@inline
function inversePivot(pivot: v128, least: v128): v128 {
  return v128.and(f32x4.div(f32x4.splat(1), pivot), f32x4.gt(pivot, least))
}

/**
 * Solves for x: off[k-1] x[k-1] + diagonal[k] x[k] + off[k] x[k+1] = right[k], by elimination without pivoting. The rows
 * of k are GROUP_BYTES apart; off[k] couples k and k+1, and that of the last row is not read.
 * @param off is overwritten
 * @param right is overwritten with x
 * @param least of a pivot, as a part of its diagonal: what rounding leaves of a singular system
 */
export function solveTridiagonal(n: i32, diagonal: usize, off: usize, right: usize, least: f32): void {
  const part = f32x4.splat(least)
  const end = <usize>n * GROUP_BYTES
  let e0 = f32x4.splat(0)
  let e1 = e0
  let c0 = e0
  let c1 = e0
  let x0 = e0
  let x1 = e0
  for (let k: usize = 0; k < end; k += GROUP_BYTES) {
    const d0 = v128.load(diagonal + k)
    const d1 = v128.load(diagonal + k, 16)
    const i0 = inversePivot(f32x4.sub(d0, f32x4.mul(e0, c0)), f32x4.mul(d0, part))
    const i1 = inversePivot(f32x4.sub(d1, f32x4.mul(e1, c1)), f32x4.mul(d1, part))
    x0 = f32x4.mul(f32x4.sub(v128.load(right + k), f32x4.mul(e0, x0)), i0)
    x1 = f32x4.mul(f32x4.sub(v128.load(right + k, 16), f32x4.mul(e1, x1)), i1)
    e0 = v128.load(off + k)
    e1 = v128.load(off + k, 16)
    c0 = f32x4.mul(e0, i0)
    c1 = f32x4.mul(e1, i1)
    v128.store(off + k, c0)
    v128.store(off + k, c1, 16)
    v128.store(right + k, x0)
    v128.store(right + k, x1, 16)
  }
  for (let k = end - GROUP_BYTES; k > 0;) {
    k -= GROUP_BYTES
    x0 = f32x4.sub(v128.load(right + k), f32x4.mul(v128.load(off + k), x0))
    x1 = f32x4.sub(v128.load(right + k, 16), f32x4.mul(v128.load(off + k, 16), x1))
    v128.store(right + k, x0)
    v128.store(right + k, x1, 16)
  }
}
