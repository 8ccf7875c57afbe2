/**
 * Projected SGD without weight decay: the momentum buffer is F times a vector of nBands values, so it is kept as that.
 *
 * One iteration is one pass over the bins: step each bin by (lower weight) * u[k-1] + (upper weight) * u[k], clamp it,
 * add it to the two bands of its run. When a band is complete, its residual gives its next u. The step of an iteration
 * thus waits in `u` until the next pass. docs/algorithms.md derives this.
 */
import { clampAtZero, drift, GROUP_BYTES, GROUP_SHIFT, sumLanes } from './lanes'
import { momentumAt, Sgd, targetAt, waitingAt } from './sgd-layout'

/**
 * One pass over a group; returns the sum of its frames' losses before the step that it prepares.
 * @param step whether to apply the waiting step
 * @param fresh what the new gradient enters the momentum with; 1 in the first iteration whatever the dampening
 */
export function bandsPass(sgd: Sgd, group: usize, step: bool, fresh: f32): f64 {
  const bank = sgd.bank
  const nesterov = sgd.nesterov
  const nBands = bank.nBands
  const mu = f32x4.splat(sgd.momentum)
  const rate = f32x4.splat(sgd.rate)
  const damped = f32x4.splat(sgd.rate * fresh)
  const bias = drift()
  const zero = f32x4.splat(0)
  const applied = i32x4.splat(step ? -1 : 0)
  let s = group
  let w = bank.weights
  let run = bank.runs
  let v = group + momentumAt(sgd)
  let u = group + waitingAt(sgd)
  let b = group + targetAt(sgd)
  let loss0 = zero
  let loss1 = zero
  // steps of the lower band of the run, and sums of both bands
  let lo0 = zero
  let lo1 = zero
  let next0 = zero
  let next1 = zero
  for (let k = 0; k <= nBands; k++) {
    let sum0 = next0
    let sum1 = next1
    next0 = zero
    next1 = zero
    v += GROUP_BYTES
    u += GROUP_BYTES
    const hi0 = v128.and(v128.load(u), applied)
    const hi1 = v128.and(v128.load(u, 16), applied)
    const end = s + ((<usize>load<i32>(run)) << GROUP_SHIFT)
    run += 4
    while (s < end) {
      const wl = v128.load32_splat(w)
      const wh = v128.load32_splat(w, 4)
      const step0 = f32x4.add(f32x4.mul(wl, lo0), f32x4.mul(wh, hi0))
      const step1 = f32x4.add(f32x4.mul(wl, lo1), f32x4.mul(wh, hi1))
      const x0 = clampAtZero(f32x4.sub(v128.load(s), step0))
      const x1 = clampAtZero(f32x4.sub(v128.load(s, 16), step1))
      v128.store(s, x0)
      v128.store(s, x1, 16)
      sum0 = f32x4.add(sum0, f32x4.mul(wl, x0))
      sum1 = f32x4.add(sum1, f32x4.mul(wl, x1))
      next0 = f32x4.add(next0, f32x4.mul(wh, x0))
      next1 = f32x4.add(next1, f32x4.mul(wh, x1))
      s += GROUP_BYTES
      w += 8
    }
    if (k > 0) {
      const r0 = f32x4.sub(sum0, v128.load(b))
      const r1 = f32x4.sub(sum1, v128.load(b, 16))
      b += GROUP_BYTES
      loss0 = f32x4.add(loss0, f32x4.mul(r0, r0))
      loss1 = f32x4.add(loss1, f32x4.mul(r1, r1))
      const old = v - GROUP_BYTES
      const m0 = f32x4.add(f32x4.mul(mu, v128.load(old)), f32x4.add(f32x4.mul(damped, r0), bias))
      const m1 = f32x4.add(f32x4.mul(mu, v128.load(old, 16)), f32x4.add(f32x4.mul(damped, r1), bias))
      v128.store(old, m0)
      v128.store(old, m1, 16)
      if (nesterov) {
        v128.store(u - GROUP_BYTES, f32x4.add(f32x4.mul(mu, m0), f32x4.mul(rate, r0)))
        v128.store(u - GROUP_BYTES, f32x4.add(f32x4.mul(mu, m1), f32x4.mul(rate, r1)), 16)
      }
    }
    lo0 = hi0
    lo1 = hi1
  }
  return sumLanes(loss0, loss1)
}

/** Applies the waiting step. */
export function bandsSettle(sgd: Sgd, group: usize): void {
  const bank = sgd.bank
  const nBands = bank.nBands
  let s = group
  let w = bank.weights
  let u = group + waitingAt(sgd)
  for (let k = 0; k <= nBands; k++) {
    const end = s + ((<usize>load<i32>(bank.runs + ((<usize>k) << 2))) << GROUP_SHIFT)
    while (s < end) {
      const wl = v128.load32_splat(w)
      const wh = v128.load32_splat(w, 4)
      for (let half: usize = 0; half < GROUP_BYTES; half += 16) {
        const lo = v128.load(u + half)
        const hi = v128.load(u + half, GROUP_BYTES)
        const step = f32x4.add(f32x4.mul(wl, lo), f32x4.mul(wh, hi))
        v128.store(s + half, clampAtZero(f32x4.sub(v128.load(s + half), step)))
      }
      s += GROUP_BYTES
      w += 8
    }
    u += GROUP_BYTES
  }
}
