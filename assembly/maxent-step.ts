/**
 * A step of the maximum-entropy solver: the Newton system, the step, and whether to take it.
 *
 * The system is that of Newton with each run's part times the mean of its bands' {@link chord}s, so that a step neither
 * overshoots where bands have to rise nor creeps where they have to fall. A step that raises no multiplier by more than
 * LONG is taken unseen. Of a longer one the change of the objective is held against its model run by run;
 * where it fails, that run is damped from then on, by more of the metric V, U that generalised iterative scaling
 * majorises with. Damping that is local to a run takes half to a third of the passes that a single factor does.
 */
import { ExactGroup, MOMENTS } from './exact-group'
import { allTrue, GROUP_BYTES, GROUP_SHIFT } from './lanes'

const ROW: usize = MOMENTS << GROUP_SHIFT
const LOG2_E: f32 = 1.4426950408889634
/** What a step may raise a multiplier by, in natural logarithms, without being judged: judged from 1 on no pass is saved. */
const LONG: f32 = 2
/** After a last step below this, undamped, the miss is below its square: no pass is needed to see that. */
const LAST_STEP: f32 = 3e-3
/** Regularisation of the Hessian, as a part of it and of the target. */
export const EPS: f32 = 1e-6
/** What keeps the diagonal positive. */
const TINY: f32 = 1e-37

// --- damping of a run: its growth, its first and greatest value, its decay, and what is as good as none ---
const GROWTH: f32 = 6
const FIRST: f32 = 0.1
const MOST: f32 = 1e4
const DECAY: f32 = 0.25
const LEAST: f32 = 1e-3
/** What a step is shortened by that has been refused, */
const SHORTER: f32 = 0.25
/** and what part of it a new one may be that replaces it: much smaller, or more frames end at the bound. */
const ANEW: f32 = 1e-4

// --- for a group; each half of it by itself below ---

/** Judges the step that was tried: sets `ok`, and returns whether all lanes may keep it. */
export function judge(x: ExactGroup): bool {
  judgeHalf(x, 0)
  judgeHalf(x, 16)
  return allTrue(v128.load(x.ok), v128.load(x.ok, 16))
}

/** Takes over the damping that follows from it. */
export function keepDamping(x: ExactGroup): void {
  const was = x.damping
  x.damping = x.nextDamping
  x.nextDamping = was
}

/** Brings back what lanes had before a step that was refused: moments, and multipliers. */
export function restore(x: ExactGroup): void {
  restoreHalf(x, 0)
  restoreHalf(x, 16)
  retreatHalf(x, 0)
  retreatHalf(x, 16)
}

/** Whether a lane of a half took a step that has to be judged. */
// @ts-ignore: decorator
@inline
function isLong(x: ExactGroup, half: usize): bool {
  return v128.any_true(f32x4.gt(v128.load(x.rise + half), f32x4.splat(LONG)))
}

/** Whether any lane did. */
export function isAnyLong(x: ExactGroup): bool {
  return isLong(x, 0) || isLong(x, 16)
}

/** Builds the Newton system, and notes which lanes are done. */
export function build(x: ExactGroup, decays: bool): void {
  for (let half: usize = 0; half < GROUP_BYTES; half += 16) {
    if (v128.any_true(v128.load(x.damped + half)) || isLong(x, half)) buildDamped(x, half, decays)
    else buildPlain(x, half)
  }
}

export function shorten(x: ExactGroup): void {
  shortenHalf(x, 0)
  shortenHalf(x, 16)
}

/** Takes the step. */
export function advance(x: ExactGroup): void {
  advanceHalf(x, 0)
  advanceHalf(x, 16)
}

// --- halves ---

/**
 * Whether the objective fell by enough, a lane each, and the damping that follows from it: where a run's change exceeds
 * its model and its step goes up, there is more; elsewhere less.
 */
