/** How the iterations of Griffin-Lim go over the frames of a signal. */
import type { GriffinLimProblem, GriffinLimSpec } from '../../stft.ts'
import { readColumns, rowLength } from './columns.ts'
import { type Sweep, sweep } from './frame-sweep.ts'
import { copyRange, type SoundSession } from './sound-session.ts'

/** Values of the groups of four frames that a call of the core works on, and the least groups taken in at a time. */
const VALUES = 2 ** 17
const LEAST_GROUPS = 8
/** Random numbers drawn ahead between two yields. */
const DRAWN = 2 ** 21

/**
 * Iterations follow each other over the frames where that takes less memory than one after the other; the numbers are
 * the same. Of the iteration before, frame t needs what frames up to t + 2 (nFft // 2) // hopLength have given: its own
 * samples are complete by then, and for the first frame also the one that is reflected to its beginning.
 */
export function planSweep({ nFft, hopLength, iterations }: GriffinLimSpec, frames: number): Sweep {
  const groups = Math.ceil(frames / 4)
  const block = Math.max(LEAST_GROUPS, Math.floor(VALUES / (4 * nFft)))
  const lag = Math.ceil(Math.floor((2 * Math.floor(nFft / 2)) / hopLength) / 4)
  const held = block + iterations * lag
  return held < groups ? { groups, held, block, lag } : { groups, held: groups, block: groups, lag: 0 }
}

/** One call's memory, and the way through its signals in order. */
export class SweepRun {
  readonly #session: SoundSession
  readonly #spec: GriffinLimSpec
  readonly #problem: GriffinLimProblem
  readonly #sweep: Sweep
  readonly #bins: number
  readonly #istft: number
  readonly #state: number
  readonly #staging: number
  /** Where the generator is, and copies of it for the bins. */
  readonly #random: number
  readonly #rows: number

  constructor(session: SoundSession, spec: GriffinLimSpec, problem: GriffinLimProblem, sweep: Sweep) {
    const { core, memory } = session
    const { nFft, hopLength } = spec
    this.#session = session
    this.#spec = spec
    this.#problem = problem
    this.#sweep = sweep
    this.#bins = Math.floor(nFft / 2) + 1
    this.#istft = session.planIstft(problem.frames, 'none')
    this.#state = memory.reserve(core.griffinLimBytes(nFft, hopLength, sweep.held))
    this.#staging = memory.reserve(4 * rowLength(4 * this.#columns()) * this.#bins)
    const hasRows = problem.seed !== null && sweep.block < sweep.groups
    this.#random = memory.reserve(core.randomBytes())
    this.#rows = memory.reserve(hasRows ? this.#bins * core.randomBytes() : 0)
    if (problem.seed !== null) core.randomSeed(this.#random, problem.seed)
  }

  /** Groups that are copied in at a time. */
  #columns(): number {
    return Math.min(this.#sweep.groups, Math.max(1, Math.floor(VALUES / (4 * this.#spec.nFft))))
  }

  /** Writes the signal of an item. Yields the part of it that is done. */
  *signal(item: number, out: Float32Array): Generator<number, void> {
    const { core } = this.#session
    const { nFft, hopLength, iterations, momentum } = this.#spec
    const { frames, samples, seed } = this.#problem
    const { groups, held, block } = this.#sweep
    const [state, stft] = [this.#state, this.#session.stft]
    core.griffinLimPlan(state, stft, this.#istft, nFft, hopLength, frames, samples, held, iterations, momentum)
    if (seed !== null && block < groups) yield* this.#drawAhead()
    let first = 0
    let done = 0
    for (const { kind, step, from, to } of sweep(this.#sweep, iterations, this.#columns())) {
      if (kind === 'load') {
        this.#load(item, from, to)
      } else if (kind === 'slide') {
        core.griffinLimSlide(state, to - from)
        first = to
      } else {
        core.griffinLimRun(state, step, from, to - from)
        if (step === iterations) this.#take(item, first, from, to, out)
        done += to - from
        yield done / (groups * (iterations + 1))
      }
    }
  }

  /** Copies groups in, with their start. */
  #load(item: number, from: number, to: number): void {
    const { core, memory } = this.#session
    const { spectrogram, frames, seed } = this.#problem
    for (let group = from; group < to; group += this.#columns()) {
      const time = 4 * group
      const count = Math.min(4 * this.#columns(), frames - time, 4 * (to - group))
      const row = rowLength(count)
      const columns = { rows: this.#bins, time: frames }
      readColumns(spectrogram, columns, item * frames + time, count, memory.floats, this.#staging / 4, row)
      core.griffinLimLoad(this.#state, group, this.#staging, 4 * row, count, this.#spec.power)
    }
    if (seed === null || from >= to) return
    const isOne = this.#sweep.block >= this.#sweep.groups
    const count = Math.min(4 * to, frames) - 4 * from
    core.griffinLimDraw(this.#state, from, count, isOne ? this.#random : this.#rows, isOne)
  }

  /** Runs the generator through the start of a signal, whose order is (bin, frame), and keeps it as each bin begins. */
  *#drawAhead(): Generator<number, void> {
    const { core } = this.#session
    const { frames } = this.#problem
    const rows = Math.max(1, Math.floor(DRAWN / (2 * frames)))
    for (let row = 0; row < this.#bins; row += rows) {
      const at = this.#rows + row * core.randomBytes()
      core.griffinLimRows(this.#random, at, Math.min(rows, this.#bins - row), frames)
      yield 0
    }
  }

  /** Copies out what the last iteration has completed: groups `from` to before `to`, with `first` the first in memory. */
  #take(item: number, first: number, from: number, to: number, out: Float32Array): void {
    if (from >= to) return
    const { core, memory } = this.#session
    const { nFft, hopLength } = this.#spec
    const { frames, samples } = this.#problem
    const signal = core.griffinLimSignal(this.#state) / 4 - 4 * first * hopLength
    const end = to === this.#sweep.groups ? (frames - 1) * hopLength + nFft : 4 * to * hopLength
    const values = memory.floats.subarray(signal + 4 * from * hopLength, signal + end)
    copyRange(values, 4 * from * hopLength - Math.floor(nFft / 2), out, item * samples, samples)
  }
}
