/** What a solve says of itself. */

export type StopReason = 'tolerance-loss' | 'tolerance-change' | 'max-iter' | 'optimal'

export interface Report {
  solver: 'sgd'
  device: 'cpu' | 'gpu'
  backend: 'wasm' | 'wasm-relaxed' | 'webgl2' | 'webgpu'
  /** What the adapter of a GPU calls itself. */
  adapter?: string
  threads: number
  /** What was looked for or begun with and not used, and why. */
  why?: string
  /** Steps taken. */
  iterations: number
  /** The loss before the last step, as torchaudio computes it; null for no iteration or no frame. */
  loss: number | null
  /**
   * Which test ended the run: the loss below `toleranceLoss`, its change below `toleranceChange`, or `maxIter` reached;
   * `'optimal'` where there was nothing to solve (no frame).
   */
  stopReason: StopReason
  /** How many iterations were stepped in which way. */
  stepping?: { plain: number; watched: number; jumped: number }
  /** The loss of every iteration, with `history: true`. */
  history?: { iteration: number; loss: number }[]
  elapsedMs: number
}