function judgeHalf(x: ExactGroup, half: usize): void {
  const zero = f32x4.splat(0)
  const one = f32x4.splat(1)
  const long = f32x4.splat(LONG)
  let m = x.moments + half
  let o = x.accepted + half
  let lower = zero
  let below = zero
  let change = zero
  let model = zero
  let met = i32x4.splat(-1)
  const end = (<usize>x.bank.nBands + 1) << GROUP_SHIFT
  for (let at = half; at < end; at += GROUP_BYTES, m += ROW, o += ROW) {
    const upper = v128.load(x.step + GROUP_BYTES + at)
    const damping = v128.load(x.damping + at)
    const v = v128.load(m)
    const u = v128.load(m, 32)
    const v0 = v128.load(o)
    const u0 = v128.load(o, 32)
    const h0 = v128.load(o, 64)
    const linear = f32x4.add(f32x4.mul(v0, lower), f32x4.mul(u0, upper))
    const exact = f32x4.sub(f32x4.sub(f32x4.add(v, u), f32x4.add(v0, u0)), linear)
    // within 10 % for small steps, and without the cancellation of the exact
    const trapezoid = f32x4.mul(
      f32x4.splat(0.5),
      f32x4.add(f32x4.mul(f32x4.sub(v, v0), lower), f32x4.mul(f32x4.sub(u, u0), upper)),
    )
    const isSmall = f32x4.lt(f32x4.pmax(f32x4.abs(lower), f32x4.abs(upper)), f32x4.splat(0.5))
    const d = v128.bitselect(trapezoid, exact, isSmall)
    const more = f32x4.add(one, damping)
    const square = f32x4.add(
      f32x4.mul(f32x4.sub(f32x4.mul(v0, more), h0), f32x4.mul(lower, lower)),
      f32x4.mul(f32x4.sub(f32x4.mul(u0, more), h0), f32x4.mul(upper, upper)),
    )
    const cross = f32x4.mul(f32x4.add(h0, h0), f32x4.mul(lower, upper))
    const q = f32x4.mul(v128.load(x.bend + at), f32x4.add(square, cross))
    change = f32x4.add(change, d)
    model = f32x4.add(model, q)
    const isBad = v128.and(f32x4.gt(f32x4.pmax(lower, upper), long), f32x4.gt(d, f32x4.mul(q, f32x4.splat(0.75))))
    const grown = f32x4.pmin(f32x4.splat(MOST), f32x4.pmax(f32x4.splat(FIRST), f32x4.mul(damping, f32x4.splat(GROWTH))))
    v128.store(x.nextDamping + at, v128.bitselect(grown, decayed(damping), isBad))
    if (at > half) {
      const g = gap(v128.load(x.target + at), f32x4.add(below, v))
      met = v128.and(met, f32x4.le(f32x4.abs(g), v128.load(x.allowed + at)))
    }
    below = u
    lower = upper
  }
  const fell = v128.or(f32x4.le(change, f32x4.mul(model, f32x4.splat(0.95))), f32x4.le(v128.load(x.rise + half), long))
  v128.store(x.ok + half, v128.or(v128.or(v128.load(x.done + half), met), fell))
}

// @ts-ignore: decorator
@inline
function decayed(damping: v128): v128 {
  const less = f32x4.mul(damping, f32x4.splat(DECAY))
  return v128.and(less, f32x4.ge(less, f32x4.splat(LEAST)))
}

/** What a band lacks; none where nothing can be raised. */
// @ts-ignore: decorator
@inline
function gap(b: v128, y: v128): v128 {
  return v128.and(f32x4.sub(b, y), f32x4.gt(y, f32x4.splat(0)))
}

/** Brings back the moments of the lanes that were refused, with the damping raised. */
function restoreHalf(x: ExactGroup, half: usize): void {
  const ok = v128.load(x.ok + half)
  let m = x.moments + half
  let o = x.accepted + half
  const end = (<usize>x.bank.nBands + 1) << GROUP_SHIFT
  for (let at = half; at < end; at += GROUP_BYTES, m += ROW, o += ROW) {
    v128.store(m, v128.bitselect(v128.load(m), v128.load(o), ok))
    v128.store(m, v128.bitselect(v128.load(m, 32), v128.load(o, 32), ok), 32)
    v128.store(m, v128.bitselect(v128.load(m, 64), v128.load(o, 64), ok), 64)
    const next = v128.load(x.nextDamping + at)
    v128.store(x.damping + at, v128.bitselect(next, f32x4.pmax(v128.load(x.damping + at), next), ok))
  }
}

/** And their multipliers. */
function retreatHalf(x: ExactGroup, half: usize): void {
  const ok = v128.load(x.ok + half)
  const end = (<usize>x.bank.nBands + 1) << GROUP_SHIFT
  for (let at = half + GROUP_BYTES; at < end; at += GROUP_BYTES) {
    v128.store(x.theta + at, v128.bitselect(v128.load(x.theta + at), v128.load(x.base + at), ok))
  }
}

/**
 * By how much the chord from a band's value y to its target b is steeper than the tangent at y, were the band an
 * exponential: (r - 1) / ln r with r = b / y, by Pade's approximant (r r + 4 r + 1) / (3 r + 3), which is above it. 1
 * where both are next to nothing.
 */
// @ts-ignore: decorator
@inline
function chord(b: v128, y: v128): v128 {
  const tiny = f32x4.splat(TINY)
  const sum = f32x4.add(b, y)
  const twice = f32x4.mul(f32x4.add(b, b), y)
  const above = f32x4.add(f32x4.mul(sum, sum), twice)
  const below = f32x4.mul(f32x4.mul(f32x4.splat(3), y), sum)
  return f32x4.div(f32x4.add(above, tiny), f32x4.add(below, tiny))
}

