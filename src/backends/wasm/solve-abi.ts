/** What the cores export: pointers and byte counts in, numbers out. */

/** What every module exports. A type alias, since the loader wants an index signature. */
export type Core = {
  memory: WebAssembly.Memory
  /** The first byte that belongs to the host. */
  heapBase(): number
}

/** assembly/solve.ts: pointers and byte counts in, numbers out. */
export type SolveCore = Core & {
  hzToBark(hz: number, scale: number): number
  barkToHz(bark: number, scale: number): number
  filterbankBytes(nBins: number, nBands: number): number
  filterbank(
    at: number,
    nBins: number,
    fMin: number,
    fMax: number,
    nBands: number,
    sampleRate: number,
    scale: number,
    corrected: boolean,
  ): number
  filterbankBound(at: number): number
  filterbankDense(at: number, out: number): void
  project(at: number, spectrogram: number, bark: number, stride: number): void
  randomBytes(): number
  randomSeed(state: number, seed: number): void
  randomFill(state: number, out: number, stride: number, count: number): void
  sgdBytes(): number
  sgdArguments(
    sgd: number,
    bank: number,
    frames: number,
    lr: number,
    momentum: number,
    dampening: number,
    weightDecay: number,
    nesterov: boolean,
    maximize: boolean,
  ): void
  sgdTargetAt(sgd: number): number
  sgdGroupBytes(sgd: number): number
  sgdStart(sgd: number, group: number, count: number, iteration: number, losses: number): void
  sgdRun(sgd: number, group: number, count: number, iteration: number, iterations: number, losses: number): void
  sgdJumpsBytes(sgd: number): number
  sgdJumps(jumps: number, sgd: number, bound: number): void
  sgdJump(
    jumps: number,
    sgd: number,
    group: number,
    frames: number,
    iteration: number,
    iterations: number,
    checks: number,
  ): void
  sgdWatchBytes(sgd: number): number
  sgdWatch(
    sgd: number,
    watch: number,
    group: number,
    frames: number,
    iteration: number,
    iterations: number,
    longest: number,
    losses: number,
  ): void
  sgdFinish(sgd: number, group: number, count: number, iteration: number): void
  exactBankBytes(bank: number): number
  exactBank(at: number, bank: number): void
  exactRoomBytes(plan: number, hasPrior: boolean): number
  exactRoom(at: number, plan: number, hasPrior: boolean): void
  maxent(
    room: number,
    bark: number,
    spectrogram: number,
    init: number,
    stride: number,
    frames: number,
    records: number,
  ): void
  nnls(
    room: number,
    bark: number,
    spectrogram: number,
    init: number,
    stride: number,
    frames: number,
    records: number,
  ): void
}
