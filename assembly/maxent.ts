/**
 * Maximum entropy: among the spectra that give the bands (or the nearest that can be reached), the one nearest to a
 * smooth prior in relative entropy. It is S = prior * 2^(F theta), and theta minimises a smooth convex function of
 * nBands values, whose Hessian F^T diag(S) F is tridiagonal: damped Newton. docs/algorithms.md derives it.
 */
import { acceptMoments, ExactGroup } from './exact-group'
import { allTrue, anyTrue, GROUP_BYTES, GROUP_SHIFT } from './lanes'
import { maxentMoments, writeMaxent } from './maxent-moments'
import { maxentStart } from './maxent-start'
import { advance, build, EPS, judge, keepDamping, restore, shorten } from './maxent-step'
import { solveTridiagonal } from './tridiagonal'

const MOST_PASSES: i32 = 200
/** Passes after which bands are let off that float32 does not hold; see {@link relax}. */
const PATIENCE: i32 = 100
const MORE_PATIENCE: i32 = 150

/** Solves the group whose target has been read and moved within reach. */
export function maxentGroup(x: ExactGroup, out: usize, stride: usize): void {
  maxentStart(x)
  iterate(x)
  writeMaxent(x, out, stride)
}

function iterate(x: ExactGroup): void {
  const n = x.bank.nBands
  const one = f32x4.splat(1)
  let isDamped = false
  for (let pass = 1; ; pass++) {
    if (pass == PATIENCE) relax(x, false)
    if (pass == MORE_PATIENCE) relax(x, true)
    maxentMoments(x)
    const isLong = anyTrue(f32x4.gt(v128.load(x.rise), one), f32x4.gt(v128.load(x.rise, 16), one))
    v128.store(x.ok, i32x4.splat(-1))
    v128.store(x.ok, i32x4.splat(-1), 16)
    const isRefused = isLong && !judge(x)
    if (isRefused) restore(x)
    else if (isLong) keepDamping(x)
    isDamped = build(x, isDamped || isLong, !isLong)
    if (pass >= MOST_PASSES || allTrue(v128.load(x.done), v128.load(x.done, 16))) break
    acceptMoments(x)
    const first = <usize>GROUP_BYTES
    solveTridiagonal(n, x.diagonal + first, x.off + first, x.right + first, 2.5 * EPS)
    if (isRefused) shorten(x)
    advance(x)
    if (allTrue(v128.load(x.done), v128.load(x.done, 16))) break
  }
}

/**
 * A band far below its neighbours may be out of reach in float32. From now on it may miss by 1.5e-8 of their sum, and
 * later (`more`) by 7.5e-6 of the frame's peak, which is about what the input holds.
 */
function relax(x: ExactGroup, more: bool): void {
  const zero = f32x4.splat(0)
  const end = (<usize>x.bank.nBands + 1) << GROUP_SHIFT
  for (let half: usize = 0; half < GROUP_BYTES; half += 16) {
    let peak = zero
    for (let at = half + GROUP_BYTES; at < end; at += GROUP_BYTES) peak = f32x4.pmax(peak, v128.load(x.target + at))
    let below = zero
    for (let at = half + GROUP_BYTES; at < end; at += GROUP_BYTES) {
      const b = v128.load(x.target + at)
      const above = at + GROUP_BYTES < end ? v128.load(x.target + at + GROUP_BYTES) : zero
      const slack = more ? f32x4.mul(peak, f32x4.splat(1.5)) : f32x4.mul(f32x4.add(below, above), f32x4.splat(0.003))
      const weight = f32x4.div(f32x4.splat(1), f32x4.add(f32x4.pmax(b, f32x4.splat(1e-36)), slack))
      v128.store(x.weight + at, v128.and(weight, f32x4.gt(b, zero)))
      below = b
    }
  }
}
