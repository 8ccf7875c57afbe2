/** What the pool asks its workers, and what they answer. Everything here can be posted. */
import type { FilterbankSpec, Problem, State } from '../../backend.ts'

/** A worker's share of a problem: whole blocks of consecutive frames, as one batch item. */
export interface Part extends Omit<Problem, 'spectrogram' | 'bark'> {
  bark: Float32Array
  from: State | undefined
}

export type Job =
  | { name: 'start'; module: WebAssembly.Module; spec: FilterbankSpec }
  | { name: 'open'; session: number; part: Part }
  | { name: 'advance'; session: number; to: number; keep: boolean; back: boolean }
  | { name: 'state'; session: number; momentum: boolean }
  | { name: 'close'; session: number }

/** Of `advance`: a row of `count` losses for each block, in order. */
export interface Advanced {
  at: number
  count: number
  sums: Float64Array
}

export type Answer = Advanced | State | undefined

export interface Message {
  id: number
  job: Job
}

export type Reply = { id: number; answer: Answer } | { id: number; error: string }
