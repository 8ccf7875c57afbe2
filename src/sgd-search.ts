/**
 * Finds the iteration at which upstream stops where a session checks only the last of a stretch. docs/algorithms.md,
 * section 16, says why looking at the ends is enough.
 */
import type { Advance, Session } from './backend.ts'
import type { Outcome, StopRule } from './sgd-driver.ts'
import type { Steps } from './steps.ts'

/** What is known of an iteration: its loss as float32, and by how much its step lowers it. */
interface Check {
  iteration: number
  loss: number
  decrease: number
}

/** Halvings at most; interpolation needs five to eight. */
const MOST_GUESSES = 12

export function* stretchTo(session: Session, to: number): Steps<Advance> {
  for (;;) {
    const advance = (yield session.advance(to)) as Advance
    if (advance.count > 0) return advance
  }
}

/**
 * The stop within a stretch that has ended at `stretch`, if there is one; the session is left at it.
 * @param kept the iteration that the session's checkpoint was made at, where the rule had not fired
 * @param loss of that iteration
 */
export function* findStop(
  session: Session,
  rule: StopRule,
  kept: number,
  loss: number,
  stretch: Advance,
): Steps<(Outcome & { loss: number }) | undefined> {
  let last = checkOf(stretch)
  if (last.iteration === kept + 1 && !(last.loss < rule.toleranceLoss)) {
    if (Math.abs(loss - last.loss) < rule.toleranceChange) return outcome(last, 'tolerance-change')
  }
  if (excess(last, rule) >= 0) return undefined
  last = yield* firstBelow(session, rule, kept, last)
  // the loss is met at once; a change so small is one between this iteration and the next
  let stop = last.loss < rule.toleranceLoss ? outcome(last, 'tolerance-loss') : undefined
  while (!stop && last.iteration < rule.maxIter) {
    const next = yield* checkAt(session, last.iteration + 1, kept, last.iteration)
    if (next.loss < rule.toleranceLoss) stop = outcome(next, 'tolerance-loss')
    else if (last.decrease < rule.toleranceChange || last.loss === next.loss) stop = outcome(next, 'tolerance-change')
    last = next
  }
  // as a run to this number of iterations gets there
  const end = last.iteration
  session.back()
  while ((yield* stretchTo(session, end)).at < end);
  return stop ?? outcome(last, 'max-iter')
}

function outcome({ iteration, loss }: Check, stopReason: Outcome['stopReason']): Outcome & { loss: number } {
  return { iterations: iteration, loss, stopReason }
}

function checkOf({ at, loss, decrease }: Advance): Check {
  return { iteration: at, loss: loss[0]!, decrease: decrease! }
}

/**
 * How far a check is above where a run may stop, in log: below 0 where it is met. Float32 losses may be equal, which
 * is a change of 0, from where the decrease is below their spacing.
 */
function excess({ loss, decrease }: Check, { toleranceLoss, toleranceChange }: StopRule): number {
  const change = toleranceChange > 0 ? Math.max(toleranceChange, spacing(loss)) : 0
  const above = (value: number, least: number): number =>
    least === 0
      ? Number.POSITIVE_INFINITY
      : value < least
        ? Math.log(Math.max(value / least, 1e-9))
        : Math.log(value / least)
  return Math.min(above(loss, toleranceLoss), above(decrease, change))
}

/** Between a float32 number and the next. */
function spacing(x: number): number {
  return 2 ** (Math.floor(Math.log2(x)) - 23)
}

/** Runs from the checkpoint, or on from where the session is, to an iteration. */
function* checkAt(session: Session, to: number, kept: number, at: number): Steps<Check> {
  if (at !== to - 1 || at === kept) session.back()
  for (;;) {
    const stretch = yield* stretchTo(session, to)
    if (stretch.at === to) return checkOf(stretch)
  }
}

/** The first check below 0, between `kept` and `high`: by the secant in log of iterations, Illinois' kind. */
function* firstBelow(session: Session, rule: StopRule, kept: number, high: Check): Steps<Check> {
  let low = kept
  let lowExcess = 1
  let highExcess = excess(high, rule)
  for (let guesses = 0; high.iteration - low > 1; guesses++) {
    const share = guesses < MOST_GUESSES ? lowExcess / (lowExcess - highExcess) : 0.5
    const guess = Math.round(low * (high.iteration / low) ** share)
    const middle = Math.min(Math.max(guess, low + 1), high.iteration - 1)
    const check = yield* checkAt(session, middle, kept, Number.NaN)
    const found = excess(check, rule)
    if (found < 0) {
      high = check
      highExcess = found
      lowExcess /= 2
    } else {
      low = middle
      lowExcess = found
      highExcess /= 2
    }
  }
  return high
}
