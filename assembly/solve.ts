/** The first of the two WebAssembly modules: scales, filterbank, solvers. Its exports are the whole of its interface. */

/** Where the host's memory begins: what lies below belongs to the compiled code. */
export function heapBase(): usize {
  return __heap_base
}

export { hzToBark, barkToHz } from './bark'
export { filterbankBytes, filterbank, filterbankBound, filterbankDense } from './filterbank'
export { project } from './project'
export { randomBytes, randomSeed, randomFill } from './random'
export { sgdBytes, sgdArguments, sgdTargetAt, sgdGroupBytes } from './sgd-layout'
export { sgdStart, sgdRun, sgdFinish } from './sgd'
export { sgdJump } from './sgd-jumps'
export { sgdJumpsBytes, sgdJumps } from './sgd-jumps-layout'
export { sgdWatch } from './sgd-watch'
export { sgdWatchBytes } from './sgd-watch-layout'
export { exactBankBytes, exactBank, exactRoomBytes, exactRoom, maxent, nnls } from './exact'
