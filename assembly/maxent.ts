/**
 * Maximum entropy: among the spectra that give the bands (or the nearest that can be reached), the one nearest to a
 * smooth prior in relative entropy. It is S = prior * 2^(F theta), and theta minimises a smooth convex function of
 * nBands values, whose Hessian F^T diag(S) F is tridiagonal. docs/algorithms.md derives it.
 *
 * Damped Newton. A step that raises no multiplier by more than a factor e is taken unseen (e^t - 1 - t <= t^2 up to
 * 1.79, and steps down need no damping however long). Of a longer one the change of the objective is held against its
 * model run by run; where it fails, that run is damped, by more of the metric V, U that generalised iterative scaling
 * majorises with. Damping that is local to a run takes half to a third of the passes that a single factor does.
 */
import { acceptMoments, ExactGroup, MOMENTS } from './exact-group'
import { allTrue, anyTrue, GROUP_BYTES, GROUP_SHIFT, log2 } from './lanes'
import { maxentMoments, writeMaxent } from './maxent-moments'
import { solveTridiagonal } from './tridiagonal'

const ROW: usize = MOMENTS << GROUP_SHIFT
const LOG2_E: f32 = 1.4426950408889634
/** Greatest relative miss of a band. */
const TOLERANCE: f32 = 5e-6
/** After a last step below this, undamped, the miss is below its square: no pass is needed to see that. */
const LAST_STEP: f32 = 3e-3
const MOST_PASSES: i32 = 200
/** Passes after which bands are let off that float32 does not hold; see {@link relax}. */
const PATIENCE: i32 = 100
const MORE_PATIENCE: i32 = 150
/** Regularisation of the Hessian, as a part of it and of the target. */
const EPS: f32 = 1e-6
/** Least target, and what keeps logarithms and quotients finite. */
const TINY: f32 = 1e-37

// --- damping of a run: its growth, its first and greatest value, its decay, and what is as good as none ---
const GROWTH: f32 = 6
const FIRST: f32 = 0.1
const MOST: f32 = 1e4
const DECAY: f32 = 0.25
const LEAST: f32 = 1e-3
/** What a step is shortened by that has been refused. */
const SHORTER: f32 = 0.25

/** Solves the group whose target has been read and moved within reach. */
export function maxentGroup(x: ExactGroup, out: usize, stride: usize): void {
  begin(x)
  if (x.hasPrior) beginAtPrior(x)
  else beginAtAverages(x)
  iterate(x)
  writeMaxent(x, out, stride)
}

function begin(x: ExactGroup): void {
  const n = x.bank.nBands
  const zero = f32x4.splat(0)
  const size = (<usize>n + 2) << GROUP_SHIFT
  memory.fill(x.step, 0, size)
  memory.fill(x.damping, 0, size)
  memory.fill(x.done, 0, 2 * GROUP_BYTES)
  memory.fill(x.rise, 0, 2 * GROUP_BYTES)
  for (let at = GROUP_BYTES; at < size - GROUP_BYTES; at += 16) {
    const b = v128.load(x.target + at)
    const weight = f32x4.div(f32x4.splat(1), f32x4.pmax(b, f32x4.splat(1e-36)))
    v128.store(x.weight + at, v128.and(weight, f32x4.gt(b, zero)))
  }
  memory.copy(x.target, x.target + GROUP_BYTES, GROUP_BYTES)
  memory.copy(x.target + size - GROUP_BYTES, x.target + size - 2 * GROUP_BYTES, GROUP_BYTES)
}

/**
 * The prior is the average of each band, interpolated logarithmically; the start is that with its peaks sharpened, since
 * averages blur them (0.4 passes fewer; the solution is the same).
 */
function beginAtAverages(x: ExactGroup): void {
  const n = x.bank.nBands
  const size = (<usize>n + 2) << GROUP_SHIFT
  const most = f32x4.splat(LOG2_E)
  for (let k = 0, at = GROUP_BYTES; k < n; k++, at += GROUP_BYTES) {
    const density = v128.load32_splat(x.bank.density + ((<usize>k) << 2))
    for (let half: usize = 0; half < GROUP_BYTES; half += 16) {
      const average = f32x4.mul(f32x4.pmax(v128.load(x.target + at + half), f32x4.splat(1e-36)), density)
      v128.store(x.base + at + half, log2(f32x4.pmax(average, f32x4.splat(TINY))))
    }
  }
  memory.copy(x.base, x.base + GROUP_BYTES, GROUP_BYTES)
  memory.copy(x.base + size - GROUP_BYTES, x.base + size - 2 * GROUP_BYTES, GROUP_BYTES)
  memory.copy(x.theta, x.base, size)
  for (let at = GROUP_BYTES; at < size - GROUP_BYTES; at += 16) {
    const own = v128.load(x.base + at)
    const around = f32x4.add(v128.load(x.base + at - GROUP_BYTES), v128.load(x.base + at + GROUP_BYTES))
    const peak = f32x4.mul(f32x4.splat(0.3), f32x4.sub(f32x4.add(own, own), around))
    v128.store(x.theta + at, f32x4.add(own, f32x4.pmax(f32x4.neg(most), f32x4.pmin(most, peak))))
  }
}

