/**
 * What a backend offers to the drivers. A backend knows one filterbank; a session owns every frame of one solve, in a
 * layout of its own that no driver sees.
 */

import type { Values } from './tensor.ts'

export type BarkScaleName = 'traunmuller' | 'schroeder' | 'wang'

/** A triangular filterbank; every field checked. */
export interface FilterbankSpec {
  nBins: number
  nBands: number
  /** Hz */
  fMin: number
  /** Hz, above `fMin` */
  fMax: number
  /** Hz; the bins run from 0 to sampleRate // 2 */
  sampleRate: number
  barkScale: BarkScaleName
  /** Whether both of Traunmüller's corrections hold on the way back to Hz, as they do not upstream. */
  corrected: boolean
}

/** The arguments of torch.optim.SGD; every field checked. */
export interface SgdArguments {
  lr: number
  momentum: number
  dampening: number
  weightDecay: number
  nesterov: boolean
  maximize: boolean
}

/** One inversion by SGD; every field checked, at least one frame. */
export interface Problem {
  /** Target, (batch, nBands, time). */
  bark: Values
  batch: number
  time: number
  sgd: SgdArguments
  /** Seed of the random start. */
  seed: number
  /** Where this is a part of a larger problem: the frames of the whole, and those before this part. */
  part?: { of: number; skipped: number } | undefined
  /** Receives the result, (batch, nBins, time). Until then it is the session's to use as it likes. */
  spectrogram: Float32Array
}

/** The state of a solve in the layout that all backends share. */
export interface State {
  /** Steps taken. */
  iteration: number
  /** (batch, nBins, time) */
  spectrogram: Float32Array
  /**
   * The momentum after those steps. Without weight decay M of docs/algorithms.md, section 4: torch's buffer is
   * filterbank * M / lr, (batch, nBands, time). With weight decay torch's buffer itself, (batch, nBins, time).
   */
  momentum?: Float32Array | undefined
}

/** What `advance` gives: how far the session is, and the losses that it met on the way. One object, used again. */
export interface Advance {
  /** Steps taken, or taken as soon as the state is asked for. */
  at: number
  /** Checks made; 0 if the call came back in the middle of its work. */
  count: number
  /** The iteration of each check, ascending, counted from 1. */
  readonly iteration: Float64Array
  /** The loss before the step of that iteration. */
  readonly loss: Float32Array
  /** By how much it is lower than that of the iteration before, without cancellation; where the watch list tells. */
  falls?: Float64Array | undefined
  /**
   * Where only the last iteration of a stretch is checked: by how much its step lowers the loss, without cancellation.
   * Undefined where every iteration is.
   */
  decrease?: number | undefined
}

/** After how many iterations a session goes over to the watch list, and to jumps. */
export interface Gears {
  watchFrom: number
  jumpFrom: number
  /** Iterations that the watch list is made for, from 1 024 to 4 096: 32 before, 128 after. */
  chunk: number
  /** Whether an event may make the loss fall faster again, for some iterations, so that a stop is to be looked for in all. */
  swings: boolean
}

export type Awaitable<T> = T | Promise<T>

/** The frames of one solve. Calls that take long come back early: call again until they say they are done. */
export interface Session {
  readonly device: 'cpu' | 'gpu'
  readonly backend: 'wasm' | 'wasm-relaxed' | 'webgl2' | 'webgpu'
  /** What the adapter of a GPU calls itself. */
  readonly adapter?: string | undefined
  /** Threads that compute. */
  readonly threads: number
  /** Why it is not another backend or more threads, where these were looked for. */
  readonly why?: string | undefined
  /** How it steps; plainly throughout where absent. */
  readonly gears?: Gears | undefined
  /**
   * Runs towards `to` iterations. Keep the arguments until `count` is above 0.
   * @param everyLoss checks every iteration, where otherwise only the last of a stretch might be
   */
  advance(to: number, everyLoss?: boolean): Awaitable<Advance>
  /** Remembers the state as it is now, in place of what was remembered before. Only when no `advance` is unfinished. */
  keep(): void
  /** Returns to the state that was kept. */
  back(): void
  /** Writes the state to the arrays that `into` has; true when all is written. */
  state(into: State): Awaitable<boolean>
  /** Starts from a state; its arrays must not change before the next `advance` or `state` is done. */
  restore(from: State): void
  /** Ends the solve. The session must not be used after. */
  close(): void
}

