/** How fast a backend is here, measured on a small problem: what the choice among them goes by. */
import type { FilterbankSpec, Problem, Session } from '../backend.ts'
import { now } from '../turn.ts'

/** Milliseconds. */
export interface Pace {
  /** Before the first iteration is done. */
  start: number
  /** Of an iteration, however few values it has. */
  iteration: number
  /** Of an iteration, a value: a bin or band of a frame. */
  value: number
}

/** The problems that are measured with. */
export const MEASURED: FilterbankSpec = {
  nBins: 257,
  nBands: 64,
  fMin: 0,
  fMax: 8000,
  sampleRate: 16000,
  barkScale: 'traunmuller',
  corrected: false,
}

const FEW = 8
/** Frames at which an iteration of a real GPU is more than its beginning. */
const MANY = 4096
const ITERATIONS = 64
/** Milliseconds a measurement may take; what is slower has been found out by then. */
const MOST_MS = 250

type Open = (problem: Problem) => Promise<Session> | Session

/** Measures with more and more frames, until it knows enough or time is up. */
export async function measurePace(open: Open): Promise<Pace> {
  const begun = now()
  const few = await timeFrames(open, FEW)
  let pace: Pace = { ...few, value: few.iteration / valuesOf(FEW) }
  for (let frames = 64; frames <= MANY && now() - begun < MOST_MS; frames *= 8) {
    const more = await timeFrames(open, frames)
    const value = Math.max(0, more.iteration - few.iteration) / (valuesOf(frames) - valuesOf(FEW))
    pace = { ...few, value }
  }
  return pace
}

const valuesOf = (frames: number): number => frames * (MEASURED.nBins + MEASURED.nBands)

async function timeFrames(open: Open, time: number): Promise<Omit<Pace, 'value'>> {
  const { nBins, nBands } = MEASURED
  const sgd = { lr: 0.1, momentum: 0.9, dampening: 0, weightDecay: 0, nesterov: false, maximize: false }
  const spectrogram = new Float32Array(nBins * time)
  const problem = { bark: new Float32Array(nBands * time).fill(1), batch: 1, time, sgd, seed: 0, spectrogram }
  const begun = now()
  const session = await open(problem)
  try {
    // compiles, fills, and tells how many are worth timing
    let at = await advance(session, 1)
    const start = now() - begun
    const once = now()
    at = await advance(session, at + 1)
    const count = Math.max(1, Math.min(ITERATIONS, Math.floor(MOST_MS / 4 / (now() - once))))
    const timed = now()
    await advance(session, at + count)
    return { start, iteration: (now() - timed) / count }
  } finally {
    session.close()
  }
}

async function advance(session: Session, to: number): Promise<number> {
  let at = 0
  while (at < to) at = (await session.advance(to)).at
  return at
}

/** Milliseconds that a run should take. */
export function predict({ start, iteration, value }: Pace, values: number, iterations: number): number {
  return start + iterations * (iteration + values * value)
}
