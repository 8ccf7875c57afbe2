/**
 * The jump itself: three polynomials of G, applied to the residual and the momentum of four frames at once, each with
 * the coefficients of its own length.
 */
import { mulAdd } from './lanes'
import {
  ABOVE,
  ACROSS,
  BAND,
  BAND_SHIFT,
  HALF,
  Jumps,
  LAST,
  LAST_B,
  LAST_D,
  MOMENTUM,
  NEXT,
  RESIDUAL,
  ROW,
  seriesAt,
  STEP,
  SUM,
  SUM_B,
  SUM_D,
} from './sgd-jumps-layout'
import { Sgd } from './sgd-layout'
import { COEFFICIENT, propagator } from './sgd-propagator'

/** The series for a lane's jump. */
function seriesOf(sgd: Sgd, j: Jumps, steps: i32, level: i32): usize {
  const at = j.series + seriesAt(steps, level)
  if (load<i32>(at) == 0) {
    let bound = j.bound
    for (let i = 0; i < level; i++) bound /= HALF
    propagator(at, j.nodes, steps, sgd.rate, sgd.momentum, bound)
  }
  return at
}

/** Puts the lanes' series side by side; returns the longest length. A lane without a jump keeps its state. */
export function gather(sgd: Sgd, j: Jumps): i32 {
  const row = j.coefficients
  let length = 1
  for (let lane: usize = 0; lane < 16; lane += 4) {
    const steps = load<i32>(j.length + lane)
    if (steps > 0) length = max(length, load<i32>(seriesOf(sgd, j, steps, load<i32>(j.level + lane))))
  }
  // zeros on top leave the recurrence at exactly 0 until a lane's own first coefficient
  memory.fill(row, 0, <usize>length * STEP)
  for (let lane: usize = 0; lane < 16; lane += 4) {
    const steps = load<i32>(j.length + lane)
    if (steps == 0) {
      store<f32>(row + lane, sgd.momentum > 0 ? <f32>1 / sgd.momentum : 0, 32)
      continue
    }
    let from = seriesOf(sgd, j, steps, load<i32>(j.level + lane))
    const end = row + <usize>load<i32>(from) * STEP
    from += 4
    for (let to = row; to < end; to += STEP, from += COEFFICIENT) {
      store<f32>(to + lane, load<f32>(from))
      store<f32>(to + lane, load<f32>(from, 4), 16)
      store<f32>(to + lane, load<f32>(from, 8), 32)
    }
  }
  return length
}

/**
 * The sum of the steps, the last step and the one after it, by Clenshaw's recurrence in Reinsch's form at the low end:
 * in float32 the usual one loses the slow modes.
 */
export function propagate(sgd: Sgd, j: Jumps, length: i32): void {
  const first = j.bands + BAND
  const end = first + ((<usize>j.nBands) << BAND_SHIFT)
  let c = j.coefficients + <usize>(length - 1) * STEP
  let p = v128.load(c)
  let f = v128.load(c, 16)
  let e = v128.load(c, 32)
  const zero = f32x4.splat(0)
  for (let z = first; z < end; z += BAND) {
    const r = v128.load(z, RESIDUAL)
    const u = v128.load(z, MOMENTUM)
    const sum = length > 1 ? mulAdd(p, r, f32x4.mul(f, u)) : zero
    const last = length > 1 ? mulAdd(f, r, f32x4.mul(e, u)) : zero
    v128.store(z, sum, SUM_B)
    v128.store(z, sum, SUM_D)
    v128.store(z, last, LAST_B)
    v128.store(z, last, LAST_D)
  }
  for (let n = length - 2; n >= 1; n--) {
    c -= STEP
    p = v128.load(c)
    f = v128.load(c, 16)
    e = v128.load(c, 32)
    let belowSum = zero
    let belowLast = zero
    let aboveBelow = zero
    let sum = v128.load(first, SUM_B)
    let last = v128.load(first, LAST_B)
    for (let z = first; z < end; z += BAND) {
      const nextSum = v128.load(z, BAND + SUM_B)
      const nextLast = v128.load(z, BAND + LAST_B)
      const diagonal = v128.load(z)
      const above = v128.load(z, ABOVE)
      const r = v128.load(z, RESIDUAL)
      const u = v128.load(z, MOMENTUM)
      const dSum = mulAdd(
        aboveBelow,
        belowSum,
        mulAdd(diagonal, sum, mulAdd(above, nextSum, mulAdd(p, r, f32x4.sub(f32x4.mul(f, u), v128.load(z, SUM_D))))),
      )
      const dLast = mulAdd(
        aboveBelow,
        belowLast,
        mulAdd(diagonal, last, mulAdd(above, nextLast, mulAdd(f, r, f32x4.sub(f32x4.mul(e, u), v128.load(z, LAST_D))))),
      )
      v128.store(z, dSum, SUM_D)
      v128.store(z, dLast, LAST_D)
      v128.store(z, f32x4.sub(dSum, sum), SUM_B)
      v128.store(z, f32x4.sub(dLast, last), LAST_B)
      belowSum = sum
      sum = nextSum
      belowLast = last
      last = nextLast
      aboveBelow = above
    }
  }
  finish(sgd, j)
}

/** `offset` of the row of 4/L G at the band at `z`, applied to values at `v`, `stride` apart. */
// @ts-ignore: decorator
@inline
function gramTimes(z: usize, v: usize, stride: usize): v128 {
  return mulAdd(
    v128.load(z - BAND, ABOVE),
    v128.load(v - stride),
    mulAdd(v128.load(z), v128.load(v), f32x4.mul(v128.load(z, ABOVE), v128.load(v + stride))),
  )
}

function finish(sgd: Sgd, j: Jumps): void {
  const first = j.bands + BAND
  const end = first + ((<usize>j.nBands) << BAND_SHIFT)
  const c = j.coefficients
  const p = v128.load(c)
  const f = v128.load(c, 16)
  const e = v128.load(c, 32)
  const half = f32x4.splat(0.5)
  let row = j.rows + ROW
  for (let z = first; z < end; z += BAND, row += ROW) {
    const r = v128.load(z, RESIDUAL)
    const u = v128.load(z, MOMENTUM)
    const sum = f32x4.sub(f32x4.mul(half, gramTimes(z, z + SUM_B, BAND)), v128.load(z, SUM_D))
    const last = f32x4.sub(f32x4.mul(half, gramTimes(z, z + LAST_B, BAND)), v128.load(z, LAST_D))
    v128.store(row, f32x4.add(sum, mulAdd(p, r, f32x4.mul(f, u))), SUM)
    v128.store(row, f32x4.add(last, mulAdd(f, r, f32x4.mul(e, u))), LAST)
  }
  const mu = f32x4.splat(sgd.momentum)
  const scale = f32x4.mul(f32x4.splat(sgd.rate), v128.load(j.scale))
  row = j.rows + ROW
  for (let z = first; z < end; z += BAND, row += ROW) {
    const r = f32x4.sub(v128.load(z, RESIDUAL), f32x4.mul(scale, gramTimes(z, row + SUM, ROW)))
    v128.store(row, mulAdd(mu, v128.load(row, LAST), r), NEXT)
  }
}
