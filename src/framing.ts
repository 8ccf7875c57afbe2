/** How frames lie over signals and over what torchaudio pads them with; the blocks are cut from here. */
import { expected } from './options.ts'
import type { Values } from './tensor.ts'

export const PAD_MODES = ['reflect', 'constant', 'replicate', 'circular'] as const

export type PadMode = (typeof PAD_MODES)[number]

/** How frames lie over a signal; every field checked. */
export interface Framing {
  /** Samples of a frame. */
  nFft: number
  /** Samples from a frame to the next. */
  hopLength: number
  /** Zeros at either end. */
  pad: number
  /** Whether another nFft // 2 samples are added at either end of that, as `padMode` says. */
  center: boolean
  padMode: PadMode
}

/** Signals of the same length and the frames over each, none of them held twice. */
export class PaddedSignals {
  readonly items: number
  /** Frames of a signal. */
  readonly frames: number
  readonly hopLength: number
  readonly #data: Values
  readonly #samples: number
  readonly #framing: Framing
  /** Samples that `padMode` fills at either end. */
  readonly #edge: number

  /**
   * @param data [items, samples]
   * @throws RangeError where a signal is too short
   */
  constructor(data: Values, items: number, samples: number, framing: Framing) {
    this.#data = data
    this.#samples = samples
    this.#framing = framing
    this.#edge = framing.center ? Math.floor(framing.nFft / 2) : 0
    this.items = items
    this.hopLength = framing.hopLength
    checkLength(samples, this.#edge, framing)
    const all = samples + 2 * (framing.pad + this.#edge)
    this.frames = 1 + Math.floor((all - framing.nFft) / framing.hopLength)
  }

  /** Writes `count` samples of a signal, counted from the first of its first frame, to `to` from `at` on. */
  copy(item: number, from: number, count: number, to: Float32Array, at: number): void {
    const start = item * this.#samples
    const first = from - this.#edge - this.#framing.pad
    const a = Math.min(Math.max(0, -first), count)
    const b = Math.min(Math.max(a, this.#samples - first), count)
    to.set(this.#data.subarray(start + first + a, start + first + b), at + a)
    for (let i = 0; i < a; i++) to[at + i] = this.#outside(start, first + i)
    for (let i = b; i < count; i++) to[at + i] = this.#outside(start, first + i)
  }

  /** The value at `i`, before or behind the signal that begins at `start`. */
  #outside(start: number, i: number): number {
    const { pad, padMode } = this.#framing
    const length = this.#samples + 2 * pad
    let p = i + pad
    if (p < 0 || p >= length) {
      if (padMode === 'constant') return 0
      if (padMode === 'reflect') p = p < 0 ? -p : 2 * (length - 1) - p
      else if (padMode === 'circular') p = p < 0 ? p + length : p - length
      else p = p < 0 ? 0 : length - 1
    }
    p -= pad
    return p >= 0 && p < this.#samples ? this.#data[start + p]! : 0
  }
}

/** What upstream asks for, in samples of the waveform itself. */
function checkLength(samples: number, edge: number, { nFft, pad, center, padMode }: Framing): void {
  const length = samples + 2 * pad
  const padding = `for ${padMode} padding of nFft ${nFft}`
  let what: string | undefined
  if (!center) {
    if (length < nFft) what = `at least ${nFft - 2 * pad} samples for nFft ${nFft} without center`
  } else if (length < 1) {
    what = 'at least 1 sample'
  } else if (padMode === 'reflect') {
    if (length <= edge) what = `more than ${edge - 2 * pad} samples ${padding}`
  } else if (padMode === 'circular') {
    if (length < edge) what = `at least ${edge - 2 * pad} samples ${padding}`
  }
  if (what) throw new RangeError(expected('waveform', what, samples))
}