/** Starts with each band of the prior scaled to its target. */
function beginAtPrior(x: ExactGroup): void {
  const size = (<usize>x.bank.nBands + 2) << GROUP_SHIFT
  const tiny = f32x4.splat(TINY)
  memory.fill(x.theta, 0, size)
  maxentMoments(x)
  let m = x.moments + ROW
  for (let at = GROUP_BYTES; at < size - GROUP_BYTES; at += GROUP_BYTES, m += ROW) {
    for (let half: usize = 0; half < GROUP_BYTES; half += 16) {
      const y = f32x4.add(v128.load(m + half), v128.load(m - ROW + half, 32))
      const b = v128.load(x.target + at + half)
      v128.store(x.theta + at + half, f32x4.sub(log2(f32x4.pmax(b, tiny)), log2(f32x4.pmax(y, tiny))))
    }
  }
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
    let isRefused = false
    v128.store(x.ok, i32x4.splat(-1))
    v128.store(x.ok, i32x4.splat(-1), 16)
    if (isLong) {
      judge(x, 0)
      judge(x, 16)
      isRefused = !allTrue(v128.load(x.ok), v128.load(x.ok, 16))
      if (isRefused) {
        restore(x, 0)
        restore(x, 16)
      } else {
        const was = x.damping
        x.damping = x.nextDamping
        x.nextDamping = was
      }
      isDamped = true
    }
    if (isDamped) {
      buildDamped(x, 0, !isLong)
      buildDamped(x, 16, !isLong)
    } else {
      buildPlain(x, 0)
      buildPlain(x, 16)
    }
    isDamped = anyTrue(v128.load(x.damped), v128.load(x.damped, 16))
    if (isRefused) {
      retreat(x, 0)
      retreat(x, 16)
    }
    if (pass >= MOST_PASSES || allTrue(v128.load(x.done), v128.load(x.done, 16))) break
    acceptMoments(x)
    const first = <usize>GROUP_BYTES
    solveTridiagonal(n, x.diagonal + first, x.off + first, x.right + first, 2.5 * EPS)
    if (isRefused) {
      shorten(x, 0)
      shorten(x, 16)
    }
    advance(x, 0)
    advance(x, 16)
    if (allTrue(v128.load(x.done), v128.load(x.done, 16))) break
  }
}

/**
 * Whether the objective fell by enough, a lane each, and the damping that follows from it: where a run's change exceeds
 * its model and its step goes up, there is more; elsewhere less.
 */
