/**
 * An exact solver over a pool of workers: blocks of frames travel there and back, a few at a time, and come back in
 * order, in arrays that go around: new ones would have to be collected, 25 MB of them at a time. No frame depends on
 * another, so the result has the same bits for every number of workers.
 */
import { type ExactProblem, type ExactSession, type FilterbankSpec, RECORD, type Solved } from '../../backend.ts'
import type { Values } from '../../tensor.ts'
import { readColumns, rowLength, writeColumns } from './columns.ts'
import { blockFrames, FRAMES, WORKER_FRAMES } from './exact-frames.ts'
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

/**
 * Frames of a block: nearly as many as a worker may have at most (half of that beside a start, which travels too), but so
 * that all of them get as many blocks, in whole blocks of one thread.
 */
function shareOf(spec: FilterbankSpec, { batch, time, init }: ExactProblem, workers: number): number {
  const frames = batch * time
  const unit = blockFrames(spec, FRAMES)
  const rounds = Math.ceil(frames / (blockFrames(spec, init ? WORKER_FRAMES / 2 : WORKER_FRAMES) * workers))
  return unit * Math.ceil(frames / (rounds * workers * unit))
}

export class ExactPoolSession implements ExactSession {
  readonly #spec: FilterbankSpec
  readonly #problem: ExactProblem
  readonly #remotes: SolveRemote[]
  readonly #block: number
  readonly #sent: Sent[] = []
  readonly #free: Floats[] = []
  /** Frames that have been sent, and blocks. */
  #next = 0
  #blocks = 0

  constructor(spec: FilterbankSpec, problem: ExactProblem, remotes: SolveRemote[]) {
    this.#spec = spec
    this.#problem = problem
    this.#remotes = remotes
    this.#block = shareOf(spec, problem, remotes.length)
  }

  get threads(): number {
    return this.#remotes.length
  }

  async advance(): Promise<Solved> {
    const frames = this.#problem.batch * this.#problem.time
    while (this.#next < frames && this.#sent.length < AHEAD * this.#remotes.length) this.#send(frames)
    const { first, count, answer } = this.#sent.shift()!
    const block = await answer
    const { nBins } = this.#spec
    const { time } = this.#problem
    writeColumns(block.into, 0, rowLength(count), this.#problem.spectrogram, { rows: nBins, time }, first, count)
    for (const array of [block.bark, block.init, block.into]) if (array) this.#free.push(array as Floats)
    return { first, count, records: block.records.subarray(0, RECORD * count) }
  }

  #send(frames: number): void {
    const { solver, bark, init } = this.#problem
    const first = this.#next
    const count = Math.min(this.#block, frames - first)
    const values = this.#gather(bark, this.#spec.nBands, first, count)
    const prior = init && this.#gather(init, this.#spec.nBins, first, count)
    const into = this.#array(this.#spec.nBins * rowLength(count))
    const remote = this.#remotes[this.#blocks++ % this.#remotes.length]!
    const answer = remote.call(
      { name: 'exact', solver, bark: values, init: prior, into, count },
      buffers(values, prior, into),
    )
    // it may be lost while another is waited for
    answer.catch(() => {})
    this.#sent.push({ first, count, answer: answer as Promise<ExactBlock> })
    this.#next += count
  }

  /** (rows, count) of the frames from `first` on. */
  #gather(source: Values, rows: number, first: number, count: number): Floats {
    const part = this.#array(rows * count)
    readColumns(source, { rows, time: this.#problem.time }, first, count, part, 0, count)
    return part
  }

  /** One that has come back, or a new one. */
  #array(length: number): Floats {
    const at = this.#free.findIndex((array) => array.length === length)
    return at < 0 ? new Float32Array(length) : this.#free.splice(at, 1)[0]!
  }

  close(): void {
    this.#sent.length = 0
    release(...this.#free)
  }
}
