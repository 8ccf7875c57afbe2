/** The iteration of docs/algorithms.md, section 3, in float64, step by step: what the faster ways to step must give. */
import { type Bank, bandsOf } from './bank.ts'

export interface Iteration {
  bank: Bank
  lr: number
  momentum: number
}

/** A run of one problem, from a start. */
export class SgdRun {
  readonly #bank: Bank
  readonly #momentum: number
  readonly #rate: number
  readonly #bark: ArrayLike<number>[]
  /** A spectrum a frame. */
  readonly frames: Float64Array[]
  readonly #steps: Float64Array[]

  /**
   * @param frames start, a spectrum a frame; changed
   * @param of frames of the whole problem, where these are some of them: they meet in the step size alone
   */
  constructor(
    { bank, lr, momentum }: Iteration,
    bark: ArrayLike<number>[],
    frames: Float64Array[],
    of = frames.length,
  ) {
    this.#bank = bank
    this.#momentum = momentum
    this.#rate = (2 * lr) / of
    this.#bark = bark
    this.frames = frames
    this.#steps = frames.map(() => new Float64Array(bank.nBands + 1))
  }

  /** Takes one step; returns the mean loss before it. */
  step(): number {
    let loss = 0
    for (let t = 0; t < this.frames.length; t++) loss += this.#stepFrame(t)
    return loss / this.frames.length
  }

  #stepFrame(t: number): number {
    const { nBins, nBands, band, lower, upper } = this.#bank
    const s = this.frames[t]!
    const u = this.#steps[t]!
    const b = this.#bark[t]!
    const y = bandsOf(this.#bank, s)
    let loss = 0
    for (let k = 0; k < nBands; k++) {
      const r = y[k]! - b[k]!
      loss += r * r
      u[k] = this.#momentum * u[k]! + this.#rate * r
    }
    for (let f = 0; f < nBins; f++) {
      const k = band[f]!
      if (k < 0) continue
      const x = s[f]! - (lower[f]! * u[k]! + upper[f]! * u[k + 1]!)
      s[f] = x > 0 ? x : 0
    }
    return loss
  }
}

/** Column t of (rows, time), for every t. */
export function columns(data: ArrayLike<number>, rows: number, time: number): Float64Array[] {
  return Array.from({ length: time }, (_, t) => Float64Array.from({ length: rows }, (_, r) => data[r * time + t]!))
}
