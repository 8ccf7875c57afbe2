import type { FilterbankSpec, Projection } from '../../backend.ts'
import { instantiateSolve, type SolveCore } from './core.ts'
import { Filterbank } from './filterbank.ts'
import { Memory } from './memory.ts'

/** Frames that go through the core at a time, where the bins are not very many. */
const FRAMES = 960
/** Values that go through the core at a time. */
const VALUES = 2 ** 20
/** Frames of a lane group, and the bytes of a row of one. */
const GROUP = 8

/** Band projection in WebAssembly: blocks of frames stream through the core as they lie, (bins, time). */
export class WasmProjection implements Projection {
  readonly bank: Filterbank
  readonly #core: SolveCore
  readonly #memory: Memory
  readonly #spec: FilterbankSpec

  constructor(spec: FilterbankSpec) {
    this.#core = instantiateSolve()
    this.#memory = new Memory(this.#core)
    this.#spec = spec
    this.bank = new Filterbank(this.#core, this.#memory, spec)
  }

  *project(spectrogram: Float32Array, bark: Float32Array, batch: number, time: number): Generator<undefined, void> {
    const { nBins, nBands } = this.#spec
    const most = Math.max(GROUP, Math.min(FRAMES, Math.floor(VALUES / nBins / GROUP) * GROUP))
    for (let item = 0; item < batch; item++) {
      for (let t = 0; t < time; t += most) {
        this.#block(
          spectrogram,
          item * nBins * time + t,
          bark,
          item * nBands * time + t,
          time,
          Math.min(most, time - t),
        )
        yield
      }
    }
  }

  /** Projects `frames` columns; `from` and `to` are where their first rows begin. */
  #block(spectrogram: Float32Array, from: number, bark: Float32Array, to: number, time: number, frames: number): void {
    const { nBins, nBands } = this.#spec
    const row = rowLength(frames)
    const top = this.#memory.top
    const x = this.#memory.reserve(4 * nBins * row)
    const y = this.#memory.reserve(4 * nBands * row)
    const heap = this.#memory.floats
    for (let f = 0; f < nBins; f++, from += time) heap.set(spectrogram.subarray(from, from + frames), x / 4 + f * row)
    this.#core.project(this.bank.at, x, y, 4 * row)
    for (let k = 0; k < nBands; k++, to += time) {
      const at = y / 4 + k * row
      bark.set(heap.subarray(at, at + frames), to)
    }
    this.#memory.release(top)
  }
}

/** Values of a row: whole lane groups, and not a large power of two, whose rows would share few cache sets. */
function rowLength(frames: number): number {
  const row = Math.ceil(frames / GROUP) * GROUP
  return row % 256 === 0 ? row + GROUP : row
}
