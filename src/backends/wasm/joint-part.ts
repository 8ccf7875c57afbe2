/** The steps of the joint method over a part of a signal, which may be all of it. */
import { sweep } from './frame-sweep.ts'
import { BEFORE, type JointRoom } from './joint-room.ts'
import type { Step } from './joint-schedule.ts'

/** Frames, counted in groups of four over the whole signal. */
export interface Part {
  /** Of the whole signal, whose samples include the zeros at its ends. */
  frames: number
  samples: number
  /** The groups whose result is wanted, and those that it takes to get it. */
  from: number
  to: number
  first: number
  last: number
}

/** Where a part's frames come from, and where what becomes of them goes. */
export interface PartHost {
  /** Fills the staging of the room with frames, from column BEFORE on; tells whether phases are among it. */
  load(first: number, count: number): boolean
  /** Samples of the signal that the frames start from, counted from the beginning of the first frame. */
  signal?(position: number, count: number, heap: Float32Array, at: number): void
  /** What the signal is like that the steps have led to, of some groups. */
  hear(group: number, count: number): void
  /** Samples of the result, counted from the beginning of the first frame. */
  keep(position: number, values: Float32Array): void
}

/** Groups by which a step stays behind the one before it: what its frames read is complete by then. */
export function lagOf({ nFft, hopLength }: { nFft: number; hopLength: number }): number {
  return Math.ceil(Math.floor((2 * Math.floor(nFft / 2)) / hopLength) / 4)
}

/** Groups on which a group's result depends, at either side, when so many steps are done. */
export function reachOf({ nFft, hopLength }: { nFft: number; hopLength: number }, steps: number): number {
  const frames = Math.ceil(nFft / hopLength) - 1
  return Math.ceil((steps * frames) / 4)
}

/** The groups that a part with the groups `from` to `to` takes when so many steps are done to it, and one look. */
export function partOf(
  room: JointRoom,
  shape: { frames: number; samples: number },
  from: number,
  to: number,
  steps: number,
): Part {
  const groups = Math.ceil(shape.frames / 4)
  const halo = reachOf(room.spec, steps)
  // what the ends reflect is settled in one piece
  const most = 2 + Math.ceil((2 * room.edge) / (4 * room.spec.hopLength))
  const first = from - halo <= most ? 0 : from - halo
  const last = to + halo >= groups - most ? groups : to + halo
  return { ...shape, from, to, first, last }
}

/** The positions of the signal's samples that groups hand out; none where `stop` is not above `start`. */
export function positionsOf(
  { spec, edge }: JointRoom,
  { frames, samples }: Part,
  from: number,
  to: number,
): { start: number; stop: number } {
  const hop = 4 * spec.hopLength
  const end = edge + samples
  return { start: Math.max(from * hop, edge), stop: 4 * to >= frames ? end : Math.min(to * hop, end) }
}

/** Does all steps. Yields the part of them that is done. */
export function* runPart(room: JointRoom, part: Part, steps: Step[], host: PartHost): Generator<number, void> {
  yield* new PartRun(room, part, steps, host).all()
}

class PartRun {
  readonly #room: JointRoom
  readonly #part: Part
  readonly #steps: Step[]
  readonly #host: PartHost
  /** The first group in memory. */
  #base: number

  constructor(room: JointRoom, part: Part, steps: Step[], host: PartHost) {
    this.#room = room
    this.#part = part
    this.#steps = steps
    this.#host = host
    this.#base = part.first
  }

  /** After the steps comes a look at what they have led to. */
  *all(): Generator<number, void> {
    const { core, block } = this.#room
    const { frames, samples, first, last } = this.#part
    const { length } = this.#steps
    const groups = last - first
    const lag = lagOf(this.#room.spec)
    const isAll = block + length * lag >= groups
    const held = isAll ? groups : block + length * lag
    this.#room.begin({ frames, samples, first, held })
    const plan = { groups, held, block: isAll ? groups : block, lag: isAll ? 0 : lag }
    let done = 0
    for (const { kind, step, from, to } of sweep(plan, length, block)) {
      if (kind === 'load') {
        for (let at = first + from; at < first + to; at += block) this.#load(at, Math.min(at + block, first + to))
      } else if (kind === 'slide') {
        core.jointSlide(this.#room.state, to - from)
        this.#base += to - from
      } else {
        if (step < length) this.#step(step, first + from, first + to)
        else this.#hear(first + from, first + to)
        done += to - from
        yield done / (groups * (length + 1))
      }
    }
  }

  /** Where a position is in memory, as an index of float32. */
  #indexOf(position: number): number {
    const { core, state, spec } = this.#room
    return core.jointSignal(state) / 4 + position - 4 * this.#base * spec.hopLength
  }

  /** Takes groups in. */
  #load(from: number, to: number): void {
    const { core, memory, state, staging, spec } = this.#room
    const { nFft, hopLength } = spec
    const end = Math.min(4 * to, this.#part.frames)
    const hasPhases = this.#host.load(4 * from, end - 4 * from)
    const column = (rows: number): number => rows + 4 * BEFORE
    const phases = hasPhases ? column(staging.phases) : 0
    const [spectra, bark, mask] = [column(staging.spectra), column(staging.bark), column(staging.mask)]
    core.jointLoad(state, from, spectra, phases, bark, mask, 4 * staging.row, end - 4 * from)
    if (!this.#host.signal) return
    const isFirst = from === this.#part.first
    const start = isFirst ? 4 * from * hopLength : (4 * from - 1) * hopLength + nFft
    const stop = (end - 1) * hopLength + nFft
    this.#host.signal(start, stop - start, memory.floats, this.#indexOf(start))
  }

  /** A step, on those of the groups on which the result depends. */
  #step(index: number, from: number, to: number): void {
    const { frames, first, last } = this.#part
    const reach = reachOf(this.#room.spec, this.#steps.length - index)
    const lower = first === 0 ? from : Math.max(from, this.#part.from - reach)
    const upper = 4 * last >= frames ? to : Math.min(to, this.#part.to + reach)
    if (upper <= lower) return
    const { kind, isDual, isLast, pull, momentum } = this.#steps[index]!
    this.#room.core.jointStep(this.#room.state, lower, upper - lower, kind, isDual, isLast, pull, momentum)
  }

  /** Hands out what is wanted of groups. */
  #hear(from: number, to: number): void {
    const { memory } = this.#room
    const first = Math.max(from, this.#part.from)
    const last = Math.min(to, this.#part.to)
    if (last <= first) return
    this.#host.hear(first, last - first)
    const { start, stop } = positionsOf(this.#room, this.#part, first, last)
    if (stop > start) this.#host.keep(start, memory.floats.subarray(this.#indexOf(start), this.#indexOf(stop)))
  }
}
