/**
 * The two WebAssembly modules of assembly/, compiled once each and instantiated on demand: the only place that meets
 * WebAssembly. The bytes are inlined, so that no bundler, server or worklet needs configuring.
 */

import { takeAway } from './text-decoder.ts'

// The loader comes after it: it makes a TextDecoder when it is imported.

import { instantiateSync } from '@assemblyscript/loader'
import solveBytes from '../../generated/solve.ts'
import soundBytes from '../../generated/sound.ts'
import { decodeAscii } from './ascii.ts'
import type { JointExports } from './joint-abi.ts'

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
  exactGroupBytes(plan: number, hasPrior: boolean): number
  exactGroup(at: number, plan: number, hasPrior: boolean): void
  nnlsChunkBytes(plan: number, hasPrior: boolean): number
  nnlsChunk(at: number, plan: number): void
  maxent(
    group: number,
    bark: number,
    spectrogram: number,
    init: number,
    stride: number,
    frames: number,
    records: number,
  ): void
  nnls(
    group: number,
    chunk: number,
    bark: number,
    spectrogram: number,
    init: number,
    stride: number,
    frames: number,
    records: number,
  ): void
}

/** assembly/sound.ts: the same, for transforms. */
export type SoundCore = Core &
  JointExports & {
    window(at: number, kind: number, n: number, periodic: boolean, alpha: number, beta: number): void
    fftBytes(n: number): number
    fftPlan(at: number, n: number): void
    fftInput(at: number): number
    fftStep(at: number): number
    fftForward(at: number): number
    fftInverse(at: number): number
    stftBytes(n: number): number
    stftPlan(at: number, n: number, window: number, length: number, scaling: number): number
    stftTransform(at: number): number
    stftFrames(list: number, samples: number, hop: number, count: number): number
    stft(at: number, list: number, count: number, out: number, stride: number, power: number): void
    stftMirror(at: number, out: number, stride: number, isComplex: boolean): void
    istftBytes(n: number, hop: number, frames: number): number
    istftPlan(
      at: number,
      fft: number,
      n: number,
      hop: number,
      frames: number,
      window: number,
      length: number,
      scaling: number,
    ): void
    istftReaches(at: number, from: number, to: number): boolean
    istft(at: number, spectra: number, stride: number, count: number, sums: number): void
    istftSettle(at: number, sums: number, out: number, frame: number, count: number): void
    randomBytes(): number
    randomSeed(state: number, seed: number): void
    griffinLimBytes(n: number, hop: number, groups: number): number
    griffinLimPlan(
      at: number,
      stft: number,
      istft: number,
      n: number,
      hop: number,
      frames: number,
      samples: number,
      groups: number,
      iterations: number,
      momentum: number,
    ): void
    griffinLimLoad(at: number, group: number, from: number, stride: number, count: number, power: number): void
    griffinLimRows(random: number, rows: number, count: number, frames: number): void
    griffinLimDraw(at: number, group: number, count: number, rows: number, isOne: boolean): void
    griffinLimRun(at: number, iteration: number, group: number, count: number): void
    griffinLimSignal(at: number): number
    griffinLimSlide(at: number, groups: number): void
  }

takeAway()

let solveModule: WebAssembly.Module | undefined
let soundModule: WebAssembly.Module | undefined

/** The compiled solvers, to be handed to a worker. */
export function compiledSolve(): WebAssembly.Module {
  solveModule ??= new WebAssembly.Module(decodeAscii(solveBytes))
  return solveModule
}

/** Takes over what another thread has compiled. */
export function adoptSolve(module: WebAssembly.Module): void {
  solveModule = module
}

/** A fresh instance of the scales, filterbank and solvers, with a memory of its own. */
export function instantiateSolve(): SolveCore {
  return instantiateSync<SolveCore>(compiledSolve()).exports
}

/** The compiled transforms, to be handed to a worker. */
export function compiledSound(): WebAssembly.Module {
  soundModule ??= new WebAssembly.Module(decodeAscii(soundBytes))
  return soundModule
}

/** Takes over what another thread has compiled. */
export function adoptSound(module: WebAssembly.Module): void {
  soundModule = module
}

/** A fresh instance of the transforms, with a memory of its own. */
export function instantiateSound(): SoundCore {
  return instantiateSync<SoundCore>(compiledSound()).exports
}
