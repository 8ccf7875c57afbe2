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

// --- where the decrease swings: how far back dips are looked for, in parts of the iterations, and in log how far above
// the rule an end is behind which there is none, and what is a dip and no matter of rounding ---
const SPAN = 1 / 12
const HIGHEST = 0.25
const RISE = 2e-4
/** What is near enough to the rule for a dip below it to be shown by losses that are rounded. */
const NEAR = 0.02
/** Dips that are tried. */
const MOST_DIPS = 8

export function* stretchTo(session: Session, to: number, everyLoss = false): Steps<Advance> {
  for (;;) {
    const advance = (yield session.advance(to, everyLoss)) as Advance
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
  const swings = session.gears?.swings === true
  const isBelow = excess(last, rule) < 0
  if (!isBelow && !(swings && excess(last, rule) < HIGHEST)) return undefined
  if (isBelow) last = yield* firstBelow(session, rule, kept, kept, last)
  const dip = swings ? yield* firstDip(session, rule, kept, last.iteration) : undefined
  if (!isBelow && !dip) {
    yield* returnTo(session, last.iteration)
    return undefined
  }
  last = dip ?? last
  // the loss is met at once; a change so small is one between this iteration and the next
  let stop = last.loss < rule.toleranceLoss ? outcome(last, 'tolerance-loss') : undefined
  while (!stop && last.iteration < rule.maxIter) {
    const next = yield* checkAt(session, last.iteration + 1, kept, last.iteration)
    if (next.loss < rule.toleranceLoss) stop = outcome(next, 'tolerance-loss')
    else if (last.decrease < rule.toleranceChange || last.loss === next.loss) stop = outcome(next, 'tolerance-change')
    last = next
  }
  // as a run to this number of iterations gets there
  yield* returnTo(session, last.iteration)
  return stop ?? outcome(last, 'max-iter')
}

/** Goes to an iteration from the checkpoint. */
export function* returnTo(session: Session, end: number): Steps<void> {
  session.back()
  while ((yield* stretchTo(session, end)).at < end);
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
function excess(check: Check, rule: StopRule): number {
  const toleranceChange = rule.toleranceChange > 0 ? Math.max(rule.toleranceChange, spacing(check.loss)) : 0
  return height(check, { ...rule, toleranceChange })
}

/** The same above the rule itself. */
function height({ loss, decrease }: Omit<Check, 'iteration'>, { toleranceLoss, toleranceChange }: StopRule): number {
  return Math.min(above(loss, toleranceLoss), above(decrease, toleranceChange))
}

function above(value: number, least: number): number {
  return least === 0 ? Number.POSITIVE_INFINITY : Math.log(Math.max(value / least, 1e-9))
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

/**
 * A check below 0 after `low`, where there is one at `high`: by the secant in log of iterations, Illinois' kind. The
 * first, where the excess falls from `low` on.
 */
function* firstBelow(session: Session, rule: StopRule, kept: number, low: number, high: Check): Steps<Check> {
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

/**
 * The first check below 0 of a dip before `end`, where the excess falls and rises again. The watch list shows where dips
 * are, as it tells of every loss by how much it falls; what that shows is checked by jumps.
 */
function* firstDip(session: Session, rule: StopRule, kept: number, end: number): Steps<Check | undefined> {
  const from = Math.max(kept, Math.floor(end * (1 - SPAN)))
  if (from > kept) yield* returnTo(session, from)
  else session.back()
  const { losses, falls } = yield* lossesUpTo(session, from, end)
  // above the rule itself: a dip may end before two float32 losses are equal
  const over = (i: number): number => height({ loss: losses[i]!, decrease: falls[i + 1]! }, rule)
  let tried = 0
  let top = 0
  let bottom = 0
  for (let i = 1; i < losses.length - 1 && tried < MOST_DIPS; i++) {
    if (over(i) < over(bottom)) bottom = i
    else if (over(i) > over(bottom) + RISE && bottom > top) {
      if (over(bottom) < NEAR) {
        tried++
        const check = yield* checkAt(session, from + 1 + bottom, kept, Number.NaN)
        if (height(check, rule) < 0) return yield* firstBelow(session, rule, kept, from + 1 + top, check)
      }
      top = bottom = i
    } else if (bottom === top && over(i) > over(top)) top = bottom = i
  }
  return undefined
}

/** The losses of the iterations after `from`, where the session is, to `end`, and by how much each falls. */
function* lossesUpTo(
  session: Session,
  from: number,
  end: number,
): Steps<{ losses: Float32Array; falls: Float64Array }> {
  const losses = new Float32Array(end - from)
  const falls = new Float64Array(end - from)
  for (let at = from; at < end; ) {
    const stretch = yield* stretchTo(session, end, true)
    losses.set(stretch.loss.subarray(0, stretch.count), at - from)
    falls.set(stretch.falls!.subarray(0, stretch.count), at - from)
    at = stretch.at
  }
  return { losses, falls }
}
