/**
 * SGD over a pool of workers: each owns consecutive blocks of frames for the whole solve, and runs the same stretches.
 * What travels after a stretch are the losses of each block, which are added up here in the order of the blocks: the
 * result has the same bits for every number of workers, the calling thread's own included.
 */
import type { Advance, FilterbankSpec, Problem, Session, State } from '../../backend.ts'
import { nextTurn, now } from '../../turn.ts'
import { copyRows, pieces } from './columns.ts'
import { BLOCK, STRETCH } from './frames.ts'
import type { Advanced, Job, Part } from './jobs.ts'
import type { Remote } from './remote.ts'

const SLICE_MS = 8
/** Frames that are copied between two looks at the clock. */
const COPIED = 512
/** Values that are copied for a worker between two turns of the event loop. */
const VALUES = 2 ** 22

type Floats = Float32Array<ArrayBuffer>

/** Frames `first` to `first + count` of the problem, with the worker that has them. */
interface Share {
  remote: Remote
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
  readonly #advance: Advance = {
    at: 0,
    count: 0,
    iteration: new Float64Array(STRETCH),
    loss: new Float32Array(STRETCH),
  }
  #from: State | undefined
  #isSent = false
  #keeps = false
  #returns = false
  /** What the workers have sent for `state`, and the frames of it that are written. */
  #states: State[] | undefined
  #written = 0

  constructor(
    spec: FilterbankSpec,
    problem: Problem,
    remotes: Remote[],
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

  async advance(to: number): Promise<Advance> {
    if (!this.#isSent) await this.#send()
    const job: Job = { name: 'advance', session: this.#id, to, keep: this.#keeps, back: this.#returns }
    this.#keeps = this.#returns = false
    const answers = (await this.#all(job)) as Advanced[]
    const { at, count } = answers[0]!
    const frames = this.#problem.batch * this.#problem.time
    const advance = this.#advance
    for (let i = 0; i < count; i++) {
      let total = 0
      for (const { sums } of answers) for (let row = i; row < sums.length; row += count) total += sums[row]!
      advance.iteration[i] = at - count + 1 + i
      advance.loss[i] = total / frames
    }
    advance.at = at
    advance.count = count
    return advance
  }

  async state(into: State): Promise<boolean> {
    if (!this.#isSent) await this.#send()
    this.#states ??= (await this.#all({
      name: 'state',
      session: this.#id,
      momentum: into.momentum !== undefined,
    })) as State[]
    const frames = this.#problem.batch * this.#problem.time
    const deadline = now() + SLICE_MS
    while (this.#written < frames) {
      if (now() > deadline) return false
      const i = this.#shares.findIndex(({ first, count }) => this.#written < first + count)
      const { first, count } = this.#shares[i]!
      const end = Math.min(first + count, this.#written + COPIED)
      const { spectrogram, momentum } = this.#states[i]!
      this.#scatter(spectrogram, this.#spec.nBins, into.spectrogram, first, count, this.#written, end)
      if (momentum) this.#scatter(momentum, momentum.length / count, into.momentum!, first, count, this.#written, end)
      this.#written = end
    }
    into.iteration = this.#states[0]!.iteration
    this.#states = undefined
    this.#written = 0
    return true
  }

  close(): void {
    if (!this.#isSent) return
    for (const { remote } of this.#shares) remote.call({ name: 'close', session: this.#id }).catch(() => {})
  }

  #all(job: Job): Promise<unknown[]> {
    return Promise.all(this.#shares.map(({ remote }) => remote.call(job)))
  }

  /** Hands each worker its share of the target and of the start; one works while the next is copied for. */
  async #send(): Promise<void> {
    const { batch, time, sgd, seed, bark } = this.#problem
    this.#isSent = true
    const whole = batch * time
    const opened: Promise<unknown>[] = []
    for (const { remote, first, count } of this.#shares) {
      const values = await this.#gather(bark, this.#spec.nBands, first, count)
      const from = this.#from && (await this.#shareOf(this.#from, first, count))
      const part: Part = { bark: values, batch: 1, time: count, sgd, seed, part: { of: whole, skipped: first }, from }
      opened.push(remote.call({ name: 'open', session: this.#id, part }, [values.buffer]))
    }
    await Promise.all(opened)
  }

  async #shareOf({ iteration, spectrogram, momentum }: State, first: number, count: number): Promise<State> {
    const rows = momentum ? momentum.length / (this.#problem.batch * this.#problem.time) : 0
    return {
      iteration,
      spectrogram: await this.#gather(spectrogram, this.#spec.nBins, first, count),
      momentum: momentum && (await this.#gather(momentum, rows, first, count)),
    }
  }

  /** (1, rows, count) of the frames from `first` on. */
  async #gather(source: Problem['bark'], rows: number, first: number, count: number): Promise<Floats> {
    const { time } = this.#problem
    const part = new Float32Array(rows * count)
    const step = Math.max(COPIED, Math.floor(VALUES / rows))
    for (let column = 0; column < count; ) {
      if (column > 0) await nextTurn()
      for (const { item, frame, length } of pieces(time, first + column, Math.min(step, count - column))) {
        copyRows(source, item * rows * time + frame, time, part, column, count, rows, length)
        column += length
      }
    }
    return part
  }

  /** The other way round, for frames `from` to `end` of a share. */
  #scatter(
    part: Float32Array,
    rows: number,
    target: Float32Array,
    first: number,
    count: number,
    from: number,
    end: number,
  ): void {
    const { time } = this.#problem
    let column = from - first
    for (const { item, frame, length } of pieces(time, from, end - from)) {
      copyRows(part, column, count, target, item * rows * time + frame, time, rows, length)
      column += length
    }
  }
}
