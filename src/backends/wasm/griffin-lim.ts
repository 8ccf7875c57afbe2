import type { GriffinLimProblem, GriffinLimSolver, GriffinLimSpec } from '../../stft.ts'
import type { Sweep } from './frame-sweep.ts'
import { planSweep, SweepRun } from './griffin-lim-sweep.ts'
import { lookInto, reaches, SoundSession } from './sound-session.ts'
import { Spare } from './spare.ts'

/** Griffin-Lim in WebAssembly: a signal after the other, all iterations in the core's memory. */
export class WasmGriffinLim implements GriffinLimSolver {
  readonly window: Float32Array
  readonly #spec: GriffinLimSpec
  readonly #sessions: Spare<SoundSession>

  constructor(spec: GriffinLimSpec) {
    this.#spec = spec
    this.#sessions = new Spare((onClose) => new SoundSession(spec, onClose))
    this.window = lookInto(this.#sessions, ({ window }) => window)
  }

  reaches(frames: number, samples: number): boolean {
    const edge = Math.floor(this.#spec.nFft / 2)
    return lookInto(this.#sessions, (session) => reaches(session, frames, edge, samples))
  }

  /** @param sweep for tests; the numbers do not depend on it */
  *waveforms(problem: GriffinLimProblem, out: Float32Array, sweep?: Sweep): Generator<number, void> {
    const { items, frames } = problem
    const session = this.#sessions.take()
    try {
      const run = new SweepRun(session, this.#spec, problem, sweep ?? planSweep(this.#spec, frames))
      for (let item = 0; item < items; item++) {
        for (const part of run.signal(item, out)) yield (item + part) / items
      }
    } finally {
      session.close()
    }
  }
}
