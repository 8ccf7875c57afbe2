/** A stage of a part of a signal, from arrays and to arrays: what a worker does. */
import { now } from '../../turn.ts'
import { readColumns } from './columns.ts'
import type { PartDone, PartTask } from './joint-jobs.ts'
import { type Bands, loadMagnitudes } from './joint-load.ts'
import { type PartHost, positionsOf, runPart } from './joint-part.ts'
import { SCORES_BYTES, Scores } from './joint-pitch.ts'
import { BEFORE, type JointRoom } from './joint-room.ts'

export class StageRun implements PartHost {
  readonly #room: JointRoom
  readonly #task: PartTask
  readonly #first: number
  readonly #frames: number
  readonly #scores: Scores | undefined
  readonly #told: number
  readonly #done: PartDone
  #kept = 0

  constructor(room: JointRoom, task: PartTask) {
    const { part, isScored } = task
    this.#room = room
    this.#task = task
    this.#first = 4 * part.first
    this.#frames = Math.min(4 * part.last, part.frames) - this.#first
    room.clear()
    this.#told = room.memory.reserve(16 * room.block)
    if (isScored) this.#scores = new Scores(room, this.#bands(), task.levels)
    const groups = part.to - part.from
    const { start, stop } = positionsOf(room, part, part.from, part.to)
    this.#done = {
      position: 0,
      samples: new Float32Array(Math.max(0, stop - start)),
      scores: this.#scores && new Float32Array((groups * SCORES_BYTES) / 4),
      missed: isScored ? undefined : new Float64Array(2 * groups),
      stages: { magnitudes: 0, phase: 0, iterations: 0, pitch: 0 },
    }
  }

  #bands(): Bands {
    const { bark, spectrogram, spectrogramScale } = this.#task
    return { bark, spectrogram, spectrogramScale, time: this.#frames, offset: -this.#first }
  }

  /** Yields the part of the steps that is done. */
  *steps(): Generator<number, PartDone> {
    const run = runPart(this.#room, this.#task.part, this.#task.steps, this)
    const { stages } = this.#done
    for (;;) {
      const others = stages.magnitudes + stages.pitch
      const start = now()
      const { done, value } = run.next()
      stages.iterations += now() - start - (stages.magnitudes + stages.pitch - others)
      if (done) return this.#done
      yield value
    }
  }

  load(first: number, count: number): boolean {
    const { levels, voice, phases } = this.#task
    const { memory, staging, bins } = this.#room
    const start = now()
    loadMagnitudes(this.#room, this.#bands(), levels, first, count, voice)
    this.#done.stages.magnitudes += now() - start
    if (!phases) return false
    const rows = { rows: bins, time: this.#frames }
    readColumns(phases, rows, first - this.#first, count, memory.floats, staging.phases / 4 + BEFORE, staging.row)
    return true
  }

  get signal(): PartHost['signal'] {
    const { signal } = this.#task
    if (!signal) return undefined
    const base = this.#first * this.#room.spec.hopLength
    return (position, count, heap, at) => heap.set(signal.subarray(position - base, position - base + count), at)
  }

  hear(group: number, count: number): void {
    const { core, memory, state } = this.#room
    const { scores, missed, stages } = this.#done
    const at = group - this.#task.part.from
    if (scores) {
      const start = now()
      const from = this.#scores!.of(group, count) / 4
      const row = SCORES_BYTES / 4
      scores.set(memory.floats.subarray(from, from + count * row), at * row)
      stages.pitch += now() - start
    } else {
      core.jointMiss(state, group, count, this.#told)
      missed!.set(memory.doubles.subarray(this.#told / 8, this.#told / 8 + 2 * count), 2 * at)
    }
  }

  keep(position: number, values: Float32Array): void {
    if (this.#kept === 0) this.#done.position = position
    this.#done.samples.set(values, this.#kept)
    this.#kept += values.length
  }
}
