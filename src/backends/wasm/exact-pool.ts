/**
 * An exact solver over a pool of workers: blocks of frames travel there and back, a few at a time, and come back in
 * order. No frame depends on another, so the result has the same bits for every number of workers.
 */
import { type ExactProblem, type ExactSession, type FilterbankSpec, RECORD, type Solved } from '../../backend.ts'
import type { Values } from '../../tensor.ts'
import { readColumns, rowLength, writeColumns } from './columns.ts'
import { blockFrames, WORKER_FRAMES } from './exact-frames.ts'
import { buffers, type ExactBlock, type SolveRemote } from './jobs.ts'
import { release } from './release.ts'

/** Blocks that each worker has or is on its way to. */
const AHEAD = 2

type Floats = Float32Array<ArrayBuffer>

interface Sent {
  first: number
  count: number
  answer: Promise<ExactBlock>
}

export class ExactPoolSession implements ExactSession {
  readonly #spec: FilterbankSpec
  readonly #problem: ExactProblem
  readonly #remotes: SolveRemote[]
  readonly #block: number
  readonly #sent: Sent[] = []
  /** Frames that have been sent, and blocks. */
  #next = 0
  #blocks = 0

  constructor(spec: FilterbankSpec, problem: ExactProblem, remotes: SolveRemote[]) {
    this.#spec = spec
    this.#problem = problem
    this.#remotes = remotes
    this.#block = blockFrames(spec, WORKER_FRAMES)
  }

  get threads(): number {
    return this.#remotes.length
  }

  async advance(): Promise<Solved> {
    const frames = this.#problem.batch * this.#problem.time
    while (this.#next < frames && this.#sent.length < AHEAD * this.#remotes.length) this.#send(frames)
    const { first, count, answer } = this.#sent.shift()!
    const { spectrogram, records } = await answer
    const { nBins } = this.#spec
    const { time } = this.#problem
    writeColumns(spectrogram, 0, rowLength(count), this.#problem.spectrogram, { rows: nBins, time }, first, count)
    // collected too late otherwise: 25 MB at a time, of an hour of sound on two workers
    release(spectrogram)
    return { first, count, records: records.subarray(0, RECORD * count) }
  }

  #send(frames: number): void {
    const { solver, bark, init } = this.#problem
    const first = this.#next
    const count = Math.min(this.#block, frames - first)
    const values = this.#gather(bark, this.#spec.nBands, first, count)
    const prior = init && this.#gather(init, this.#spec.nBins, first, count)
    const remote = this.#remotes[this.#blocks++ % this.#remotes.length]!
    const answer = remote.call({ name: 'exact', solver, bark: values, init: prior, count }, buffers(values, prior))
    // it may be lost while another is waited for
    answer.catch(() => {})
    this.#sent.push({ first, count, answer: answer as Promise<ExactBlock> })
    this.#next += count
  }

  /** (rows, count) of the frames from `first` on. */
  #gather(source: Values, rows: number, first: number, count: number): Floats {
    const part = new Float32Array(rows * count)
    readColumns(source, { rows, time: this.#problem.time }, first, count, part, 0, count)
    return part
  }

  close(): void {
    this.#sent.length = 0
  }
}