function judge(x: ExactGroup, half: usize): void {
  const zero = f32x4.splat(0)
  const one = f32x4.splat(1)
  let m = x.moments + half
  let o = x.accepted + half
  let lower = zero
  let below = zero
  let change = zero
  let model = zero
  let miss = zero
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
    const q = f32x4.add(square, f32x4.mul(f32x4.add(h0, h0), f32x4.mul(lower, upper)))
    change = f32x4.add(change, d)
    model = f32x4.add(model, q)
    const isBad = v128.and(f32x4.gt(f32x4.pmax(lower, upper), one), f32x4.gt(d, f32x4.mul(q, f32x4.splat(0.75))))
    const grown = f32x4.pmin(f32x4.splat(MOST), f32x4.pmax(f32x4.splat(FIRST), f32x4.mul(damping, f32x4.splat(GROWTH))))
    v128.store(x.nextDamping + at, v128.bitselect(grown, decayed(damping), isBad))
    if (at > half) {
      const g = gap(v128.load(x.target + at), f32x4.add(below, v))
      miss = f32x4.pmax(miss, f32x4.mul(f32x4.abs(g), v128.load(x.weight + at)))
    }
    below = u
    lower = upper
  }
  const fell = v128.or(
    f32x4.le(change, f32x4.mul(model, f32x4.splat(0.95))),
    f32x4.lt(v128.load(x.rise + half), f32x4.splat(1.5)),
  )
  const isMet = f32x4.le(miss, f32x4.splat(TOLERANCE))
  v128.store(x.ok + half, v128.or(v128.or(v128.load(x.done + half), isMet), fell))
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
function restore(x: ExactGroup, half: usize): void {
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
function retreat(x: ExactGroup, half: usize): void {
  const ok = v128.load(x.ok + half)
  const end = (<usize>x.bank.nBands + 1) << GROUP_SHIFT
  for (let at = half + GROUP_BYTES; at < end; at += GROUP_BYTES) {
    v128.store(x.theta + at, v128.bitselect(v128.load(x.theta + at), v128.load(x.base + at), ok))
  }
}

/** Builds the Newton system of a half, and notes which lanes are done. */
// @ts-ignore: decorator
@inline
function build(x: ExactGroup, half: usize, damps: bool, decays: bool): void {
  const zero = f32x4.splat(0)
  const eps = f32x4.splat(EPS)
  const more = f32x4.splat(1 + EPS)
  let m = x.moments + half
  let below = zero
  let own = zero
  let miss = zero
  let any = zero
  const end = (<usize>x.bank.nBands + 1) << GROUP_SHIFT
  for (let at = half; at < end; at += GROUP_BYTES, m += ROW) {
    const v = v128.load(m)
    const u = v128.load(m, 32)
    const h = v128.load(m, 64)
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
      const b = v128.load(x.target + at)
      const g = gap(b, f32x4.add(below, v))
      miss = f32x4.pmax(miss, f32x4.mul(f32x4.abs(g), v128.load(x.weight + at)))
      const d = f32x4.add(f32x4.mul(f32x4.add(own, lower), more), f32x4.mul(b, eps))
      v128.store(x.diagonal + at, f32x4.add(d, f32x4.splat(TINY)))
      v128.store(x.right + at, g)
      v128.store(x.off + at, h)
    }
    below = u
    own = upper
  }
  v128.store(x.damped + half, i32x4.ne(any, zero))
  const done = v128.load(x.done + half)
  // one pass more for those that were not done before it
  v128.store(x.passes + half, i32x4.sub(v128.load(x.passes + half), v128.not(done)))
  v128.store(x.done + half, v128.or(done, f32x4.le(miss, f32x4.splat(TOLERANCE))))
}

function buildPlain(x: ExactGroup, half: usize): void {
  build(x, half, false, false)
}

function buildDamped(x: ExactGroup, half: usize, decays: bool): void {
  build(x, half, true, decays)
}

/**
 * Lanes that were refused try a part of the same step: where a run has next to nothing in it yet, no damping of it
 * would tell in a new one.
 */
function shorten(x: ExactGroup, half: usize): void {
  const ok = v128.load(x.ok + half)
  const end = (<usize>x.bank.nBands + 1) << GROUP_SHIFT
  for (let at = half + GROUP_BYTES; at < end; at += GROUP_BYTES) {
    const less = f32x4.mul(v128.load(x.step + at), f32x4.splat(SHORTER))
    v128.store(x.right + at, v128.bitselect(v128.load(x.right + at), less, ok))
  }
}

/** Takes the step; lanes that are done stay. */
function advance(x: ExactGroup, half: usize): void {
  const done = v128.load(x.done + half)
  const toLog2 = f32x4.splat(LOG2_E)
  let rise = f32x4.splat(0)
  let longest = f32x4.splat(0)
  const end = (<usize>x.bank.nBands + 1) << GROUP_SHIFT
  for (let at = half + GROUP_BYTES; at < end; at += GROUP_BYTES) {
    const step = v128.andnot(v128.load(x.right + at), done)
    const theta = v128.load(x.theta + at)
    rise = f32x4.pmax(rise, step)
    longest = f32x4.pmax(longest, f32x4.abs(step))
    v128.store(x.base + at, theta)
    v128.store(x.step + at, step)
    v128.store(x.theta + at, f32x4.add(theta, f32x4.mul(step, toLog2)))
  }
  v128.store(x.rise + half, rise)
  if (x.hasPrior) return
  const isLast = v128.andnot(f32x4.lt(longest, f32x4.splat(LAST_STEP)), v128.load(x.damped + half))
  v128.store(x.done + half, v128.or(done, v128.and(isLast, v128.load(x.ok + half))))
}

/**
 * A band far below its neighbours may be out of reach in float32. From now on it may miss by 1.5e-7 of their sum, and
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
