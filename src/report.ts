/** What a solve says of itself. */

export type StopReason = 'tolerance-loss' | 'tolerance-change' | 'max-iter' | 'optimal'

export type SolverName = 'sgd' | 'nnls' | 'maxent'

export interface Report {
  solver: SolverName
  device: 'cpu' | 'gpu'
  backend: 'wasm' | 'wasm-relaxed' | 'webgl2' | 'webgpu'
  /** What the adapter of a GPU calls itself. */
  adapter?: string
  threads: number
  /** What was looked for or begun with and not used, and why. */
  why?: string
  /** Steps taken; of an exact solver the passes of the frame that took most. */
  iterations: number
  /**
   * Mean over frames of the sum over bands of (bark - filterbank^T S)^2. With `'sgd'` that before the last step, as
   * torchaudio computes it, and null for no iteration; else that of the result. Null for no frame.
   */
  loss: number | null
  /**
   * Which test ended the run: the loss below `toleranceLoss`, its change below `toleranceChange`, or `maxIter` reached.
   * An exact solver ends `'optimal'`, or `'max-iter'` where a frame came to the solver's bound (see `unsolved`).
   * Nothing to solve (no frame) is `'optimal'` too.
   */
  stopReason: StopReason
  /** Of `'sgd'`: how many iterations were stepped in which way. */
  stepping?: { plain: number; watched: number; jumped: number }
  /**
   * Of an exact solver: how far the result is from the least-squares optimum over S >= 0, of the frame that is
   * farthest. With r = bark - filterbank^T S, the larger of max(filterbank r, 0) over the frame's peak, and of
   * |r . filterbank^T S| over |bark|^2; both are 0 at the optimum.
   */
  optimality?: number
  /**
   * Of an exact solver: the greatest |b - filterbank^T S| / b of any band, b being the nearest to `bark` that a
   * spectrogram can give. Bands below 1e-7 of their neighbours are measured against that.
   */
  bandError?: number
  /** Of an exact solver: the frames, counted over all batch items, that it left at its bound. Absent where there are none. */
  unsolved?: number[]
  /** Of an exact solver, with `perFrame: true`: the same for each frame, counted over all batch items. */
  frames?: FrameReport
  /** Of `'sgd'`, with `history: true`: the loss of every iteration. */
  history?: { iteration: number; loss: number }[]
  elapsedMs: number
}

/** One value a frame. */
export interface FrameReport {
  iterations: Uint16Array
  optimality: Float32Array
  bandError: Float32Array
  loss: Float64Array
}
