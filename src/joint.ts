/** What a backend offers for going from bands to sound. */
import type { Awaitable, FilterbankSpec } from './backend.ts'
import type { IstftSpec } from './stft.ts'
import type { Values } from './tensor.ts'

/** How bands become sound; every field checked. */
export interface JointSpec extends IstftSpec {
  bank: FilterbankSpec
  /** What the magnitudes are raised to, above 0. */
  power: number
  /** What lies beyond the ends with `center`. */
  padMode: 'reflect' | 'constant' | 'replicate' | 'circular'
  /** Zeros at either end. */
  pad: number
  /** Whether magnitudes stay as they start. */
  isHeld: boolean
  iterations: number
  phase: 'pghi' | 'random' | 'zero'
  pitch: boolean
  /** By what part of itself a band may be missed. */
  bandTolerance: number
}

export interface JointProblem {
  /** [items, nBands, frames], finite and at least 0. */
  bark: Values
  /** [items, nBins, frames]: the magnitudes to start from, to the power; those of maximum entropy if left out. */
  spectrogram: Values | undefined
  items: number
  /** 1 or more. */
  frames: number
  /** Samples of a signal: as many as have so many frames. */
  samples: number
  seed: number
  /** [items, samples]: the result. */
  waveform: Float32Array
}

/** Milliseconds of each stage. */
export interface StageTimes {
  magnitudes: number
  phase: number
  iterations: number
  pitch: number
}

/** What a session has found when it is done. */
export interface JointOutcome {
  /** |bark - bands of the waveform| / |bark|, of each item; 0 for silence. */
  bandConvergence: Float64Array
  stages: StageTimes
}

/** One problem under way. */
export interface JointSession {
  readonly threads: number
  /** What was looked for and not used, and why. */
  readonly why: string | undefined
  readonly outcome: JointOutcome
  /** Does a piece of the work; tells which part of all is done, 1 at the end. */
  advance(): Awaitable<number>
  close(): void
}

export interface JointSolver {
  /** The window, as it was asked for. */
  readonly window: Float32Array
  readonly emptyBands: number
  /** The bank as a matrix, (nBins, nBands). */
  filterbank(): Float32Array
  /** Whether windows reach every one of `samples` samples, as far as there are frames. */
  reaches(frames: number, samples: number): boolean
  open(problem: JointProblem): Awaitable<JointSession>
  /** Ends all workers. */
  dispose(): void
}
