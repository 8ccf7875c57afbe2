/** The pitch of a signal: scores of its frames, and the track through them. */
import { readRepeated, rowLength } from './columns.ts'
import type { Levels } from './joint-levels.ts'
import type { Bands, Voice } from './joint-load.ts'
import type { JointRoom } from './joint-room.ts'

/** Bytes of a group's scores: assembly/joint-hear.ts. */
export const SCORES_BYTES = 1536

/** Scores of frames by what bands and signal say, in the memory of a core. */
export class Scores {
  readonly #room: JointRoom
  readonly #bands: Bands
  readonly #scale: number
  readonly #least: number
  readonly #row: number
  readonly #bark: number
  readonly #mask: number
  readonly #out: number

  constructor(room: JointRoom, bands: Bands, levels: Levels) {
    const { core, memory, spec, block } = room
    this.#room = room
    this.#bands = bands
    this.#scale = levels.scale
    this.#least = levels.least
    this.#row = rowLength(4 * block)
    this.#bark = memory.reserve(4 * this.#row * spec.bank.nBands)
    this.#mask = memory.reserve(4 * this.#row)
    this.#out = memory.reserve(SCORES_BYTES * block)
    core.pitchPeak(room.pitch, levels.peak)
  }

  /** @returns where the scores of up to a block of groups are */
  of(group: number, count: number): number {
    const { core, memory, spec, state, pitch } = this.#room
    const { bark, time, offset } = this.#bands
    const rows = { rows: spec.bank.nBands, time }
    const frames = Math.min(4 * count, this.#frames(group))
    readRepeated(bark, rows, offset + 4 * group, frames, memory.floats, this.#bark / 4, this.#row)
    const whole = 4 * Math.ceil(frames / 4)
    core.jointBands(this.#bark, rows.rows, 4 * this.#row, whole, this.#scale, this.#least, this.#mask)
    core.jointScores(state, pitch, group, count, this.#bark, 4 * this.#row, this.#out)
    return this.#out
  }

  /** Frames from a group to the end of the bands. */
  #frames(group: number): number {
    const { time, offset } = this.#bands
    return time - ((offset + 4 * group) % time)
  }
}

/** The track through the scores of all frames of a signal. */
export class Track {
  readonly #room: JointRoom
  readonly #frames: number
  readonly #at: number

  constructor(room: JointRoom, frames: number) {
    this.#room = room
    this.#frames = frames
    this.#at = room.memory.reserve(room.core.pitchTrackBytes(frames))
    room.core.pitchTrackStart(this.#at, frames)
  }

  /** Takes the scores of groups, in order. */
  push(scores: number, group: number, count: number): void {
    for (let i = 0; i < count; i++) {
      this.#room.core.pitchTrackPush(this.#at, scores + i * SCORES_BYTES, Math.min(4, this.#frames - 4 * (group + i)))
    }
  }

  /** What the track has come to. */
  end(): Voice {
    const { core, memory } = this.#room
    const top = memory.top
    const [f0, voicing, slope] = [0, 0, 0].map(() => memory.reserve(4 * this.#frames)) as [number, number, number]
    core.pitchTrackEnd(this.#at, f0, voicing)
    core.pitchSlope(f0, slope, this.#frames)
    const [a, b, c] = [f0, slope, voicing].map((p) => memory.floats.slice(p / 4, p / 4 + this.#frames))
    memory.release(top)
    return { f0: a!, slope: b!, voicing: c!, offset: 0 }
  }
}
