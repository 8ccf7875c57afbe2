import type { CompactBank, FilterbankSpec } from '../../backend.ts'
import type { SolveCore } from './core.ts'

import type { Memory } from './memory.ts'

/** Numbers of the scales in assembly/bark.ts. */
export const SCALES = { traunmuller: 0, schroeder: 1, wang: 2 } as const

/** What it takes of a core. */
type BankCore = Pick<SolveCore, 'filterbankBytes' | 'filterbank' | 'filterbankDense'>

/** A filterbank in the memory of a core. */
export class Filterbank {
  /** Where assembly/filterbank.ts finds it. */
  readonly at: number
  readonly emptyBands: number
  readonly #core: BankCore
  readonly #memory: Memory
  readonly #nBins: number
  readonly #nBands: number

  constructor(core: BankCore, memory: Memory, spec: FilterbankSpec) {
    const { nBins, nBands, fMin, fMax, sampleRate, barkScale, corrected } = spec
    this.#core = core
    this.#memory = memory
    this.#nBins = nBins
    this.#nBands = nBands
    this.at = memory.reserve(core.filterbankBytes(nBins, nBands))
    this.emptyBands = core.filterbank(this.at, nBins, fMin, fMax, nBands, sampleRate, SCALES[barkScale], corrected)
  }

  /** The bank as a matrix, (nBins, nBands). */
  dense(): Float32Array {
    const top = this.#memory.top
    const values = this.#nBins * this.#nBands
    const out = this.#memory.reserve(4 * values)
    this.#core.filterbankDense(this.at, out)
    this.#memory.release(top)
    return this.#memory.floats.slice(out / 4, out / 4 + values)
  }

  /** What assembly/filterbank.ts stores: its header has both pointers behind the two sizes. */
  compact(): CompactBank {
    const floats = this.#memory.floats
    const [, , weights, runs] = new Uint32Array(floats.buffer, this.at, 4)
    return {
      weights: floats.slice(weights! / 4, weights! / 4 + 2 * this.#nBins),
      runs: new Int32Array(floats.buffer, runs!, this.#nBands + 1).slice(),
    }
  }
}
