/**
 * The exact solvers in the memory of one core: blocks of frames stream through it as they lie, (bands, time) in and
 * (bins, time) out, so that what it needs does not grow with the number of frames.
 */
import { type ExactProblem, type FilterbankSpec, RECORD } from '../../backend.ts'
import { readRepeated, rowLength, writeColumns } from './columns.ts'
import { instantiateSolve, type SolveCore } from './core.ts'
import { Filterbank } from './filterbank.ts'
import { GROUP } from './lane-groups.ts'
import { Memory } from './memory.ts'

/** Most frames of a block: some milliseconds. */
export const FRAMES = 256
/**
 * The same for a worker: longer rows are copied faster. An hour on two threads is 1.68 times as fast as on one with 768
 * frames, 1.74 with these; 1 536 would take more than a fifth of the result beside it.
 */
export const WORKER_FRAMES = 1024
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
  /** What a solver works in, without and with a prior; made when it is needed. */
  readonly #rooms: [number?, number?] = []
  /** End of what outlives a block. */
  #base: number

  constructor(spec: FilterbankSpec) {
    this.#spec = spec
    this.#core = instantiateSolve()
    this.#memory = new Memory(this.#core)
    const bank = new Filterbank(this.#core, this.#memory, spec)
    this.#plan = this.#memory.reserve(this.#core.exactBankBytes(bank.at))
    this.#core.exactBank(this.#plan, bank.at)
    this.#base = this.#memory.top
  }

  /** Only between two blocks. */
  #room(hasPrior: boolean): number {
    const which = hasPrior ? 1 : 0
    const made = this.#rooms[which]
    if (made) return made
    const room = this.#memory.reserve(this.#core.exactRoomBytes(this.#plan, hasPrior))
    this.#core.exactRoom(room, this.#plan, hasPrior)
    this.#base = this.#memory.top
    this.#rooms[which] = room
    return room
  }

  /** Solves frames `first` to `first + count` of a problem; writes their records, RECORD values each. */
  solve(problem: ExactProblem, first: number, count: number, records: Float64Array): void {
    const from = this.#run(problem, first, count, records) / 4
    const { nBins } = this.#spec
    const { spectrogram, time } = problem
    writeColumns(this.#memory.floats, from, rowLength(count), spectrogram, { rows: nBins, time }, first, count)
  }

  /** The same for all frames, as they lie in the core: (nBins, rowLength(frames)). One copy is all that it takes. */
  solveWhole(problem: Omit<ExactProblem, 'spectrogram'>, records: Float64Array, into: Float32Array): void {
    const from = this.#run(problem, 0, problem.batch * problem.time, records) / 4
    into.set(this.#memory.floats.subarray(from, from + into.length))
  }

  /** Solves frames and writes their records; returns where the result lies, in rows of rowLength(count). */
  #run(problem: Omit<ExactProblem, 'spectrogram'>, first: number, count: number, records: Float64Array): number {
    const { bark, init, time } = problem
    const { nBins, nBands } = this.#spec
    this.#memory.release(this.#base)
    const room = this.#room(init !== undefined)
    const row = rowLength(count)
    const target = this.#memory.reserve(4 * nBands * row)
    const result = this.#memory.reserve(4 * nBins * row)
    const prior = init ? this.#memory.reserve(4 * nBins * row) : 0
    const told = this.#memory.reserve(8 * RECORD * count)
    const heap = this.#memory.floats
    readRepeated(bark, { rows: nBands, time }, first, count, heap, target / 4, row)
    if (init) readRepeated(init, { rows: nBins, time }, first, count, heap, prior / 4, row)
    this.#core[problem.solver](room, target, result, prior, 4 * row, count, told)
    const doubles = this.#memory.doubles
    for (let i = 0; i < RECORD * count; i++) records[i] = doubles[told / 8 + i]!
    return result
  }
}