/** One inversion by an exact solver; every field checked, at least one frame. */
export interface ExactProblem {
  solver: 'nnls' | 'maxent'
  /** Target, (batch, nBands, time). */
  bark: Values
  batch: number
  time: number
  /** What the solution is to be near, (batch, nBins, time), at least 0. */
  init: Float32Array | undefined
  /** Receives the result, (batch, nBins, time); not read. */
  spectrogram: Float32Array
}

/** Frames that an exact solver has finished; one object, used again. */
export interface Solved {
  /** Counted over all items. */
  first: number
  count: number
  /** {@link RECORD} values a frame. */
  records: Float64Array
}

/** Values of a frame's record, and where in it. */
export const RECORD = 5
/** Evaluations that it took. */
export const PASSES = 0
/** 1 where the solver was done with it, 0 where it came to its bound. */
export const DONE = 1
/** How far the result is from the least squares that can be reached, relative to the frame. */
export const OPTIMALITY = 2
/** Greatest relative miss of a band. */
export const MISS = 3
/** Sum over bands of (bark - filterbank^T S)^2. */
export const LOSS = 4

/** The frames of one exact solve, block by block. */
export interface ExactSession {
  /** Threads that compute. */
  readonly threads: number
  /** Why there are not more, where more would have been used. */
  readonly why?: string | undefined
  /** Finishes the next frames, in order; not to be called after the last. */
  advance(): Awaitable<Solved>
  /** Ends the solve. The session must not be used after. */
  close(): void
}

export type Device = 'auto' | 'cpu' | 'gpu'

export type Threads = 'auto' | number

/** How many threads may compute, and where their program is served from, if not by the library. */
export interface Workers {
  threads: Threads
  workerUrl: string | URL | undefined
}

/** Where to compute. */
export interface Placement extends Workers {
  device: Device
}

/** What a backend may choose its way by. */
export interface Run {
  /** Most iterations. */
  maxIter: number
  /** Whether the session has to answer at once, on the calling thread. */
  isSync: boolean
  /** What was looked for before, and why it is not used. */
  why?: string | undefined
  /** Whether it may step other than plainly. `'auto'` where absent. */
  stepping?: 'auto' | 'plain' | undefined
  /** Whether every iteration's loss is asked for. */
  everyLoss?: boolean | undefined
}

export interface Backend {
  readonly bank: Bank
  /** A session for a problem, and for how it is to be run. Rejects where what was asked for is not to be had. */
  open(problem: Problem, run: Run): Awaitable<Session>
  /** The same for an exact solver. */
  openExact(problem: ExactProblem, run: { isSync: boolean }): Awaitable<ExactSession>
  /** Gives memory back; the backend stays usable. */
  dispose(): void
}

/** A filterbank by itself. */
export interface Bank {
  /** Bands that cover no bin. */
  readonly emptyBands: number
  /** The bank as a matrix, (nBins, nBands). */
  dense(): Float32Array
  /** The same in two weights a bin. */
  compact(): CompactBank
}

/** A filterbank by what is not 0: run k holds the bins from the centre of band k-1 to the centre of band k. */
export interface CompactBank {
  /** (nBins, 2): the weight in the lower and in the upper band of the bin's run. */
  weights: Float32Array
  /** (nBands + 1): how many bins each run has. */
  runs: Int32Array
}

/** A filterbank that is applied to spectrograms. */
export interface Projection {
  readonly bank: Bank
  /** Band projection of (batch, nBins, time) to (batch, nBands, time), in steps. */
  project(spectrogram: Values, bark: Float32Array, batch: number, time: number): Generator<undefined, void>
}
