/** The second of the two WebAssembly modules: transforms, and from bands to sound. Its exports are the whole of its interface. */

/** Where the host's memory begins: what lies below belongs to the compiled code. */
export function heapBase(): usize {
  return __heap_base
}

export { fftBytes, fftPlan, fftInput, fftStep, fftForward, fftInverse } from './fft'
export { window, windowGamma } from './window'
export { stftBytes, stftPlan, stftTransform, stftFrames, stft, stftMirror } from './stft'
export { istftBytes, istftPlan, istftReaches, istft, istftSettle } from './istft'
export { randomBytes, randomSeed } from './random'
export { griffinLimBytes, griffinLimPlan, griffinLimLoad, griffinLimRows } from './griffin-lim-window'
export { griffinLimDraw, griffinLimSignal, griffinLimSlide } from './griffin-lim-window'
export { griffinLimRun } from './griffin-lim'

export { filterbankBytes, filterbank, filterbankDense } from './filterbank'
export { exactBankBytes, exactBank, exactRoomBytes, exactRoom, maxent } from './exact'
export { jointBankBytes, jointBank, jointDensities } from './joint-bank'
export { jointBands, jointPrior } from './joint-prior'
export { jointBytes, jointPlan, jointBegin, jointSignal, jointSlide } from './joint-layout'
export { jointLoad } from './joint-start'
export { jointStep, jointMiss } from './joint-steps'
export { jointScores } from './joint-hear'
export { pghiBytes, pghiPlan } from './pghi-plan'
export { pghi } from './pghi'
export { pghiRandom } from './pghi-random'
export { pitchBytes, pitchPlan, pitchPeak, pitchScores } from './pitch'
export { pitchTrackBytes, pitchTrackStart, pitchTrackPush, pitchTrackEnd, pitchSlope } from './pitch-track'
export { pitchComb } from './pitch-comb'
export { streamBytes, streamBegin, streamSlide } from './stream-layout'
export { streamOpen, streamEnter, streamRun } from './stream'
export { streamHear } from './stream-pitch'
