/** Where the least-squares solver starts from: the multipliers that would give the bands if no bin had to be clamped. */
import { GRAM_MID, RUN } from './exact-bank'
import { ExactGroup } from './exact-group'
import { GROUP_BYTES, GROUP_SHIFT } from './lanes'

/** Writes F^T F's inverse times what the bands lack of the prior to `theta`. */
export function nnlsStart(x: ExactGroup): void {
  memory.fill(x.theta, 0, (<usize>x.bank.nBands + 2) << GROUP_SHIFT)
  for (let half: usize = 0; half < GROUP_BYTES; half += 16) {
    if (x.hasPrior) lack(x, half)
    startHalf(x, half)
  }
}

/** Writes the target less the bands of the prior to `right`. */
function lack(x: ExactGroup, half: usize): void {
  const bank = x.bank
  let w = bank.weights
  let s0 = x.prior + half + ((<usize>bank.lead) << GROUP_SHIFT)
  let sum = f32x4.splat(0)
  for (let k = 0; k <= bank.nBands; k++) {
    const at = half + ((<usize>k) << GROUP_SHIFT)
    let upper = f32x4.splat(0)
    for (let n = load<i32>(bank.runs + ((<usize>k) << 2)); n > 0; n--, w += 8, s0 += GROUP_BYTES) {
      const s = v128.load(s0)
      sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(w), s))
      upper = f32x4.add(upper, f32x4.mul(v128.load32_splat(w, 4), s))
    }
    v128.store(x.right + at, f32x4.sub(v128.load(x.target + at), sum))
    sum = upper
  }
}

function startHalf(x: ExactGroup, half: usize): void {
  const bank = x.bank
  const from = (x.hasPrior ? x.right : x.target) + GROUP_BYTES + half
  const to = x.theta + GROUP_BYTES + half
  let s = f32x4.splat(0)
  for (let k = 0; k < bank.nBands; k++) {
    const at = (<usize>k) << GROUP_SHIFT
    const off = v128.load32_splat(bank.shape + <usize>k * RUN, GRAM_MID)
    const before = k > 0 ? f32x4.mul(off, s) : s
    s = f32x4.mul(f32x4.sub(v128.load(from + at), before), v128.load32_splat(bank.gram + ((<usize>k) << 3)))
    v128.store(to + at, s)
  }
  for (let k = bank.nBands - 2; k >= 0; k--) {
    const at = (<usize>k) << GROUP_SHIFT
    s = f32x4.sub(v128.load(to + at), f32x4.mul(v128.load32_splat(bank.gram + ((<usize>k) << 3), 4), s))
    v128.store(to + at, s)
  }
}
