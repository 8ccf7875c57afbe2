/**
 * Band projection, B = F^T S: what a filterbank makes of a spectrogram.
 * Frames lie side by side as in (bins, time), so that neighbouring lanes are neighbouring frames and nothing is packed.
 */
import { Filterbank } from './filterbank'
import { GROUP_BYTES } from './lanes'

/**
 * @param at the filterbank
 * @param spectrogram f32 [nBins][stride]
 * @param bark f32 [nBands][stride], overwritten
 * @param stride bytes of a row of either, a multiple of 32: all of a row is read and written
 */
export function project(at: usize, spectrogram: usize, bark: usize, stride: usize): void {
  const bank = changetype<Filterbank>(at)
  for (let column: usize = 0; column < stride; column += GROUP_BYTES) {
    projectGroup(bank, spectrogram + column, bark + column, stride)
  }
}

function projectGroup(bank: Filterbank, s: usize, b: usize, stride: usize): void {
  const zero = f32x4.splat(0)
  let w = bank.weights
  let next0 = zero
  let next1 = zero
  for (let k = 0; k <= bank.nBands; k++) {
    let sum0 = next0
    let sum1 = next1
    next0 = zero
    next1 = zero
    const end = w + ((<usize>load<i32>(bank.runs + ((<usize>k) << 2))) << 3)
    for (; w < end; w += 8, s += stride) {
      const wl = v128.load32_splat(w)
      const wh = v128.load32_splat(w, 4)
      const x0 = v128.load(s)
      const x1 = v128.load(s, 16)
      sum0 = f32x4.add(sum0, f32x4.mul(wl, x0))
      sum1 = f32x4.add(sum1, f32x4.mul(wl, x1))
      next0 = f32x4.add(next0, f32x4.mul(wh, x0))
      next1 = f32x4.add(next1, f32x4.mul(wh, x1))
    }
    if (k > 0) {
      v128.store(b, sum0)
      v128.store(b, sum1, 16)
      b += stride
    }
  }
}
