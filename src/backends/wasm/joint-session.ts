/** From bands to sound on the calling thread: a signal after the other. */
import type { JointOutcome, JointProblem, JointSession } from '../../joint.ts'
import { levelsOf } from './joint-levels.ts'
import type { JointRoom } from './joint-room.ts'
import { scheduleOf } from './joint-schedule.ts'
import { SignalRun } from './joint-signal.ts'

/** The end is when all has been told. */
const ALMOST = 1 - 2 ** -20

export class LocalJointSession implements JointSession {
  readonly threads = 1
  readonly why: string | undefined
  readonly outcome: JointOutcome
  readonly #room: JointRoom
  readonly #problem: JointProblem
  readonly #onClose: () => void
  readonly #work: Generator<number, void>

  constructor(room: JointRoom, problem: JointProblem, why: string | undefined, onClose: () => void) {
    this.#room = room
    this.#problem = problem
    this.why = why
    this.#onClose = onClose
    const stages = { magnitudes: 0, phase: 0, iterations: 0, pitch: 0 }
    this.outcome = { bandConvergence: new Float64Array(problem.items), stages }
    this.#work = this.#signals()
  }

  advance(): number {
    const { done, value } = this.#work.next()
    return done ? 1 : Math.min(value as number, ALMOST)
  }

  close(): void {
    this.#work.return()
    this.#onClose()
  }

  *#signals(): Generator<number, void> {
    const room = this.#room
    const { items, frames, bark } = this.#problem
    const plan = scheduleOf(room.spec, room.bands, frames)
    for (let item = 0; item < items; item++) {
      const levels = levelsOf(room, bark, item, frames)
      if (levels.scale === 0) continue
      room.clear()
      const run = new SignalRun(room, this.#problem, item, levels, plan, this.outcome.stages)
      for (const part of run.steps()) yield (item + part) / items
      this.outcome.bandConvergence[item] = run.bandConvergence
    }
  }
}
