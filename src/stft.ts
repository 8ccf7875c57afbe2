/** What a backend offers for going from sound to spectrograms and back. */
import type { Values } from './tensor.ts'

/** A window that a backend makes; every field checked. */
export interface WindowSpec {
  name: 'hann' | 'hamming' | 'blackman' | 'bartlett' | 'kaiser' | 'ones'
  length: number
  periodic: boolean
  alpha: number
  beta: number
}

/** A short-time Fourier transform; every field checked. */
export interface StftSpec {
  nFft: number
  /** At most nFft values; if they are fewer, zeros come at both ends. */
  window: WindowSpec | Float32Array
  /** What the output is divided by: nothing, the root of the window's energy, or that of nFft. */
  scaling: 'none' | 'window' | 'frame_length'
  /** What the magnitude is raised to; null for complex values. */
  power: number | null
  /** Whether only bins 0 to nFft // 2 are written. */
  onesided: boolean
}

/** Signals of which frames are taken, `hopLength` apart. */
export interface FrameSource {
  items: number
  /** Frames of an item. */
  frames: number
  hopLength: number
  /** Writes `count` samples of an item to `to` from `at` on. Frame t begins with sample t * hopLength. */
  copy(item: number, from: number, count: number, to: Float32Array, at: number): void
}

/** A transform that is planned. */
export interface Stft {
  /** The window, as it was asked for: neither scaled nor padded. */
  readonly window: Float32Array
  /** Bins of the output. */
  readonly rows: number
  /** Values of a bin: 2 where they are complex. */
  readonly width: number
  /** False where the output was to be divided by the energy of a window that has none. */
  readonly isScalable: boolean
  /**
   * Writes the spectrograms of a source, [items, rows, frames], with a last dimension of 2 where they are complex.
   * Yields after each block; calls may be interleaved.
   */
  spectrogram(source: FrameSource, out: Float32Array): Generator<undefined, void>
}

/** The way back from a short-time Fourier transform; every field checked. */
export interface IstftSpec {
  nFft: number
  /** From 1 to the length of the window. */
  hopLength: number
  window: WindowSpec | Float32Array
  /** What the spectra were divided by. */
  scaling: StftSpec['scaling']
  /** Whether the first frame has its middle at the signal's beginning, or its beginning. */
  center: boolean
}

/** Spectrograms of signals of one length, [items, rows, frames] and what a value has beside. */
export interface SignalsProblem {
  items: number
  /** 1 or more. */
  frames: number
  /** Samples of a signal. */
  samples: number
}

/** Complex spectrograms to go back from. */
export interface IstftProblem extends SignalsProblem {
  /** [items, rows, frames, 2]; of more rows than nFft // 2 + 1 the first are read. */
  spectrogram: Values
  rows: number
  /** Samples that are left out before the signal. */
  pad: number
}

export interface Istft {
  /** The window, as it was asked for. */
  readonly window: Float32Array
  /** Whether windows reach every one of `samples` samples, as far as there are frames. */
  reaches(frames: number, samples: number): boolean
  /**
   * Writes the signals, [items, samples]; 0 where there are no more frames. Yields after each block; calls may be
   * interleaved.
   */
  waveforms(problem: IstftProblem, out: Float32Array): Generator<undefined, void>
}

/** A Griffin-Lim iteration; every field checked. */
export interface GriffinLimSpec extends Omit<IstftSpec, 'scaling' | 'center'> {
  /** What the magnitudes are raised to, above 0. */
  power: number
  iterations: number
  /** What the last spectrum but one is multiplied by. */
  momentum: number
}

/** Magnitudes to find signals for. */
export interface GriffinLimProblem extends SignalsProblem {
  /** [items, nFft // 2 + 1, frames], at least 0. */
  spectrogram: Values
  /** Of the random start; null for phases of 0. */
  seed: number | null
}

export interface GriffinLimSolver {
  readonly window: Float32Array
  reaches(frames: number, samples: number): boolean
  /**
   * Writes the signals, [items, samples]. With iterations a signal is longer than nFft // 2 and has `frames` frames.
   * Yields after each piece of work the part of all that is done; calls may be interleaved.
   */
  waveforms(problem: GriffinLimProblem, out: Float32Array): Generator<number, void>
}
