/**
 * How good a result is, judged by itself: from the bands that it gives and from those that were asked for, both as they
 * are, not as a solver sees them.
 */
import { FIRST_HI, FIRST_LO, LAST_HI, LAST_LO, RUN } from './exact-bank'
import { ExactGroup, inverseOfPower } from './exact-group'
import { GROUP, GROUP_BYTES, GROUP_SHIFT } from './lanes'

/** f64 of a frame's record: passes, 1 where the solver was done, optimality, greatest miss of a band, loss. */
export const RECORD: usize = 40

/**
 * Writes the records of the first `count` frames of a group.
 *
 * Optimality is that of least squares, S >= 0: with the residual r = b - F^T S, F r <= 0 and S F r = 0 at the minimum.
 * It is the larger of the greatest F r over the peak of b, and of |sum S F r| = |r . F^T S| over |b|^2. F r is linear in
 * a run, so its first and its last bin say all. The miss of a band is |b* - y| / b*, b* the nearest target that can be
 * reached, where b* is more than 1e-7 of its neighbours; below that, of 1e-7 of their sum.
 */
export function record(x: ExactGroup, bark: usize, stride: usize, records: usize, count: i32): void {
  for (let half: usize = 0, lane = 0; half < GROUP_BYTES && lane < count; half += 16, lane += GROUP / 2) {
    recordHalf(x, half, bark + half, stride, records + <usize>lane * RECORD, min(count - lane, GROUP / 2))
  }
}

function recordHalf(x: ExactGroup, half: usize, bark: usize, stride: usize, records: usize, count: i32): void {
  const bank = x.bank
  const zero = f32x4.splat(0)
  const by = inverseOfPower(v128.load(x.scale + half))
  let below = zero
  let peak = zero
  let squares = zero
  let loss = zero
  let force = zero
  let work = zero
  let miss = zero
  for (let k = 0; k <= bank.nBands; k++) {
    const at = half + ((<usize>k + 1) << GROUP_SHIFT)
    let r = zero
    if (k < bank.nBands) {
      const b = f32x4.mul(v128.load(bark + <usize>load<i32>(bank.rows + ((<usize>k) << 2)) * stride), by)
      const y = v128.load(x.result + at)
      r = f32x4.sub(b, y)
      peak = f32x4.pmax(peak, f32x4.abs(b))
      squares = f32x4.add(squares, f32x4.mul(b, b))
      loss = f32x4.add(loss, f32x4.mul(r, r))
      work = f32x4.add(work, f32x4.mul(r, y))
      miss = f32x4.pmax(miss, missOf(x, k, at, y))
    }
    if (load<i32>(bank.runs + ((<usize>k) << 2)) > 0) {
      const shape = bank.shape + <usize>k * RUN
      force = f32x4.pmax(force, pull(shape + FIRST_LO, shape + FIRST_HI, below, r))
      force = f32x4.pmax(force, pull(shape + LAST_LO, shape + LAST_HI, below, r))
    }
    below = r
  }
  const tiny = f32x4.splat(1e-37)
  const stationary = f32x4.div(f32x4.abs(work), f32x4.pmax(squares, tiny))
  const optimality = f32x4.pmax(f32x4.div(force, f32x4.pmax(peak, tiny)), stationary)
  // by way of memory: a lane is picked by a constant only
  const lanes = x.scratch
  v128.store(lanes, v128.load(x.passes + half))
  v128.store(lanes, v128.load(x.done + half), 16)
  v128.store(lanes, optimality, 32)
  v128.store(lanes, miss, 48)
  v128.store(lanes, loss, 64)
  v128.store(lanes, v128.load(x.scale + half), 80)
  for (let lane = 0; lane < count; lane++, records += RECORD) {
    const p = lanes + ((<usize>lane) << 2)
    const scale = <f64>load<f32>(p, 80)
    store<f64>(records, <f64>load<i32>(p))
    store<f64>(records, load<i32>(p, 16) != 0 ? 1 : 0, 8)
    store<f64>(records, <f64>load<f32>(p, 32), 16)
    store<f64>(records, <f64>load<f32>(p, 48), 24)
    store<f64>(records, <f64>load<f32>(p, 64) * scale * scale + lossOfEmpty(x, bark + ((<usize>lane) << 2), stride), 32)
  }
}

// @ts-ignore: decorator
@inline
function pull(lo: usize, hi: usize, below: v128, above: v128): v128 {
  return f32x4.add(f32x4.mul(v128.load32_splat(lo), below), f32x4.mul(v128.load32_splat(hi), above))
}

// @ts-ignore: decorator
@inline
function missOf(x: ExactGroup, k: i32, at: usize, y: v128): v128 {
  const zero = f32x4.splat(0)
  const b = v128.load(x.target + at)
  const before = k > 0 ? v128.load(x.target + at - GROUP_BYTES) : zero
  const after = k + 1 < x.bank.nBands ? v128.load(x.target + at + GROUP_BYTES) : zero
  const least = f32x4.mul(f32x4.add(before, after), f32x4.splat(1e-7))
  const miss = f32x4.div(f32x4.abs(f32x4.sub(b, y)), f32x4.pmax(f32x4.pmax(b, least), f32x4.splat(1e-37)))
  return v128.and(miss, f32x4.gt(b, zero))
}

/** What the bands without bins add to a frame's loss: nothing can be done about them. */
function lossOfEmpty(x: ExactGroup, bark: usize, stride: usize): f64 {
  const bank = x.bank
  let sum: f64 = 0
  if (bank.nRows == bank.nBands) return sum
  for (let row = 0, k = 0; row < bank.nRows; row++, bark += stride) {
    if (k < bank.nBands && load<i32>(bank.rows + ((<usize>k) << 2)) == row) k++
    else sum += <f64>load<f32>(bark) * <f64>load<f32>(bark)
  }
  return sum
}
