/** One signal that workers share: what each part of a stage needs, and what becomes of its result. */
import type { JointProblem, StageTimes } from '../../joint.ts'
import { now } from '../../turn.ts'
import { readColumns, writeColumns } from './columns.ts'
import type { PartDone, PartTask } from './joint-jobs.ts'
import type { Levels } from './joint-levels.ts'
import { type Bands, loadMagnitudes, type Voice } from './joint-load.ts'
import { type Part, partOf, reachOf } from './joint-part.ts'
import { Phases } from './joint-phases.ts'
import { SCORES_BYTES, Track } from './joint-pitch.ts'
import { BEFORE, type JointRoom } from './joint-room.ts'
import type { Schedule, Step } from './joint-schedule.ts'
import { Waveform } from './joint-waveform.ts'

/** Most groups of a part: some seconds of work, and some tens of MB of phases. */
const MOST_GROUPS = 1024
/** Steps of a frame that take as long as to prepare it. */
const PREPARATION = 8

export class SharedSignal {
  readonly #room: JointRoom
  readonly #problem: JointProblem
  readonly #item: number
  readonly #levels: Levels
  readonly #bands: Bands
  readonly #stages: Step[][]
  readonly #workers: number
  readonly #times: StageTimes
  readonly #waveform: Waveform
  readonly #phases: Phases
  readonly #track: Track | undefined
  readonly #scores: number
  readonly #groups: number
  #stage = 0
  #parts: Part[]
  #voice: Voice | undefined
  /** Magnitudes and phases of the parts that are being prepared, and how many blocks of them are there. */
  readonly #started: Map<number, { spectra: Float32Array; phases: Float32Array }>
  #blocks = 0
  #missed = 0
  #asked = 0

  constructor(
    room: JointRoom,
    problem: JointProblem,
    item: number,
    levels: Levels,
    plan: Schedule,
    workers: number,
    times: StageTimes,
  ) {
    const { bark, spectrogram, frames, samples, seed, waveform } = problem
    this.#room = room
    this.#started = new Map()
    this.#problem = problem
    this.#item = item
    this.#levels = levels
    this.#stages = plan.stages
    this.#workers = workers
    this.#times = times
    this.#groups = Math.ceil(frames / 4)
    this.#bands = { bark, spectrogram, spectrogramScale: levels.scale, time: frames, offset: item * frames }
    this.#waveform = new Waveform(room.spec, room.edge, waveform.subarray(item * samples, (item + 1) * samples))
    this.#phases = new Phases(room, seed, levels.peak)
    this.#parts = this.#divide()
    if (plan.stages.length > 1) this.#track = new Track(room, frames)
    this.#scores = room.memory.reserve(room.spec.pitch ? SCORES_BYTES * room.block : 0)
  }

  get hasStage(): boolean {
    return this.#stage < this.#stages.length
  }

  get parts(): number {
    return this.#parts.length
  }

  /** Which part of all steps the stage is. */
  get weight(): number {
    return this.#steps().length / this.#stages.reduce((sum, { length }) => sum + length, 0)
  }

  get bandConvergence(): number {
    return Math.sqrt(this.#missed / this.#asked)
  }

  #steps(): Step[] {
    return this.#stages[this.#stage]!
  }

