/** Where the maximum-entropy solver starts: its prior, in logarithms to base 2. */
import { ExactGroup, MOMENTS } from './exact-group'
import { GROUP_BYTES, GROUP_SHIFT, log2 } from './lanes'
import { maxentMoments } from './maxent-moments'

const ROW: usize = MOMENTS << GROUP_SHIFT
const LOG2_E: f32 = 1.4426950408889634
/** Least target, and what keeps logarithms finite. */
const TINY: f32 = 1e-37

/** Writes the multipliers that stand for the prior, or nearly so, to `theta`. */
export function maxentStart(x: ExactGroup): void {
  // writing what lies outside of all bands asks for these
  pad(x.target, x.bank.nBands)
  if (x.hasPrior) beginAtPrior(x)
  else beginAtAverages(x)
}

/** Fills the rows beside those of the bands with the first and the last of them. */
function pad(rows: usize, n: i32): void {
  const size = (<usize>n) << GROUP_SHIFT
  memory.copy(rows, rows + GROUP_BYTES, GROUP_BYTES)
  memory.copy(rows + size + GROUP_BYTES, rows + size, GROUP_BYTES)
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
  pad(x.base, n)
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
