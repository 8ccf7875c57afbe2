/** The third of the WebAssembly modules: from bands to sound. Its exports are the whole of its interface. */

/** Where the host's memory begins: what lies below belongs to the compiled code. */
export function heapBase(): usize {
  return __heap_base
}

export { filterbankBytes, filterbank } from './filterbank'
export { exactBankBytes, exactBank, exactGroupBytes, exactGroup, maxent } from './exact'
export { window } from './window'
export { stftBytes, stftPlan, stftTransform } from './stft'
export { istftBytes, istftPlan, istftReaches } from './istft'
export { pitchBytes, pitchPlan, pitchPeak, pitchScores } from './pitch'
export { pitchTrackBytes, pitchTrackStart, pitchTrackPush, pitchTrackEnd, pitchSlope } from './pitch-track'
export { pitchComb } from './pitch-comb'
