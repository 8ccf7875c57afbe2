/**
 * Maximum entropy: among the spectra that give the bands (or the nearest that can be reached), the one nearest to a
 * smooth prior in relative entropy. It is S = prior * 2^(F theta), and theta minimises a smooth convex function of
 * nBands values, whose Hessian F^T diag(S) F is tridiagonal: damped Newton. docs/algorithms.md derives it.
 */
import { ExactChunk } from './exact-chunk'
import { acceptMoments, ExactGroup } from './exact-group'
import { GROUP, GROUP_BYTES, GROUP_SHIFT } from './lanes'
import { maxentMoments } from './maxent-moments'
import { advance, build, EPS, isAnyLong, judge, keepDamping, restore, shorten } from './maxent-step'
import { solveTridiagonal } from './tridiagonal'

/** Greatest relative miss of a band. */
const TOLERANCE: f32 = 5e-6
/** What a smaller target is taken as, of a peak of 1 to 2. */
const LEAST: f32 = 1e-32
const MOST_PASSES: i32 = 200
/** Passes after which bands are let off that float32 does not hold; see {@link relax}. */
const PATIENCE: i32 = 99
const MORE_PATIENCE: i32 = 149

/** Works through a chunk, whose frames start at their multipliers. */
export function maxentFrames(x: ExactGroup, chunk: ExactChunk): void {
  const first = <usize>GROUP_BYTES
  memory.fill(x.step, 0, (<usize>x.bank.nBands + 2) << GROUP_SHIFT)
  memory.fill(x.damped, 0, GROUP_BYTES)
  let busy = 0
  for (let lane = 0; lane < GROUP; lane++) busy += i32(refill(x, chunk, lane))
  while (busy > 0) {
    maxentMoments(x)
    const isLong = isAnyLong(x)
    v128.store(x.ok, i32x4.splat(-1))
    v128.store(x.ok, i32x4.splat(-1), 16)
    const isRefused = isLong && !judge(x)
    if (isRefused) restore(x)
    else if (isLong) keepDamping(x)
    build(x, !isLong)
    acceptMoments(x)
    solveTridiagonal(x.bank.nBands, x.diagonal + first, x.off + first, x.right + first, 2.5 * EPS)
    if (isRefused) shorten(x)
    advance(x)
    for (let lane = 0; lane < GROUP; lane++) {
      const frame = chunk.frame(lane)
      if (frame < 0) continue
      const isDone = load<i32>(x.done + ((<usize>lane) << 2)) != 0
      const passes = chunk.addPass(frame)
      if (!isDone && passes < MOST_PASSES) {
        if (passes == PATIENCE) relax(x, lane, false)
        if (passes == MORE_PATIENCE) relax(x, lane, true)
        continue
      }
      const stays = load<i32>(x.stays + ((<usize>lane) << 2)) != 0
      chunk.keep(x, stays ? x.base : x.theta, lane, frame, isDone)
      if (!refill(x, chunk, lane)) busy--
    }
  }
}

/** Sets a lane to the next frame, whose first step is none; returns whether there was one. One without is done. */
function refill(x: ExactGroup, chunk: ExactChunk, lane: i32): bool {
  const isBusy = chunk.refill(x, lane)
  const column = (<usize>lane) << 2
  store<i32>(x.done + column, isBusy ? 0 : -1)
  store<i32>(x.idle + column, isBusy ? 0 : -1)
  store<f32>(x.rise + column, 0)
  let at = column
  for (let k = 0; k <= x.bank.nBands; k++, at += GROUP_BYTES) {
    store<f32>(x.allowed + at, TOLERANCE * max<f32>(load<f32>(x.target + at), LEAST))
    store<f32>(x.damping + at, 0)
  }
  return isBusy
}

/**
 * A band far below its neighbours may be out of reach in float32. From now on it may miss by 1.5e-8 of their sum, and
 * later (`more`) by 7.5e-6 of the frame's peak, which is about what the input holds.
 */
function relax(x: ExactGroup, lane: i32, more: bool): void {
  const column = (<usize>lane) << 2
  const end = (<usize>x.bank.nBands + 1) << GROUP_SHIFT
  let peak: f32 = 0
  for (let at = GROUP_BYTES; at < end; at += GROUP_BYTES) peak = max(peak, load<f32>(x.target + column + at))
  let below: f32 = 0
  for (let at = GROUP_BYTES; at < end; at += GROUP_BYTES) {
    const b = load<f32>(x.target + column + at)
    const above = at + GROUP_BYTES < end ? load<f32>(x.target + column + at + GROUP_BYTES) : 0
    const slack = more ? peak * 1.5 : (below + above) * <f32>0.003
    store<f32>(x.allowed + column + at, TOLERANCE * (max(b, LEAST) + slack))
    below = b
  }
}
