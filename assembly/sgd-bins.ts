/**
 * Projected SGD with weight decay. The gradient then holds S itself, so the momentum is a buffer per bin, and what
 * waits for the next pass are the residuals of the bands, scaled to gradients. Otherwise as sgd-bands.ts.
 */
import { clampAtZero, drift, GROUP_BYTES, GROUP_SHIFT, sumLanes } from './lanes'
import { momentumAt, Sgd, targetAt, waitingAt } from './sgd-layout'

/** Steps four frames of one bin at `s`, with the momentum at `m`, along the gradient `g`; returns what it stored. */
// @ts-ignore: decorator
@inline
function stepBin(s: usize, m: usize, g: v128, lr: v128, mu: v128, fresh: v128, decay: v128, nesterov: bool): v128 {
  const x = v128.load(s)
  const d = f32x4.add(g, f32x4.mul(decay, x))
  const buffer = f32x4.add(f32x4.mul(mu, v128.load(m)), f32x4.add(f32x4.mul(fresh, d), drift()))
  v128.store(m, buffer)
  const direction = nesterov ? f32x4.add(d, f32x4.mul(mu, buffer)) : buffer
  const stepped = clampAtZero(f32x4.sub(x, f32x4.mul(lr, direction)))
  v128.store(s, stepped)
  return stepped
}

/**
 * One pass over a group; returns the sum of its frames' losses, after the waiting step and before the one it prepares.
 * @param step whether to apply the waiting step (a constant at every call, as is `nesterov`)
 * @param fresh what the gradient of the waiting step enters the momentum with
 */
// @ts-ignore: decorator
@inline
export function binsPass(sgd: Sgd, group: usize, step: bool, nesterov: bool, fresh: f32): f64 {
  const bank = sgd.bank
  const nBands = bank.nBands
  const lr = f32x4.splat(sgd.lr)
  const mu = f32x4.splat(sgd.momentum)
  const part = f32x4.splat(fresh)
  const decay = f32x4.splat(sgd.weightDecay)
  const slope = f32x4.splat(sgd.slope)
  const zero = f32x4.splat(0)
  let s = group
  let m = group + momentumAt(sgd)
  let w = bank.weights
  let run = bank.runs
  let g = group + waitingAt(sgd)
  let b = group + targetAt(sgd)
  let loss0 = zero
  let loss1 = zero
  let lo0 = zero
  let lo1 = zero
  let next0 = zero
  let next1 = zero
  for (let k = 0; k <= nBands; k++) {
    let sum0 = next0
    let sum1 = next1
    next0 = zero
    next1 = zero
    g += GROUP_BYTES
    const hi0 = v128.load(g)
    const hi1 = v128.load(g, 16)
    const end = s + ((<usize>load<i32>(run)) << GROUP_SHIFT)
    run += 4
    for (; s < end; s += GROUP_BYTES, m += GROUP_BYTES, w += 8) {
      const wl = v128.load32_splat(w)
      const wh = v128.load32_splat(w, 4)
      let x0: v128, x1: v128
      if (step) {
        const g0 = f32x4.add(f32x4.mul(wl, lo0), f32x4.mul(wh, hi0))
        const g1 = f32x4.add(f32x4.mul(wl, lo1), f32x4.mul(wh, hi1))
        x0 = stepBin(s, m, g0, lr, mu, part, decay, nesterov)
        x1 = stepBin(s + 16, m + 16, g1, lr, mu, part, decay, nesterov)
      } else {
        x0 = v128.load(s)
        x1 = v128.load(s, 16)
      }
      sum0 = f32x4.add(sum0, f32x4.mul(wl, x0))
      sum1 = f32x4.add(sum1, f32x4.mul(wl, x1))
      next0 = f32x4.add(next0, f32x4.mul(wh, x0))
      next1 = f32x4.add(next1, f32x4.mul(wh, x1))
    }
    if (k > 0) {
      const r0 = f32x4.sub(sum0, v128.load(b))
      const r1 = f32x4.sub(sum1, v128.load(b, 16))
      b += GROUP_BYTES
      loss0 = f32x4.add(loss0, f32x4.mul(r0, r0))
      loss1 = f32x4.add(loss1, f32x4.mul(r1, r1))
      v128.store(g - GROUP_BYTES, f32x4.mul(slope, r0))
      v128.store(g - GROUP_BYTES, f32x4.mul(slope, r1), 16)
    }
    lo0 = hi0
    lo1 = hi1
  }
  return sumLanes(loss0, loss1)
}

/** Applies the waiting step. */
export function binsSettle(sgd: Sgd, group: usize, fresh: f32): void {
  const bank = sgd.bank
  const nBands = bank.nBands
  const nesterov = sgd.nesterov
  const lr = f32x4.splat(sgd.lr)
  const mu = f32x4.splat(sgd.momentum)
  const part = f32x4.splat(fresh)
  const decay = f32x4.splat(sgd.weightDecay)
  let s = group
  let m = group + momentumAt(sgd)
  let w = bank.weights
  let g = group + waitingAt(sgd)
  for (let k = 0; k <= nBands; k++) {
    const end = s + ((<usize>load<i32>(bank.runs + ((<usize>k) << 2))) << GROUP_SHIFT)
    for (; s < end; s += GROUP_BYTES, m += GROUP_BYTES, w += 8) {
      const wl = v128.load32_splat(w)
      const wh = v128.load32_splat(w, 4)
      for (let half: usize = 0; half < GROUP_BYTES; half += 16) {
        const lo = v128.load(g + half)
        const hi = v128.load(g + half, GROUP_BYTES)
        const gradient = f32x4.add(f32x4.mul(wl, lo), f32x4.mul(wh, hi))
        stepBin(s + half, m + half, gradient, lr, mu, part, decay, nesterov)
      }
    }
    g += GROUP_BYTES
  }
}