/** Builds the Newton system of a half, and notes which lanes are done. */
// @ts-ignore: decorator
@inline
function buildHalf(x: ExactGroup, half: usize, damps: bool, decays: bool): void {
  const zero = f32x4.splat(0)
  const eps = f32x4.splat(EPS)
  const more = f32x4.splat(1 + EPS)
  let m = x.moments + half
  let v = v128.load(m)
  let y = zero
  let b = zero
  let own = zero
  let c = zero
  let met = i32x4.splat(-1)
  let any = zero
  const last = half + ((<usize>x.bank.nBands) << GROUP_SHIFT)
  for (let at = half; at <= last; at += GROUP_BYTES, m += ROW) {
    const u = v128.load(m, 32)
    const h = v128.load(m, 64)
    const nextV = v128.load(m + ROW)
    const nextB = v128.load(x.target + GROUP_BYTES + at)
    const nextY = f32x4.add(u, nextV)
    const nextC = at < last ? chord(nextB, nextY) : c
    const bend = f32x4.mul(f32x4.splat(0.5), f32x4.add(at > half ? c : nextC, nextC))
    v128.store(x.bend + at, bend)
    let lower = f32x4.sub(v, h)
    let upper = f32x4.sub(u, h)
    if (damps) {
      let damping = v128.load(x.damping + at)
      if (decays) {
        damping = decayed(damping)
        v128.store(x.damping + at, damping)
      }
      any = v128.or(any, damping)
      lower = f32x4.add(lower, f32x4.mul(damping, v))
      upper = f32x4.add(upper, f32x4.mul(damping, u))
    }
    if (at > half) {
      const g = gap(b, y)
      met = v128.and(met, f32x4.le(f32x4.abs(g), v128.load(x.allowed + at)))
      const d = f32x4.mul(f32x4.add(own, f32x4.mul(bend, lower)), more)
      v128.store(x.diagonal + at, f32x4.add(f32x4.add(d, f32x4.mul(b, eps)), f32x4.splat(TINY)))
      v128.store(x.right + at, g)
      v128.store(x.off + at, f32x4.mul(bend, h))
    }
    own = f32x4.mul(bend, upper)
    v = nextV
    y = nextY
    b = nextB
    c = nextC
  }
  v128.store(x.damped + half, i32x4.ne(any, zero))
  v128.store(x.done + half, v128.or(v128.load(x.done + half), met))
}

function buildPlain(x: ExactGroup, half: usize): void {
  buildHalf(x, half, false, false)
}

function buildDamped(x: ExactGroup, half: usize, decays: bool): void {
  buildHalf(x, half, true, decays)
}

/**
 * Lanes that were refused try a part of the same step: where a run has next to nothing in it yet, no damping of it
 * would tell in a new one. A new one is for steps so long that no part of them is of use.
 */
function shortenHalf(x: ExactGroup, half: usize): void {
  const end = (<usize>x.bank.nBands + 1) << GROUP_SHIFT
  let rise = f32x4.splat(0)
  for (let at = half + GROUP_BYTES; at < end; at += GROUP_BYTES) rise = f32x4.pmax(rise, v128.load(x.right + at))
  const isAnew = f32x4.le(rise, f32x4.mul(v128.load(x.rise + half), f32x4.splat(ANEW)))
  const keeps = v128.or(v128.load(x.ok + half), isAnew)
  for (let at = half + GROUP_BYTES; at < end; at += GROUP_BYTES) {
    const less = f32x4.mul(v128.load(x.step + at), f32x4.splat(SHORTER))
    v128.store(x.right + at, v128.bitselect(v128.load(x.right + at), less, keeps))
  }
}

/**
 * Takes the step. One that is short, and undamped, is the last: it squares the miss, and is worth taking by a lane that
 * is done too.
 */
function advanceHalf(x: ExactGroup, half: usize): void {
  const idle = v128.load(x.idle + half)
  const toLog2 = f32x4.splat(LOG2_E)
  let rise = f32x4.splat(0)
  let longest = f32x4.splat(0)
  const end = (<usize>x.bank.nBands + 1) << GROUP_SHIFT
  for (let at = half + GROUP_BYTES; at < end; at += GROUP_BYTES) {
    const step = v128.andnot(v128.load(x.right + at), idle)
    const theta = v128.load(x.theta + at)
    rise = f32x4.pmax(rise, step)
    longest = f32x4.pmax(longest, f32x4.abs(step))
    v128.store(x.base + at, theta)
    v128.store(x.step + at, step)
    v128.store(x.theta + at, f32x4.add(theta, f32x4.mul(step, toLog2)))
  }
  v128.store(x.rise + half, rise)
  const isShort = v128.andnot(f32x4.lt(longest, f32x4.splat(LAST_STEP)), v128.load(x.damped + half))
  const isLast = v128.and(isShort, v128.load(x.ok + half))
  v128.store(x.stays + half, v128.not(isLast))
  if (!x.hasPrior) v128.store(x.done + half, v128.or(v128.load(x.done + half), isLast))
}
