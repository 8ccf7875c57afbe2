/**
 * What an exact solver knows of one lane group, in rows of eight frames: a row a band, or a row a run of bins. Rows of
 * bands have a row before and one after them, for the bands that are thought to lie outside.
 */
import { ExactBank } from './exact-bank'
import { GROUP_BYTES, GROUP_SHIFT } from './lanes'


@unmanaged
export class ExactGroup {
  bank: ExactBank
  /** [band]: the target, scaled by a power of two so that its peak lies in [1, 2), and moved to what can be reached. */
  target: usize
  /** [band]: the multipliers, tried and accepted, and the step from the accepted to the tried. */
  theta: usize
  base: usize
  step: usize
  /** [band]: by how much it may be missed. */
  allowed: usize
  /** [band]: the system of a Newton step; its solution overwrites the right-hand side. */
  diagonal: usize
  off: usize
  right: usize
  /** [run]: by how much that system is steeper than the Hessian. */
  bend: usize
  /** [run]: damping, now and next. */
  damping: usize
  nextDamping: usize
  /** {@link MOMENTS} rows a run, at the tried and at the accepted multipliers. */
  moments: usize
  accepted: usize
  /** [run]: whether its first and its last bin may be positive; those between may where both may. */
  first: usize
  last: usize
  /** [band]: what the result gives. */
  result: usize
  /** [bin]: the spectrum that the solution is to be near, where there is one. */
  prior: usize
  /** Single rows: what the frames were divided by; */
  scale: usize
  /** whether the step was accepted, and whether the frame is done; */
  ok: usize
  done: usize
  /** evaluations so far, i32; */
  passes: usize
  /** lanes without a frame, and those whose last step is not to be taken; */
  idle: usize
  stays: usize
  /** the largest step upwards, and whether any run is damped; */
  rise: usize
  damped: usize
  /** refusals in a row, i32, and by how much a band may be missed. */
  refused: usize
  tolerance: usize
  /** f64 [2 * nBands] */
  scratch: usize
  /** Whether some bin of some frame may not be positive. */
  masked: bool
  hasPrior: bool
}

/** Rows of a run's moments. */
export const MOMENTS: usize = 5
/** Rows of bands and runs that {@link ExactGroup} has. */
const ROWS: usize = 14 + 2 * MOMENTS
/** Single rows. */
const SINGLES: usize = 10

const HEADER: usize = (offsetof<ExactGroup>() + 63) & ~63

/** Rows that a quantity a band takes. */
// @ts-ignore: decorator
@inline
function rowsOf(bank: ExactBank): usize {
  return <usize>bank.nRows + 2
}

/** Bytes that {@link exactGroup} needs, with or without a prior. */
export function exactGroupBytes(bank: usize, hasPrior: bool): usize {
  const plan = changetype<ExactBank>(bank)
  const rows = (ROWS + 1) * rowsOf(plan) + SINGLES + (hasPrior ? <usize>plan.nBins : 0)
  return HEADER + (rows << GROUP_SHIFT)
}

/** Lays out a group at `at`. */
export function exactGroup(at: usize, bank: usize, hasPrior: bool): void {
  const x = changetype<ExactGroup>(at)
  x.bank = changetype<ExactBank>(bank)
  x.hasPrior = hasPrior
  const size = rowsOf(x.bank) << GROUP_SHIFT
  let p = at + HEADER
  x.target = p
  x.theta = p += size
  x.base = p += size
  x.step = p += size
  x.allowed = p += size
  x.diagonal = p += size
  x.off = p += size
  x.right = p += size
  x.bend = p += size
  x.damping = p += size
  x.nextDamping = p += size
  x.first = p += size
  x.last = p += size
  x.result = p += size
  x.moments = p += size
  x.accepted = p += MOMENTS * size
  x.scratch = p += MOMENTS * size
  p += size
  x.scale = p
  x.ok = p + GROUP_BYTES
  x.done = p + 2 * GROUP_BYTES
  x.passes = p + 3 * GROUP_BYTES
  x.rise = p + 4 * GROUP_BYTES
  x.damped = p + 5 * GROUP_BYTES
  x.refused = p + 6 * GROUP_BYTES
  x.tolerance = p + 7 * GROUP_BYTES
  x.idle = p + 8 * GROUP_BYTES
  x.stays = p + 9 * GROUP_BYTES
  x.prior = p + SINGLES * GROUP_BYTES
}

/** The tried moments become the accepted ones. */
// @ts-ignore: decorator
@inline
export function acceptMoments(x: ExactGroup): void {
  const was = x.accepted
  x.accepted = x.moments
  x.moments = was
}

/**
 * Reads the target of eight neighbouring frames and scales each to a peak in [1, 2).
 * @param bark f32, a row of `stride` bytes for each band of the input
 */
export function readTarget(x: ExactGroup, bark: usize, stride: usize): void {
  const bank = x.bank
  const end = (<usize>bank.nBands) << GROUP_SHIFT
  let peak0 = f32x4.splat(0)
  let peak1 = peak0
  let row = bank.rows
  for (let k: usize = 0; k < end; k += GROUP_BYTES, row += 4) {
    const p = bark + <usize>load<i32>(row) * stride
    const b0 = v128.load(p)
    const b1 = v128.load(p, 16)
    peak0 = f32x4.pmax(peak0, f32x4.abs(b0))
    peak1 = f32x4.pmax(peak1, f32x4.abs(b1))
    v128.store(x.target + GROUP_BYTES + k, b0)
    v128.store(x.target + GROUP_BYTES + k, b1, 16)
  }
  const scale0 = powerBelow(peak0)
  const scale1 = powerBelow(peak1)
  v128.store(x.scale, scale0)
  v128.store(x.scale, scale1, 16)
  const by0 = inverseOfPower(scale0)
  const by1 = inverseOfPower(scale1)
  for (let p = x.target + GROUP_BYTES, to = p + end; p < to; p += GROUP_BYTES) {
    v128.store(p, f32x4.mul(v128.load(p), by0))
    v128.store(p, f32x4.mul(v128.load(p, 16), by1), 16)
  }
}

/** The power of two below each value, and 2^-126 at the least. */
// @ts-ignore: decorator
@inline
function powerBelow(x: v128): v128 {
  return i32x4.max_s(v128.and(x, i32x4.splat(0x7f800000)), i32x4.splat(0x00800000))
}

/** 1 / x for powers of two from 2^-126 to 2^127; for the last, whose inverse is subnormal, twice that. */
// @ts-ignore: decorator
@inline
export function inverseOfPower(x: v128): v128 {
  return i32x4.max_s(i32x4.sub(i32x4.splat(254 << 23), x), i32x4.splat(0x00800000))
}

/** Whether bin i of the n of a run may be positive, by what is known of its first and its last. */
// @ts-ignore: decorator
@inline
export function maskOf(first: v128, last: v128, i: i32, n: i32): v128 {
  if (n == 1) return v128.or(first, last)
  return i == 0 ? first : i == n - 1 ? last : v128.and(first, last)
}

/** Adds up the bands of the result from the moments of their runs. */
export function sumBands(x: ExactGroup): void {
  const row = MOMENTS << GROUP_SHIFT
  const end = (<usize>x.bank.nBands + 1) << GROUP_SHIFT
  for (let at = GROUP_BYTES, m = x.moments; at < end; at += GROUP_BYTES, m += row) {
    v128.store(x.result + at, f32x4.add(v128.load(m, 32), v128.load(m + row)))
    v128.store(x.result + at, f32x4.add(v128.load(m, 48), v128.load(m + row, 16)), 16)
  }
}
