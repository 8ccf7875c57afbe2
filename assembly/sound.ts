/** The second of the two WebAssembly modules: transforms. Its exports are the whole of its interface. */

/** Where the host's memory begins: what lies below belongs to the compiled code. */
export function heapBase(): usize {
  return __heap_base
}

export { fftBytes, fftPlan, fftInput, fftStep, fftForward, fftInverse } from './fft'
export { window } from './window'
export { stftBytes, stftPlan, stftTransform, stftFrames, stft, stftMirror } from './stft'
export { istftBytes, istftPlan, istftReaches, istft, istftSettle } from './istft'
export { randomBytes, randomSeed } from './random'
export { griffinLimBytes, griffinLimPlan, griffinLimLoad, griffinLimRows } from './griffin-lim-window'
export { griffinLimDraw, griffinLimSignal, griffinLimSlide } from './griffin-lim-window'
export { griffinLimRun } from './griffin-lim'
