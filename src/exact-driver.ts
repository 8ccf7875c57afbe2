/** The exact solvers, `nnls` and `maxent`: blocks of frames in order, and what they add up to. */
import { DONE, type ExactSession, LOSS, MISS, OPTIMALITY, PASSES, RECORD, type Solved } from './backend.ts'
import type { FrameReport, StopReason } from './report.ts'
import type { Status, Steps } from './steps.ts'

export interface ExactOutcome {
  iterations: number
  loss: number | null
  stopReason: StopReason
  optimality: number
  bandError: number
  unsolved?: number[]
}

/** Runs an open session through all frames and closes it. */
export function* driveExact(session: ExactSession, status: Status, perFrame?: FrameReport): Steps<ExactOutcome> {
  const { frames } = status
  const unsolved: number[] = []
  const outcome: ExactOutcome = { iterations: 0, loss: 0, stopReason: 'optimal', optimality: 0, bandError: 0 }
  let loss = 0
  try {
    for (let done = 0; done < frames; ) {
      const { first, count, records } = (yield session.advance()) as Solved
      for (let i = 0, at = 0; i < count; i++, at += RECORD) {
        outcome.iterations = Math.max(outcome.iterations, records[at + PASSES]!)
        outcome.optimality = Math.max(outcome.optimality, records[at + OPTIMALITY]!)
        outcome.bandError = Math.max(outcome.bandError, records[at + MISS]!)
        loss += records[at + LOSS]!
        if (records[at + DONE] === 0) unsolved.push(first + i)
        if (perFrame) writeFrame(perFrame, first + i, records, at)
      }
      done = first + count
      status.iteration = done
      status.loss = loss / done
    }
  } finally {
    session.close()
  }
  outcome.loss = loss / frames
  if (unsolved.length === 0) return outcome
  return { ...outcome, stopReason: 'max-iter', unsolved }
}

function writeFrame(into: FrameReport, frame: number, records: Float64Array, at: number): void {
  into.iterations[frame] = records[at + PASSES]!
  into.optimality[frame] = records[at + OPTIMALITY]!
  into.bandError[frame] = records[at + MISS]!
  into.loss[frame] = records[at + LOSS]!
}

/** Room for what each frame says of itself. */
export function newFrameReport(frames: number): FrameReport {
  return {
    iterations: new Uint16Array(frames),
    optimality: new Float32Array(frames),
    bandError: new Float32Array(frames),
    loss: new Float64Array(frames),
  }
}
