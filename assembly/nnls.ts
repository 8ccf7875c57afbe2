/**
 * Non-negative least squares: among the minimisers over S >= 0 of |b - F^T S|^2, which are the spectra that give the
 * nearest bands in reach, the one of smallest norm (or nearest to a prior). It is S = max(0, F lambda) on the bins that
 * may be positive, and lambda minimises |max(0, F lambda)|^2 / 2 - b . lambda, piecewise quadratic and convex.
 * docs/algorithms.md derives it.
 *
 * Newton's step uses the Gram matrix of the bins that are positive now; that of all bins would majorise, and be slow.
 * Each run slides between the two by a factor of its own: what it did not foresee raises it, every accepted step lowers
 * it. A step is accepted if the objective still falls at its end.
 *
 * Frames need 2 to 80 passes, so lanes do not wait for each other: a chunk of frames is prepared, eight lanes work
 * through it, each taking the next frame when it is done, and then the chunk is written.
 */
import { GRAM_HI, GRAM_LO, GRAM_MID, RUN } from './exact-bank'
import { ExactChunk } from './exact-chunk'
import { acceptMoments, ExactGroup, MOMENTS } from './exact-group'
import { GROUP, GROUP_BYTES, GROUP_SHIFT } from './lanes'
import { gram, nnlsMoments } from './nnls-moments'
import { solveTridiagonal } from './tridiagonal'

const ROW: usize = MOMENTS << GROUP_SHIFT
/**
 * Greatest miss of a band, over the power of two below the peak: at first, and what a frame is let off with after so
 * many passes. Where many bands share few bins, the system is near singular and float32 comes no nearer.
 */
const TOLERANCE: f32 = 1e-6
const PATIENCE: i32 = 60
const TOLERANCE_LATER: f32 = 4e-6
const MORE_PATIENCE: i32 = 120
const TOLERANCE_LAST: f32 = 1e-5
const MOST_PASSES: i32 = 200
/** Refusals in a row after which a step is taken: all that matters is majorised by then, and the rest is rounding. */
const MOST_REFUSALS: i32 = 8
/** Regularisation of the Hessian, as a part of it, and its least diagonal. */
const EPS: f32 = 1e-6
const TINY: f32 = 1e-12

// --- a run's way from the positive bins' Gram matrix (0) to that of all (1) ---
const START: f32 = 0.003
const GROWTH: f32 = 8
const FIRST: f32 = 0.01
const DECAY: f32 = 0.3
const LEAST: f32 = 1e-10

/** Works through a chunk. */
export function nnlsFrames(x: ExactGroup, chunk: ExactChunk): void {
  const n = x.bank.nBands
  const size = (<usize>n + 2) << GROUP_SHIFT
  memory.fill(x.base, 0, size)
  memory.fill(x.step, 0, size)
  let busy = 0
  for (let lane = 0; lane < GROUP; lane++) busy += i32(refill(x, chunk, lane))
  while (busy > 0) {
    nnlsMoments(x)
    const met = measure(x, 0) | (measure(x, 16) << 4)
    const ok = i32x4.bitmask(v128.load(x.ok)) | (i32x4.bitmask(v128.load(x.ok, 16)) << 4)
    let ended = 0
    for (let lane = 0; lane < GROUP; lane++) {
      const frame = chunk.frame(lane)
      if (frame < 0) continue
      const isMet = ((met >> lane) & 1) != 0
      const passes = chunk.addPass(frame)
      if (passes == PATIENCE) store<f32>(x.tolerance + ((<usize>lane) << 2), TOLERANCE_LATER)
      if (passes == MORE_PATIENCE) store<f32>(x.tolerance + ((<usize>lane) << 2), TOLERANCE_LAST)
      if (!isMet && passes < MOST_PASSES) continue
      chunk.keep(x, (ok >> lane) & 1 ? x.theta : x.base, lane, frame, isMet)
      ended |= 1 << lane
    }
    if (ok == 0xff && !x.masked) buildAccepted(x)
    else buildSome(x)
    acceptMoments(x)
    const first = <usize>GROUP_BYTES
    solveTridiagonal(n, x.diagonal + first, x.off + first, x.right + first, 4 * EPS)
    advance(x, 0)
    advance(x, 16)
    for (let lane = 0; ended != 0; lane++, ended >>= 1) {
      if ((ended & 1) != 0 && !refill(x, chunk, lane)) busy--
    }
  }
}

/** Sets a lane to the next frame, whose first step is none; returns whether there was one. */
function refill(x: ExactGroup, chunk: ExactChunk, lane: i32): bool {
  const isBusy = chunk.refill(x, lane)
  const at = (<usize>lane) << 2
  for (let k = 0; k <= x.bank.nBands; k++) store<f32>(x.damping + at + ((<usize>k) << GROUP_SHIFT), START / DECAY)
  // accepted by this, whatever its slope
  store<i32>(x.refused + at, MOST_REFUSALS)
  store<f32>(x.tolerance + at, TOLERANCE)
  return isBusy
}

