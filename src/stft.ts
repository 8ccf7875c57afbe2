/** What a backend offers for going from sound to spectrograms. */

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
