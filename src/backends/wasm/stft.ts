import type { FrameSource, Stft, StftSpec } from '../../stft.ts'
import { pieces, rowLength, writeColumns } from './columns.ts'
import { instantiateSound, type SoundCore } from './core.ts'
import { GROUP } from './lane-groups.ts'
import { Memory } from './memory.ts'
import { SCALINGS } from './sound-session.ts'
import { placeWindow } from './window.ts'

/** Frames that go through the core at a time, where neither a frame nor a hop is very long. */
const FRAMES = 960
/** Values, read or written, that go through the core at a time. Four times as many or as few take as long, measured. */
const VALUES = 2 ** 18
/** Rows from which on the output is touched beforehand, and values touched at a time. */
const MANY_ROWS = 2 ** 13
const TOUCHED = 2 ** 21
/** Values that the core may read past the end of a frame. */
const SLACK = 3

/** Spectrograms in WebAssembly: blocks of frames stream through the core, four neighbours at a time. */
export class WasmStft implements Stft {
  /** The window, as it was asked for: neither scaled nor padded. */
  readonly window: Float32Array
  /** Bins of the output. */
  readonly rows: number
  /** Values of a bin: 2 where they are complex. */
  readonly width: number
  /** False where the output was to be divided by the energy of a window that has none. */
  readonly isScalable: boolean
  readonly #core: SoundCore
  readonly #memory: Memory
  readonly #spec: StftSpec
  readonly #plan: number

  constructor(spec: StftSpec) {
    const { nFft, window, onesided, power } = spec
    this.#core = instantiateSound()
    this.#memory = new Memory(this.#core)
    this.#spec = spec
    this.#plan = this.#memory.reserve(this.#core.stftBytes(nFft))
    const top = this.#memory.top
    const at = placeWindow(this.#core, this.#memory, window)
    this.window = this.#memory.floats.slice(at / 4, at / 4 + window.length)
    const scale = this.#core.stftPlan(this.#plan, nFft, at, window.length, SCALINGS.indexOf(spec.scaling))
    this.#memory.release(top)
    this.isScalable = Number.isFinite(scale)
    this.rows = onesided ? Math.floor(nFft / 2) + 1 : nFft
    this.width = power === null ? 2 : 1
  }

  /**
   * Writes the spectrograms of a source, [items, rows, frames], with a last dimension of 2 where they are complex.
   * Yields after each block; calls may be interleaved.
   */
  *spectrogram(source: FrameSource, out: Float32Array): Generator<undefined, void> {
    const all = source.items * source.frames
    const values = Math.max(this.rows * this.width, source.hopLength)
    const most = Math.max(GROUP, Math.floor(Math.min(FRAMES, VALUES / values) / GROUP) * GROUP)
    // the first block touches new memory in every row: 60 ms at once for 32 000 rows, measured
    for (let i = 0; this.rows > MANY_ROWS && i < out.length; i += TOUCHED) {
      out.fill(0, i, i + TOUCHED)
      yield
    }
    for (let first = 0; first < all; first += most) {
      const top = this.#memory.top
      try {
        this.#block(source, first, Math.min(most, all - first), out)
      } finally {
        this.#memory.release(top)
      }
      yield
    }
  }

  /** Frames `first` and following, counted over all items. */
  #block(source: FrameSource, first: number, count: number, out: Float32Array): void {
    const { nFft, power, onesided } = this.#spec
    const { frames, hopLength } = source
    const groups = Math.ceil(count / GROUP)
    const row = rowLength(count) * this.width
    const list = this.#memory.reserve(4 * GROUP * groups)
    const result = this.#memory.reserve(4 * row * this.rows)
    let next = list
    let last = 0
    for (const { item, frame, length } of pieces(frames, first, count)) {
      const samples = (length - 1) * hopLength + nFft
      const at = this.#memory.reserve(4 * (samples + SLACK))
      source.copy(item, frame * hopLength, samples, this.#memory.floats, at / 4)
      next = this.#core.stftFrames(next, at, hopLength, length)
      last = at + 4 * (length - 1) * hopLength
    }
    // what a last group lacks is its last frame again
    this.#core.stftFrames(next, last, 0, groups * GROUP - count)
    this.#core.stft(this.#plan, list, groups * GROUP, result, 4 * row, power ?? 0)
    if (!onesided) this.#core.stftMirror(this.#plan, result, 4 * row, power === null)

    const { rows, width } = this
    const time = frames * width
    writeColumns(this.#memory.floats, result / 4, row, out, { rows, time }, first * width, count * width)
  }
}
