/**
 * The exact solvers in the memory of one core: blocks of frames stream through it as they lie, (bands, time) in and
 * (bins, time) out, so that what it needs does not grow with the number of frames.
 */
import { type ExactProblem, type FilterbankSpec, RECORD } from '../../backend.ts'
import type { Values } from '../../tensor.ts'
import { copyRows, pieces, rowLength } from './columns.ts'
import { instantiateSolve, type SolveCore } from './core.ts'
import { Filterbank } from './filterbank.ts'
import { GROUP } from './lane-groups.ts'
import { Memory } from './memory.ts'

/** Most frames of a block: some milliseconds. */
export const FRAMES = 256
/** The same for a worker: longer rows are copied faster, and who copies them has the calling thread to itself. */
export const WORKER_FRAMES = 768
/** Most values of a block, for very many bins. */
const VALUES = 2 ** 20

/** Frames of a block of problems with such a filterbank, at most so many. */
export function blockFrames({ nBins, nBands }: FilterbankSpec, frames: number): number {
  const most = Math.min(frames, VALUES / (nBins + nBands))
  return Math.max(GROUP, Math.floor(most / GROUP) * GROUP)
}

export class ExactFrames {
  readonly #spec: FilterbankSpec
  readonly #core: SolveCore
  readonly #memory: Memory
  readonly #plan: number
  readonly #chunk: number
  readonly #group: number
  /** With room for a prior; made when it is needed. */
  #groupOfPrior = 0
  #chunkOfPrior = 0
  #base: number

  constructor(spec: FilterbankSpec) {
    this.#spec = spec
    this.#core = instantiateSolve()
    this.#memory = new Memory(this.#core)
    const bank = new Filterbank(this.#core, this.#memory, spec)
    this.#plan = this.#memory.reserve(this.#core.exactBankBytes(bank.at))
    this.#core.exactBank(this.#plan, bank.at)
    this.#group = this.#newGroup(false)
    this.#chunk = this.#newChunk(false)
    this.#base = this.#memory.top
  }

  #newGroup(hasPrior: boolean): number {
    const at = this.#memory.reserve(this.#core.exactGroupBytes(this.#plan, hasPrior))
    this.#core.exactGroup(at, this.#plan, hasPrior)
    return at
  }

  #newChunk(hasPrior: boolean): number {
    const at = this.#memory.reserve(this.#core.nnlsChunkBytes(this.#plan, hasPrior))
    this.#core.nnlsChunk(at, this.#plan)
    return at
  }

  /** Solves frames `first` to `first + count` of a problem; writes their records, RECORD values each. */
  solve(problem: ExactProblem, first: number, count: number, records: Float64Array): void {
    const from = this.#run(problem, first, count, records) / 4
    const { nBins } = this.#spec
    const { spectrogram, time } = problem
    const row = rowLength(count)
    let column = from
    for (const { item, frame, length } of pieces(time, first, count)) {
      const to = item * nBins * time + frame
      copyRows(this.#memory.floats, column, row, spectrogram, to, time, nBins, length)
      column += length
    }
  }

  /** The same for all frames, as they lie in the core: (nBins, rowLength(frames)). One copy is all that it takes. */
  solveWhole(problem: Omit<ExactProblem, 'spectrogram'>, records: Float64Array): Float32Array<ArrayBuffer> {
    const frames = problem.batch * problem.time
    const from = this.#run(problem, 0, frames, records) / 4
    return this.#memory.floats.slice(from, from + this.#spec.nBins * rowLength(frames)) as Float32Array<ArrayBuffer>
  }

  /** Solves frames and writes their records; returns where the result lies, in rows of rowLength(count). */
  #run(problem: Omit<ExactProblem, 'spectrogram'>, first: number, count: number, records: Float64Array): number {
    const { bark, init, time } = problem
    const { nBins, nBands } = this.#spec
    this.#memory.release(this.#base)
    if (init && this.#groupOfPrior === 0) {
      this.#groupOfPrior = this.#newGroup(true)
      this.#chunkOfPrior = this.#newChunk(true)
      this.#base = this.#memory.top
    }
    const row = rowLength(count)
    const target = this.#memory.reserve(4 * nBands * row)
    const result = this.#memory.reserve(4 * nBins * row)
    const prior = init ? this.#memory.reserve(4 * nBins * row) : 0
    const told = this.#memory.reserve(8 * RECORD * count)
    this.#read(bark, time, first, count, target, nBands, row)
    if (init) this.#read(init, time, first, count, prior, nBins, row)
    const group = init ? this.#groupOfPrior : this.#group
    if (problem.solver === 'maxent') this.#core.maxent(group, target, result, prior, 4 * row, count, told)
    else {
      const chunk = init ? this.#chunkOfPrior : this.#chunk
      this.#core.nnls(group, chunk, target, result, prior, 4 * row, count, told)
    }
    const doubles = this.#memory.doubles
    for (let i = 0; i < RECORD * count; i++) records[i] = doubles[told / 8 + i]!
    return result
  }

  /** Copies frames to rows; the columns that fill the last lane group repeat the last of them. */
  #read(from: Values, time: number, first: number, count: number, to: number, rows: number, row: number): void {
    const heap = this.#memory.floats
    const at = to / 4
    let column = at
    for (const { item, frame, length } of pieces(time, first, count)) {
      copyRows(from, item * rows * time + frame, time, heap, column, row, rows, length)
      column += length
    }
    if (count % GROUP === 0) return
    for (let r = 0, end = at + count; r < rows; r++, end += row) {
      for (let i = count; i % GROUP !== 0; i++) heap[end + i - count] = heap[end - 1]!
    }
  }
}
