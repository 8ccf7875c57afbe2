/** The spectrum that an exact solution is to be near, where one is given. */
import { ExactGroup, inverseOfPower } from './exact-group'
import { GROUP_BYTES, GROUP_SHIFT } from './lanes'

/** What a zero of the prior is lifted to, over the average of the bands about it: 2^-40. */
const LIFT: f32 = 9.094947017729282e-13
/** Most that a prior may be, over the power of two below the peak of the bands: 2^100. */
const MOST: f32 = 1.2676506002282294e30

/**
 * Reads the prior of eight frames, scaled as their target is.
 * @param init f32, a row of `stride` bytes for each bin
 */
export function readPrior(x: ExactGroup, init: usize, stride: usize): void {
  const most = f32x4.splat(MOST)
  for (let half: usize = 0; half < GROUP_BYTES; half += 16) {
    const by = inverseOfPower(v128.load(x.scale + half))
    let from = init + half
    let to = x.prior + half
    for (let f = x.bank.nBins; f > 0; f--, from += stride, to += GROUP_BYTES) {
      v128.store(to, f32x4.pmin(most, f32x4.mul(v128.load(from), by)))
    }
  }
}

/** The same, with what lies in a band and is zero, or next to it, lifted: no factor would raise it. */
export function readPositivePrior(x: ExactGroup, init: usize, stride: usize): void {
  readPrior(x, init, stride)
  const bank = x.bank
  for (let half: usize = 0; half < GROUP_BYTES; half += 16) {
    let w = bank.weights
    let to = x.prior + half + ((<usize>bank.lead) << GROUP_SHIFT)
    let lo = average(x, 0, half)
    for (let k = 0; k <= bank.nBands; k++) {
      const hi = average(x, k, half)
      for (let n = load<i32>(bank.runs + ((<usize>k) << 2)); n > 0; n--, w += 8, to += GROUP_BYTES) {
        const about = f32x4.add(f32x4.mul(v128.load32_splat(w), lo), f32x4.mul(v128.load32_splat(w, 4), hi))
        v128.store(to, f32x4.pmax(v128.load(to), f32x4.mul(f32x4.pmax(about, f32x4.splat(1e-20)), f32x4.splat(LIFT))))
      }
      lo = hi
    }
  }
}

/** Average of band k of the target; beyond the last, that of the last. */
// @ts-ignore: decorator
@inline
function average(x: ExactGroup, k: i32, half: usize): v128 {
  const band = <usize>min(k, x.bank.nBands - 1)
  const target = v128.load(x.target + half + ((band + 1) << GROUP_SHIFT))
  return f32x4.mul(target, v128.load32_splat(x.bank.density + (band << 2)))
}
