import type { FilterbankSpec, Projection } from '../../backend.ts'
import type { Values } from '../../tensor.ts'
import { readColumns, rowLength, writeColumns } from './columns.ts'
import { instantiateSolve, type SolveCore } from './core.ts'
import { Filterbank } from './filterbank.ts'
import { GROUP } from './lane-groups.ts'
import { Memory } from './memory.ts'

/** Frames that go through the core at a time, where bins and bands are not very many. */
const FRAMES = 960
/** Values, read and written, that go through the core at a time: some milliseconds. */
const VALUES = 2 ** 20

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

  *project(spectrogram: Values, bark: Float32Array, batch: number, time: number): Generator<undefined, void> {
    const { nBins, nBands } = this.#spec
    const most = Math.floor(Math.min(FRAMES, VALUES / (nBins + nBands)) / GROUP) * GROUP
    for (let n = 0; n < batch * time; n += most || GROUP) {
      const top = this.#memory.top
      try {
        this.#block(spectrogram, bark, time, n, Math.min(most || GROUP, batch * time - n))
      } finally {
        this.#memory.release(top)
      }
      yield
    }
  }

  /** Projects `count` frames from frame `n` on, counted over all items. */
  #block(spectrogram: Values, bark: Float32Array, time: number, n: number, count: number): void {
    const { nBins, nBands } = this.#spec
    const row = rowLength(count)
    const x = this.#memory.reserve(4 * nBins * row) / 4
    const y = this.#memory.reserve(4 * nBands * row) / 4
    const heap = this.#memory.floats
    readColumns(spectrogram, { rows: nBins, time }, n, count, heap, x, row)
    this.#core.project(this.bank.at, 4 * x, 4 * y, 4 * row)
    writeColumns(heap, y, row, bark, { rows: nBands, time }, n, count)
  }
}
