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

/** Does all steps. Yields the part of them that is done. */
export function* runPart(room: JointRoom, part: Part, steps: Step[], host: PartHost): Generator<number, void> {
  const { core, memory, spec, block, edge } = room
  const { frames, samples, from, to, first, last } = part
  const { nFft, hopLength } = spec
  const passes = steps.length + 1
  const lag = lagOf(spec)
  const groups = last - first
  const fits = block + steps.length * lag >= groups
  const held = fits ? groups : block + steps.length * lag
  room.begin({ frames, samples, first, held })
  const all = Math.ceil(frames / 4)
  const end = edge + samples
  // where the signal in memory begins
  const at = (position: number, base: number): number =>
    core.jointSignal(room.state) / 4 + position - 4 * base * hopLength
  let base = first
  let done = 0
  for (const piece of sweep({ groups, held, block: fits ? groups : block, lag: fits ? 0 : lag }, steps.length, block)) {
    const a = first + piece.from
    const b = first + piece.to
    if (piece.kind === 'load') {
      const count = Math.min(4 * b, frames) - 4 * a
      const { staging, state } = room
      const withPhases = host.load(4 * a, count)
      const [spectra, bark, mask] = [staging.spectra, staging.bark, staging.mask].map((p) => p + 4 * BEFORE)
      const phases = withPhases ? staging.phases + 4 * BEFORE : 0
      core.jointLoad(state, a, spectra!, phases, bark!, mask!, 4 * staging.row, count)
      if (host.signal) {
        const start = a === first ? 4 * a * hopLength : (4 * a - 1) * hopLength + nFft
        const stop = (Math.min(4 * b, frames) - 1) * hopLength + nFft
        host.signal(start, stop - start, memory.floats, at(start, base))
      }
      continue
    }
    if (piece.kind === 'slide') {
      core.jointSlide(room.state, piece.to - piece.from)
      base += piece.to - piece.from
      continue
    }
    const reach = reachOf(spec, steps.length - piece.step)
    const left = part.first === 0 ? 0 : from - reach
    const right = part.last === all ? all : to + reach
    const lower = Math.max(a, left)
    const upper = Math.min(b, right)
    if (upper > lower) {
      if (piece.step < steps.length) {
        const { kind, isDual, isLast, pull, momentum } = steps[piece.step]!
        core.jointStep(room.state, lower, upper - lower, kind, isDual, isLast, pull, momentum)
      } else if (Math.min(upper, to) > Math.max(lower, from)) {
        const group = Math.max(lower, from)
        const count = Math.min(upper, to) - group
        host.hear(group, count)
        const start = Math.max(4 * group * hopLength, edge)
        const stop = group + count === all ? end : Math.min(end, 4 * (group + count) * hopLength)
        if (stop > start) host.keep(start, memory.floats.subarray(at(start, base), at(stop, base)))
      }
    }
    done += piece.to - piece.from
    yield done / (groups * passes)
  }
}
