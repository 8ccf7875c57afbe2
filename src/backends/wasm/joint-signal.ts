/** From bands to sound, one signal in one core, all of its frames in one part. */
import type { JointProblem, StageTimes } from '../../joint.ts'
import { now } from '../../turn.ts'
import type { Levels } from './joint-levels.ts'
import { type Bands, loadMagnitudes, type Voice } from './joint-load.ts'
import { type PartHost, partOf, runPart } from './joint-part.ts'
import { Phases } from './joint-phases.ts'
import { Scores, Track } from './joint-pitch.ts'
import type { JointRoom } from './joint-room.ts'
import type { Schedule, Step } from './joint-schedule.ts'
import { Waveform } from './joint-waveform.ts'

export class SignalRun implements PartHost {
  readonly #room: JointRoom
  readonly #levels: Levels
  readonly #bands: Bands
  readonly #frames: number
  readonly #samples: number
  readonly #waveform: Waveform
  readonly #stages: Step[][]
  readonly #times: StageTimes
  readonly #phases: Phases
  readonly #scores: Scores | undefined
  readonly #track: Track | undefined
  readonly #told: number
  #stage = 0
  #voice: Voice | undefined
  /** Squares of what the bands of the result miss, and of the bands. */
  #missed = 0
  #asked = 0

  constructor(room: JointRoom, problem: JointProblem, item: number, levels: Levels, plan: Schedule, times: StageTimes) {
    const { bark, spectrogram, frames, samples, seed, waveform } = problem
    this.#room = room
    this.#levels = levels
    this.#bands = { bark, spectrogram, spectrogramScale: levels.scale, time: frames, offset: item * frames }
    this.#frames = frames
    this.#samples = samples + 2 * room.spec.pad
    this.#waveform = new Waveform(room.spec, room.edge, waveform.subarray(item * samples, (item + 1) * samples))
    this.#stages = plan.stages
    this.#times = times
    this.#phases = new Phases(room, seed, levels.peak)
    this.#told = room.memory.reserve(16 * room.block)
    if (plan.stages.length === 1) return
    this.#scores = new Scores(room, this.#bands, levels)
    this.#track = new Track(room, frames)
  }

  get bandConvergence(): number {
    return Math.sqrt(this.#missed / this.#asked)
  }

  /** Yields the part of the steps that is done. */
  *steps(): Generator<number, void> {
    const all = this.#stages.reduce((sum, { length }) => sum + length, 0)
    const { memory } = this.#room
    const top = memory.top
    let done = 0
    for (const steps of this.#stages) {
      memory.release(top)
      for (const share of this.#run(steps)) yield (done + share * steps.length) / all
      done += steps.length
      if (!this.#isLast()) this.#timed('pitch', () => (this.#voice = this.#track!.end()))
      this.#stage++
    }
  }

  #isFirst(): boolean {
    return this.#stage === 0
  }

  #isLast(): boolean {
    return this.#stage >= this.#stages.length - 1
  }

  /** The steps of a stage; what is not told to take its own time is the iterations'. */
  *#run(steps: Step[]): Generator<number, void> {
    const times = this.#times
    const shape = { frames: this.#frames, samples: this.#samples }
    const part = partOf(this.#room, shape, 0, Math.ceil(this.#frames / 4), steps.length)
    const run = runPart(this.#room, part, steps, this)
    for (;;) {
      const others = times.magnitudes + times.phase + times.pitch
      const start = now()
      const { done, value } = run.next()
      times.iterations += now() - start - (times.magnitudes + times.phase + times.pitch - others)
      if (done) return
      yield value
    }
  }

  #timed(stage: keyof StageTimes, work: () => void): void {
    const start = now()
    work()
    this.#times[stage] += now() - start
  }

  load(first: number, count: number): boolean {
    const isFirst = this.#isFirst()
    const behind = isFirst ? Math.min(this.#phases.behind, this.#frames - first - count) : 0
    this.#timed('magnitudes', () => {
      if (isFirst) this.#phases.turn()
      loadMagnitudes(this.#room, this.#bands, this.#levels, first, count + behind, this.#voice)
    })
    if (isFirst) this.#timed('phase', () => this.#phases.next(first, count, behind))
    return isFirst
  }

  get signal(): PartHost['signal'] {
    if (this.#isFirst()) return undefined
    return (position, count, heap, at) => this.#waveform.read(position, count, heap, at)
  }

  hear(group: number, count: number): void {
    if (!this.#isLast()) {
      this.#timed('pitch', () => this.#track!.push(this.#scores!.of(group, count), group, count))
      return
    }
    const { core, memory, state } = this.#room
    core.jointMiss(state, group, count, this.#told)
    for (let i = 0, at = this.#told / 8; i < count; i++, at += 2) {
      this.#missed += memory.doubles[at]!
      this.#asked += memory.doubles[at + 1]!
    }
  }

  keep(position: number, values: Float32Array): void {
    this.#waveform.keep(position, values, this.#isLast() ? this.#levels.gain : 1)
  }
}