/** Sets `ok` of a half, and returns which of its lanes give their bands. */
function measure(x: ExactGroup, half: usize): i32 {
  const zero = f32x4.splat(0)
  let m = x.moments + half + ROW
  let below = v128.load(x.moments + half, 32)
  let miss = zero
  let slope = zero
  const end = (<usize>x.bank.nBands + 1) << GROUP_SHIFT
  for (let at = half + GROUP_BYTES; at < end; at += GROUP_BYTES, m += ROW) {
    const y = f32x4.add(below, v128.load(m))
    const g = f32x4.sub(v128.load(x.target + at), y)
    const step = v128.load(x.step + at)
    miss = f32x4.pmax(miss, f32x4.abs(g))
    // up to the rounding of y
    const doubt = f32x4.mul(f32x4.mul(y, f32x4.splat(5e-7)), f32x4.abs(step))
    slope = f32x4.add(slope, f32x4.add(f32x4.mul(g, step), doubt))
    below = v128.load(m, 32)
  }
  const isMet = f32x4.le(miss, v128.load(x.tolerance + half))
  const falls = v128.or(isMet, f32x4.ge(slope, zero))
  const refused = v128.andnot(i32x4.add(v128.load(x.refused + half), i32x4.splat(1)), falls)
  const isForced = i32x4.ge_s(refused, i32x4.splat(MOST_REFUSALS))
  v128.store(x.refused + half, v128.andnot(refused, isForced))
  v128.store(x.ok + half, v128.or(falls, isForced))
  return i32x4.bitmask(isMet)
}

// @ts-ignore: decorator
@inline
function slide(part: v128, all: v128, damping: v128): v128 {
  return f32x4.add(part, f32x4.mul(damping, f32x4.sub(all, part)))
}

/** Builds the system of a half. With `some`, lanes that were refused get their moments back, and more damping. */
// @ts-ignore: decorator
@inline
function build(x: ExactGroup, half: usize, some: bool, masks: bool): void {
  const zero = f32x4.splat(0)
  const one = f32x4.splat(1)
  const ok = v128.load(x.ok + half)
  let m = x.moments + half
  let o = x.accepted + half
  let shape = x.bank.shape
  let below = zero
  let own = zero
  const end = (<usize>x.bank.nBands + 1) << GROUP_SHIFT
  for (let at = half; at < end; at += GROUP_BYTES, m += ROW, o += ROW, shape += RUN) {
    const first = masks ? v128.load(x.first + at) : zero
    const last = masks ? v128.load(x.last + at) : zero
    const allLL = gram(shape, GRAM_LO, masks, first, last)
    const allLH = gram(shape, GRAM_MID, masks, first, last)
    const allHH = gram(shape, GRAM_HI, masks, first, last)
    let v = v128.load(m)
    let u = v128.load(m, 32)
    let ll = v128.load(m, 64)
    let lh = v128.load(m, 96)
    let hh = v128.load(m, 128)
    const was = v128.load(x.damping + at)
    let damping = f32x4.pmax(f32x4.splat(LEAST), f32x4.mul(was, f32x4.splat(DECAY)))
    if (some) {
      const lower = v128.load(x.step + at)
      const upper = v128.load(x.step + at + GROUP_BYTES)
      const v0 = v128.load(o)
      const u0 = v128.load(o, 32)
      const ll0 = v128.load(o, 64)
      const lh0 = v128.load(o, 96)
      const hh0 = v128.load(o, 128)
      // the curvature that was met, and that of the model
      const met = f32x4.add(f32x4.mul(f32x4.sub(v, v0), lower), f32x4.mul(f32x4.sub(u, u0), upper))
      const square = f32x4.add(
        f32x4.mul(slide(ll0, allLL, was), f32x4.mul(lower, lower)),
        f32x4.mul(slide(hh0, allHH, was), f32x4.mul(upper, upper)),
      )
      const cross = f32x4.mul(slide(lh0, allLH, was), f32x4.mul(lower, upper))
      const model = f32x4.add(square, f32x4.add(cross, cross))
      const grown = f32x4.pmin(one, f32x4.pmax(f32x4.splat(FIRST), f32x4.mul(was, f32x4.splat(GROWTH))))
      damping = v128.bitselect(damping, v128.bitselect(grown, was, f32x4.gt(met, model)), ok)
      v128.store(m, (v = v128.bitselect(v, v0, ok)))
      v128.store(m, (u = v128.bitselect(u, u0, ok)), 32)
      v128.store(m, (ll = v128.bitselect(ll, ll0, ok)), 64)
      v128.store(m, (lh = v128.bitselect(lh, lh0, ok)), 96)
      v128.store(m, (hh = v128.bitselect(hh, hh0, ok)), 128)
    }
    v128.store(x.damping + at, damping)
    if (at > half) {
      const d = f32x4.add(own, slide(ll, allLL, damping))
      v128.store(x.diagonal + at, f32x4.add(f32x4.mul(d, f32x4.splat(1 + EPS)), f32x4.splat(TINY)))
      v128.store(x.right + at, f32x4.sub(v128.load(x.target + at), f32x4.add(below, v)))
      v128.store(x.off + at, slide(lh, allLH, damping))
    }
    below = u
    own = slide(hh, allHH, damping)
  }
}

function buildAccepted(x: ExactGroup): void {
  for (let half: usize = 0; half < GROUP_BYTES; half += 16) build(x, half, false, false)
}

function buildSome(x: ExactGroup): void {
  for (let half: usize = 0; half < GROUP_BYTES; half += 16) build(x, half, true, x.masked)
}

/** Takes the step, from where it was last accepted. */
function advance(x: ExactGroup, half: usize): void {
  const ok = v128.load(x.ok + half)
  const end = (<usize>x.bank.nBands + 1) << GROUP_SHIFT
  for (let at = half + GROUP_BYTES; at < end; at += GROUP_BYTES) {
    const theta = v128.bitselect(v128.load(x.theta + at), v128.load(x.base + at), ok)
    const step = v128.load(x.right + at)
    v128.store(x.base + at, theta)
    v128.store(x.step + at, step)
    v128.store(x.theta + at, f32x4.add(theta, step))
  }
}
