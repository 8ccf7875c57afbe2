/** The second of the two WebAssembly modules: transforms. Its exports are the whole of its interface. */

/** Where the host's memory begins: what lies below belongs to the compiled code. */
export function heapBase(): usize {
  return __heap_base
}

export { fftBytes, fftPlan, fftInput, fftStep, fftForward, fftInverse } from './fft'
export { window } from './window'
export { stftBytes, stftPlan, stftFrames, stft, stftMirror } from './stft'