  #isLast(): boolean {
    return this.#stage === this.#stages.length - 1
  }

  /** A part for each worker, or more where they would be too long; none shorter than what it reads beside itself. */
  #divide(): Part[] {
    const { frames, samples } = this.#problem
    const { spec } = this.#room
    const steps = this.#steps().length
    const halo = reachOf(spec, steps)
    const rounds = Math.ceil(this.#groups / (MOST_GROUPS * this.#workers))
    const count = Math.max(1, Math.min(rounds * this.#workers, Math.floor(this.#groups / halo)))
    const shape = { frames, samples: samples + 2 * spec.pad }
    // each part of the first stage waits for the calling thread to prepare it, after those before: they get shorter
    const q = this.#stage === 0 && rounds === 1 ? steps / (steps + PREPARATION) : 1
    const share = (i: number): number => (q < 1 ? (1 - q ** i) / (1 - q ** count) : i / count)
    const cut = (i: number): number => Math.round(this.#groups * share(i))
    return Array.from({ length: count }, (_, i) => partOf(this.#room, shape, cut(i), cut(i + 1), steps))
  }

  /** Makes the phases that a part starts with, which depend on those before. Yields after each block. */
  *prepare(i: number): Generator<undefined, void> {
    if (this.#stage > 0) return
    const { block } = this.#room
    const last = Math.min(this.#groups, this.#parts[i]!.last)
    for (; this.#blocks * block < last; this.#blocks++) {
      this.#prepareBlock(4 * this.#blocks * block)
      yield
    }
  }

  #prepareBlock(first: number): void {
    const { block, bins, memory, staging } = this.#room
    const { frames } = this.#problem
    const count = Math.min(4 * block, frames - first)
    const behind = Math.min(this.#phases.behind, frames - first - count)
    const start = now()
    this.#phases.turn()
    loadMagnitudes(this.#room, this.#bands, this.#levels, first, count + behind)
    const solved = now()
    this.#phases.next(first, count, behind)
    for (const [i, part] of this.#parts.entries()) {
      const from = Math.max(first, 4 * part.first)
      const to = Math.min(first + count, 4 * part.last)
      if (to <= from) continue
      const time = this.#framesOf(part)
      const made = (): Float32Array => new Float32Array(bins * time)
      const start = this.#started.get(i) ?? { spectra: made(), phases: made() }
      this.#started.set(i, start)
      for (const name of ['spectra', 'phases'] as const) {
        const at = staging[name] / 4 + BEFORE + from - first
        writeColumns(
          memory.floats,
          at,
          staging.row,
          start[name],
          { rows: bins, time },
          from - 4 * part.first,
          to - from,
        )
      }
    }
    this.#times.magnitudes += solved - start
    this.#times.phase += now() - solved
  }

  #framesOf({ first, last, frames }: Part): number {
    return Math.min(4 * last, frames) - 4 * first
  }

  /** All that a worker needs for a part. */
  task(i: number): PartTask {
    const part = this.#parts[i]!
    const { spec, bins } = this.#room
    const time = this.#framesOf(part)
    const { bark, spectrogram } = this.#bands
    const start = this.#started.get(i)
    this.#started.delete(i)
    return {
      part,
      steps: this.#steps(),
      levels: this.#levels,
      bark: this.#gather(bark, spec.bank.nBands, part, time),
      spectrogram: start?.spectra ?? (spectrogram && this.#gather(spectrogram, bins, part, time)),
      spectrogramScale: start ? 1 : this.#levels.scale,
      phases: start?.phases,
      signal: this.#stage === 0 ? undefined : this.#signal(part, time),
      voice: this.#voice && { ...this.#cutVoice(this.#voice, 4 * part.first, time), offset: -4 * part.first },
      isScored: !this.#isLast(),
    }
  }

  #gather(source: JointProblem['bark'], rows: number, part: Part, count: number): Float32Array {
    const { frames } = this.#problem
    const values = new Float32Array(rows * count)
    readColumns(source, { rows, time: frames }, this.#item * frames + 4 * part.first, count, values, 0, count)
    return values
  }

  #signal(part: Part, time: number): Float32Array {
    const { nFft, hopLength } = this.#room.spec
    const values = new Float32Array((time - 1) * hopLength + nFft)
    this.#waveform.read(4 * part.first * hopLength, values.length, values, 0)
    return values
  }

  #cutVoice({ f0, slope, voicing }: Voice, from: number, count: number): Omit<Voice, 'offset'> {
    const cut = (values: Float32Array): Float32Array => values.slice(from, from + count)
    return { f0: cut(f0), slope: cut(slope), voicing: cut(voicing) }
  }

  /** Takes over what a worker has made of a part; parts in order. */
  take(i: number, { position, samples, scores, missed }: PartDone): void {
    const { from } = this.#parts[i]!
    this.#waveform.keep(position, samples, this.#isLast() ? this.#levels.gain : 1)
    if (scores) this.#push(scores, from)
    for (let k = 0; missed && k < missed.length; k += 2) {
      this.#missed += missed[k]!
      this.#asked += missed[k + 1]!
    }
  }

  #push(scores: Float32Array, group: number): void {
    const { memory, block } = this.#room
    const values = SCORES_BYTES / 4
    for (let at = 0; at < scores.length; at += block * values, group += block) {
      const some = scores.subarray(at, at + block * values)
      memory.floats.set(some, this.#scores / 4)
      this.#track!.push(this.#scores, group, some.length / values)
    }
  }

  /** Goes on to the next stage. */
  end(): void {
    if (!this.#isLast()) this.#voice = this.#track!.end()
    this.#stage++
    if (this.hasStage) this.#parts = this.#divide()
  }
}
