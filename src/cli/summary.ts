/** A solve in words, from its report. */
import type { Report } from '../index.ts'
import { duration } from './progress.ts'

/** Frames that a warning names. */
const MOST_NAMED = 8

/** The report's counts and figures, as far as a line has room. */
export function summary(report: Report, frames: number): string {
  const { solver, device, backend, iterations, loss, stopReason, elapsedMs } = report
  const lossText = loss === null ? '' : `, loss ${short(loss)}`
  const by = device === 'gpu' ? ` by ${backend}` : ''
  if (solver === 'sgd') return `${iterations} iterations in ${duration(elapsedMs)}${by} (${stopReason}${lossText})`
  return `${solver}: ${count(frames, 'frame')} in ${duration(elapsedMs)} (${exactness(report)}${lossText})`
}

/** How exact an exact solver was: nnls is free to miss quiet bands by much of themselves, maxent is not. */
export function exactness({ solver, stopReason, optimality = 0, bandError = 0 }: Report): string {
  const bands = solver === 'maxent' ? `, every band within ${short(bandError)}` : ''
  return `${stopReason}, optimality ${short(optimality)}${bands}`
}

/** What is to be warned of: frames that an exact solver left at its bound. */
export function unsolvedWarning({ solver, unsolved = [], optimality = 0 }: Report, frames: number): string | undefined {
  if (unsolved.length === 0) return undefined
  const named = unsolved.slice(0, MOST_NAMED).join(', ')
  const more = unsolved.length > MOST_NAMED ? ', ...' : ''
  return `${solver}: ${unsolved.length} of ${count(frames, 'frame')} not solved to the end (${named}${more}); optimality ${short(optimality)}`
}

export function count(n: number, what: string, more = 's'): string {
  return `${n} ${what}${n === 1 ? '' : more}`
}

/** Three digits. */
export function short(x: number): string {
  if (x === 0 || !Number.isFinite(x)) return x === 0 ? '0' : 'infinite'
  return x < 1e-3 || x >= 1e5 ? x.toExponential(2) : x.toPrecision(3)
}
