/** What the pool asks its workers, and what they answer. Everything here can be posted. */
import type { ExactProblem, FilterbankSpec, Gears, Problem, State } from '../../backend.ts'
import type { Behind } from './advances.ts'
import type { Remote } from './remote.ts'

/** A worker's share of a problem: whole blocks of consecutive frames, as one batch item. */
export interface Part extends Omit<Problem, 'spectrogram' | 'bark'> {
  bark: Float32Array
  gears: Gears
  from: State | undefined
}

/** A part of a state on its way: frames `first` to `first + count` of a share, as one batch item. */
export interface Piece {
  first: number
  count: number
  spectrogram: Float32Array
  momentum: Float32Array | undefined
}

export type Job =
  | { name: 'start'; module: WebAssembly.Module; spec: FilterbankSpec }
  | { name: 'open'; session: number; part: Part }
  | { name: 'advance'; session: number; to: number; everyLoss: boolean; keep: boolean; back: boolean }
  /** Fills a piece and sends it back. The first takes what waits; there is no `back` after it. */
  | { name: 'state'; session: number; piece: Piece }
  | { name: 'close'; session: number }
  /** `into` is where the result goes: (nBins, rowLength(count)). */
  | ({ name: 'exact'; bark: Float32Array; init: Float32Array | undefined; into: Float32Array; count: number } & Pick<
      ExactProblem,
      'solver'
    >)

/** Of `advance`: a row of `count` losses for each block, in order, each with what is behind them. */
export interface Advanced {
  at: number
  count: number
  behind: Behind
  sums: Float64Array
}

/** Of `state`. */
export interface Filled {
  iteration: number
  piece: Piece
}

/** Of `exact`: the arrays of the job, `into` filled, and what each frame says of itself. */
export interface ExactBlock {
  bark: Float32Array
  init: Float32Array | undefined
  into: Float32Array
  records: Float64Array
}

export type Answer = Advanced | Filled | ExactBlock | undefined

/** A worker of a pool that solves. */
export type SolveRemote = Remote<Job, Answer>

/** What is handed over rather than copied. */
export function buffers(...arrays: (ArrayBufferView | undefined)[]): ArrayBufferLike[] {
  return arrays.flatMap((array) => (array ? [array.buffer] : []))
}
