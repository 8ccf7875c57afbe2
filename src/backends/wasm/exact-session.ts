/** An exact solver on the calling thread: one block of frames a call. */
import { type ExactProblem, type ExactSession, type FilterbankSpec, RECORD, type Solved } from '../../backend.ts'
import { blockFrames, ExactFrames, FRAMES } from './exact-frames.ts'

export class WasmExactSession implements ExactSession {
  readonly threads = 1
  why: string | undefined
  readonly #frames: ExactFrames
  readonly #block: number
  readonly #solved: Solved
  readonly #onClose: (session: WasmExactSession) => void
  #problem: ExactProblem | undefined

  constructor(spec: FilterbankSpec, onClose: (session: WasmExactSession) => void) {
    this.#frames = new ExactFrames(spec)
    this.#block = blockFrames(spec, FRAMES)
    this.#solved = { first: 0, count: 0, records: new Float64Array(RECORD * this.#block) }
    this.#onClose = onClose
  }

  /** Takes on a problem, in the memory of the last one. */
  begin(problem: ExactProblem, why?: string): void {
    this.why = why
    this.#problem = problem
    this.#solved.first = this.#solved.count = 0
  }

  advance(): Solved {
    const solved = this.#solved
    const { batch, time } = this.#problem!
    solved.first += solved.count
    solved.count = Math.min(this.#block, batch * time - solved.first)
    this.#frames.solve(this.#problem!, solved.first, solved.count, solved.records)
    return solved
  }

  close(): void {
    this.#problem = undefined
    this.#onClose(this)
  }
}
