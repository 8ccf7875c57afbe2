/**
 * SGD over a pool of workers: each owns consecutive blocks of frames for the whole solve, and runs the same stretches.
 * What travels after a stretch are the losses of each block, which are added up here in the order of the blocks: the
 * result has the same bits for every number of workers, the calling thread's own included.
 */
import type { Advance, FilterbankSpec, Gears, Problem, Session, State } from '../../backend.ts'
import { nextTurn, orLater } from '../../turn.ts'
import { Advances } from './advances.ts'
import { writeColumns } from './columns.ts'
import { BLOCK } from './frames.ts'
import { type Advanced, buffers, type Filled, type Job, type Part, type Piece, type SolveRemote } from './jobs.ts'
import { framesAtATime, gather } from './shares.ts'

/** Milliseconds after which a call comes back, for progress to be told. A stretch of 100 000 frames takes 2 s. */
const PATIENCE_MS = 40

/** Frames `first` to `first + count` of the problem, with the worker that has them. */
interface Share {
  remote: SolveRemote
  first: number
  count: number
}

export class PoolSession implements Session {
  readonly device = 'cpu'
  readonly backend = 'wasm'
  readonly #spec: FilterbankSpec
  readonly #problem: Problem
  readonly #id: number
  readonly #shares: Share[]
  readonly #advances = new Advances()
  #from: State | undefined
  #isSent = false
  #isClosed = false
  #keeps = false
  #returns = false
  /** What the workers are at. */
  #work: Promise<unknown> | undefined

  constructor(
    spec: FilterbankSpec,
    problem: Problem,
    readonly gears: Gears,
    remotes: SolveRemote[],
    id: number,
    readonly why: string | undefined,
  ) {
    this.#spec = spec
    this.#problem = problem
    this.#id = id
    const frames = problem.batch * problem.time
    const blocks = Math.ceil(frames / BLOCK)
    this.#shares = remotes.map((remote, i) => {
      const first = Math.floor((i * blocks) / remotes.length) * BLOCK
      const end = Math.min(frames, Math.floor(((i + 1) * blocks) / remotes.length) * BLOCK)
      return { remote, first, count: end - first }
    })
  }

  get threads(): number {
    return this.#shares.length
  }

  restore(from: State): void {
    this.#from = from
    this.#isSent = this.#keeps = this.#returns = false
  }

  keep(): void {
    this.#keeps = true
  }

  back(): void {
    if (!this.#keeps) this.#returns = true
  }

  async advance(to: number, everyLoss = false): Promise<Advance> {
    const { advance } = this.#advances
    advance.count = 0
    const answers = await this.#wait(() => this.#stretch(to, everyLoss))
    if (!answers) return advance
    const { at, count, behind } = answers[0]!
    const frames = this.#problem.batch * this.#problem.time
    const width = behind ? 2 * count : count
    const mean = (column: number): number => {
      let total = 0
      for (const { sums } of answers) for (let i = column; i < sums.length; i += width) total += sums[i]!
      return total / frames
    }
    this.#advances.tell(at, count, behind, mean)
    return advance
  }

  async state(into: State): Promise<boolean> {
    return (await this.#wait(() => this.#collect(into))) ?? false
  }

  close(): void {
    this.#isClosed = true
    if (!this.#isSent) return
    for (const { remote } of this.#shares) remote.call({ name: 'close', session: this.#id }).catch(() => {})
  }

  /** Begins a piece of work, or goes on waiting for it; undefined where it takes longer than a caller's patience. */
  async #wait<T>(begin: () => Promise<T>): Promise<T | undefined> {
    if (!this.#work) {
      this.#work = begin()
      // after an abort nobody waits for it
      this.#work.catch(() => {})
    }
    const outcome = await orLater(this.#work as Promise<T>, PATIENCE_MS)
    if (outcome !== undefined) this.#work = undefined
    return outcome
  }

  async #stretch(to: number, everyLoss: boolean): Promise<Advanced[]> {
    if (!this.#isSent) await this.#send()
    const marks = { keep: this.#keeps, back: this.#returns }
    const job: Job = { name: 'advance', session: this.#id, to, everyLoss, ...marks }
    this.#keeps = this.#returns = false
    return (await Promise.all(this.#shares.map(({ remote }) => remote.call(job)))) as Advanced[]
  }

  /** Hands each worker its share of the target and of the start; one works while the next is copied for. */
  async #send(): Promise<void> {
    const { batch, time, sgd, seed, bark } = this.#problem
    this.#isSent = true
    const whole = batch * time
    const opened: Promise<unknown>[] = []
    for (const { remote, first, count } of this.#shares) {
      const values = await gather(bark, this.#spec.nBands, time, first, count)
      const from = this.#from && (await this.#shareOf(this.#from, first, count))
      if (this.#isClosed) throw new Error('the solve has been closed')
      const place = { of: whole, skipped: first }
      const part: Part = { bark: values, batch: 1, time: count, sgd, seed, part: place, gears: this.gears, from }
      const handedOver = buffers(values, from?.spectrogram, from?.momentum)
      opened.push(remote.call({ name: 'open', session: this.#id, part }, handedOver))
    }
    await Promise.all(opened)
  }

  async #shareOf({ iteration, spectrogram, momentum }: State, first: number, count: number): Promise<State> {
    const { time } = this.#problem
    return {
      iteration,
      spectrogram: await gather(spectrogram, this.#spec.nBins, time, first, count),
      momentum: momentum && (await gather(momentum, this.#momentumRows(momentum), time, first, count)),
    }
  }

  #momentumRows(momentum: Float32Array): number {
    return momentum.length / (this.#problem.batch * this.#problem.time)
  }

  async #collect(into: State): Promise<boolean> {
    if (!this.#isSent) await this.#send()
    await Promise.all(this.#shares.map((share) => this.#collectShare(share, into)))
    return true
  }

  /** Two pieces go to and fro: one is filled while the other is written. */
  async #collectShare({ remote, first, count }: Share, into: State): Promise<void> {
    const { nBins } = this.#spec
    const rows = into.momentum ? this.#momentumRows(into.momentum) : 0
    const step = framesAtATime(nBins)
    let next = 0
    const shuttle = async (): Promise<void> => {
      let piece = this.#piece(Math.min(step, count), nBins, rows)
      while (next < count && !this.#isClosed) {
        const size = Math.min(step, count - next)
        if (size !== piece.count) piece = this.#piece(size, nBins, rows)
        piece.first = next
        next += size
        const job: Job = { name: 'state', session: this.#id, piece }
        const filled = (await remote.call(job, buffers(piece.spectrogram, piece.momentum))) as Filled
        piece = filled.piece
        into.iteration = filled.iteration
        const at = first + piece.first
        const { time } = this.#problem
        writeColumns(piece.spectrogram, 0, size, into.spectrogram, { rows: nBins, time }, at, size)
        if (piece.momentum) writeColumns(piece.momentum, 0, size, into.momentum!, { rows, time }, at, size)
        // messages that have come meanwhile would all be heard before anything else is
        await nextTurn()
      }
    }
    await Promise.all([shuttle(), shuttle()])
  }

  #piece(count: number, nBins: number, momentumRows: number): Piece {
    const momentum = momentumRows > 0 ? new Float32Array(momentumRows * count) : undefined
    return { first: 0, count, spectrogram: new Float32Array(nBins * count), momentum }
  }
}
