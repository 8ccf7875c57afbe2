/**
 * SGD as torchaudio's InverseBarkScale runs it: the stop rule, and the exact iteration by replay. One driver for every
 * backend: it sees losses and counts, never frames.
 */
import type { Session, SgdArguments, State } from './backend.ts'
import type { StopReason } from './report.ts'
import { findStop, returnTo, stretchTo } from './sgd-search.ts'
import type { Status, Steps } from './steps.ts'

export interface StopRule {
  maxIter: number
  toleranceLoss: number
  toleranceChange: number
}

export interface Outcome {
  iterations: number
  loss: number | null
  stopReason: StopReason
}

/**
 * Runs an open session to its stop, writes the result to `into` and closes the session.
 *
 * Losses are float32 numbers and compared in float64, as upstream has it; where the session tells by how much they
 * fall, that is the change. The loss compared is the one before a step; the spectrogram of the stop is the one after it. A
 * session runs ahead of the check, so that a stop found in a stretch is a return to its beginning and a run to the
 * iteration found. Where a stretch is checked at its end only, the iteration is searched for.
 * @param history receives the loss of every iteration
 * @throws RangeError where a loss is not finite
 */
export function* driveSgd(
  session: Session,
  rule: StopRule,
  sgd: SgdArguments,
  into: State,
  status: Status,
  history?: { iteration: number; loss: number }[],
): Steps<Outcome> {
  const { maxIter, toleranceLoss, toleranceChange } = rule
  const canStop = toleranceLoss > 0 || toleranceChange > 0
  let at = 0
  let loss = Number.POSITIVE_INFINITY
  let stopReason: StopReason = 'max-iter'
  try {
    while (at < maxIter && stopReason === 'max-iter') {
      if (canStop) session.keep()
      const kept = at
      const stretch = yield* stretchTo(session, maxIter)
      const reached = stretch.at
      at = reached
      if (stretch.decrease !== undefined) {
        const before = loss
        loss = stretch.loss[0]!
        if (!Number.isFinite(loss)) throw diverged(sgd, at, loss)
        const stop = canStop ? yield* findStop(session, rule, kept, before, stretch) : undefined
        if (stop) ({ iterations: at, loss, stopReason } = stop)
      } else {
        for (let i = 0; i < stretch.count; i++) {
          const before = loss
          const iteration = stretch.iteration[i]!
          loss = stretch.loss[i]!
          if (!Number.isFinite(loss)) throw diverged(sgd, iteration, loss)
          history?.push({ iteration, loss })
          // losses that are equal in float32 are a change of 0, whatever they fall by
          const change = before === loss ? 0 : Math.abs(stretch.falls?.[i] ?? before - loss)
          if (loss < toleranceLoss) stopReason = 'tolerance-loss'
          else if (change < toleranceChange) stopReason = 'tolerance-change'
          if (stopReason !== 'max-iter') {
            at = iteration
            break
          }
        }
        if (at < reached) yield* returnTo(session, at)
      }
      status.iteration = at
      status.loss = loss
    }
    into.iteration = at
    while (!(yield session.state(into)));
    return { iterations: at, loss: at === 0 ? null : loss, stopReason }
  } finally {
    session.close()
  }
}

function diverged({ lr, momentum, maximize }: SgdArguments, iteration: number, loss: number): RangeError {
  let cause = `lr ${lr} is too large for this input`
  if (iteration === 1) cause = 'the values are too large for float32 squares'
  else if (maximize) cause = 'maximize grows without bound'
  else if (momentum >= 1) cause = `momentum ${momentum} never settles`
  return new RangeError(
    `sgdargs.lr: diverged with lr ${lr} at iteration ${iteration}, where the loss is ${loss}: ${cause}`,
  )
}
