/**
 * What a chunk did to the bins, and which of them to watch in the next.
 *
 * Whether a bin of a run might cross the clamp is first asked of the run as a whole: how its least moving bin compares
 * to what the first and the last of them move by, and the same of those at the clamp. Weights are linear along a run, so
 * the steps of the others lie between. On speech four runs in five are settled by that.
 */
import { mulAdd } from './lanes'
import { Sgd } from './sgd-layout'
import {
  ABOVE,
  ABSENT,
  BAND,
  BIN,
  DIAGONAL,
  DRIFT,
  DUE,
  ENTRY,
  FIRST_HELD,
  FLOOR,
  GRADIENT,
  GRAM_ACROSS,
  GRAM_LOWER,
  GRAM_UPPER,
  HELD_FLOOR,
  LANES,
  LAST_HELD,
  LAST_MOVING,
  LOWER,
  PLACE,
  RATE_LOWER,
  RATE_UPPER,
  RUN,
  stepAt,
  SUM,
  TARGET,
  Watch,
  WATCHED,
} from './sgd-watch-layout'

/** A bin is watched that might cross within 5/4 chunks. */
const MARGIN: f32 = 1.25
/** Above all values. */
const MOST: f32 = 3e38

// @ts-ignore: decorator
@inline
function aheadOf(length: i32): v128 {
  return f32x4.splat(MARGIN * <f32>length)
}

/** What a band takes next, if its step goes on changing as it last did, after `ahead` iterations. */
// @ts-ignore: decorator
@inline
function laterStep(next: v128, last: v128, ahead: v128): v128 {
  return mulAdd(ahead, f32x4.sub(next, last), next)
}

/** Of a value that is `below` and `above` at the bands of a run: what it is at a place between. */
// @ts-ignore: decorator
@inline
function between(place: v128, below: v128, rise: v128): v128 {
  return mulAdd(place, rise, below)
}

/**
 * Looks at all runs after a chunk: brings bins and gradients up to date, and notes which runs are due, since a bin of
 * theirs is watched, has crossed the clamp or might do so in the next chunk, of `length`.
 * @returns the lanes, in `w.bad`, in which bins that were not watched crossed; the runs that they are of have been marked
 */
export function check(sgd: Sgd, w: Watch, length: i32): void {
  const zero = f32x4.splat(0)
  const most = f32x4.splat(MOST)
  const mu = f32x4.splat(sgd.momentum)
  const rate = f32x4.splat(sgd.rate)
  const ahead = aheadOf(length)
  const runs = sgd.bank.runs
  v128.store(w.bad, zero)
  let e = beginList(w)
  let q = w.bands
  let run = w.runs
  let weight = sgd.bank.weights
  let last0 = zero
  let later0 = zero
  let above = zero
  let i: usize = 0
  let nextWatched = <usize>load<u32>(e, BIN)
  const nBands = w.nBands
  let from = w.spectrogram
  let to = w.next
  for (let k = 0; k <= nBands; k++, run += RUN, q += BAND) {
    const sum0 = v128.load(q, SUM)
    const sum1 = v128.load(q, BAND + SUM)
    const first = i
    const end = i + <usize>load<i32>(runs + ((<usize>k) << 2))
    let total = above
    let least = most
    above = zero
    for (; i < end; i++, weight += 8, from += 16, to += 16) {
      const wl = v128.load32_splat(weight)
      const wh = v128.load32_splat(weight, 4)
      const before = v128.load(from)
      const stepped = f32x4.sub(before, mulAdd(wl, sum0, f32x4.mul(wh, sum1)))
      let moves = f32x4.gt(before, zero)
      let s = v128.and(stepped, moves)
      if (nextWatched == i) {
        const watched = v128.load(e, LANES)
        s = v128.bitselect(v128.load(e), s, watched)
        moves = v128.andnot(moves, watched)
        e += ENTRY
        nextWatched = <usize>load<u32>(e, BIN)
      }
      least = f32x4.pmin(least, v128.bitselect(stepped, most, moves))
      v128.store(to, s)
      total = mulAdd(wl, s, total)
      above = mulAdd(wh, s, above)
    }
    // a step on its way from the last to a later one does not leave what lies between
    const last1 = v128.load(q, BAND)
    const later1 = laterStep(stepAt(q + BAND, mu), last1, ahead)
    const rise = f32x4.sub(last1, last0)
    const laterRise = f32x4.sub(later1, later0)
    const firstMoving = v128.load(run)
    const lastMoving = v128.load(run, LAST_MOVING)
    const firstHeld = v128.load(run, FIRST_HELD)
    const lastHeld = v128.load(run, LAST_HELD)
    const fastest = f32x4.pmax(
      f32x4.pmax(between(firstMoving, last0, rise), between(lastMoving, last0, rise)),
      f32x4.pmax(between(firstMoving, later0, laterRise), between(lastMoving, later0, laterRise)),
    )
    const released = f32x4.pmin(between(firstHeld, last0, rise), between(lastHeld, last0, rise))
    const lowest = f32x4.pmin(between(firstHeld, later0, laterRise), between(lastHeld, later0, laterRise))
    const heldFloor = v128.load(run, HELD_FLOOR)
    const crossed = v128.or(f32x4.lt(least, zero), f32x4.lt(released, heldFloor))
    const risks = v128.or(f32x4.lt(least, f32x4.mul(ahead, fastest)), f32x4.lt(lowest, heldFloor))
    v128.store(run, v128.or(v128.load(run, WATCHED), v128.or(crossed, risks)), DUE)
    if (v128.any_true(crossed)) {
      v128.store(w.bad, v128.or(v128.load(w.bad), crossed))
      for (let mark = w.marks + (first << 4), stop = w.marks + (i << 4); mark < stop; mark += 16) {
        v128.store(mark, v128.or(v128.load(mark), crossed))
      }
    }
    if (k > 0) {
      const gradient = f32x4.mul(rate, f32x4.sub(total, v128.load(q, TARGET)))
      v128.store(q, f32x4.add(gradient, f32x4.splat(DRIFT)), GRADIENT)
    }
    last0 = last1
    later0 = later1
  }
}

/**
 * Chooses anew what to watch in the next chunk, of `length`, in the runs that are due and the lanes in which they are.
 * @param again whether the chunk has been taken back in the lanes of `w.bad`: then what is marked is to be watched
 */
export function renew(sgd: Sgd, w: Watch, length: i32, again: bool): void {
  beginList(w)
  const bad = v128.load(w.bad)
  let i: usize = 0
  let q = w.bands
  let run = w.runs
  for (let k = 0; k <= w.nBands; k++, run += RUN, q += BAND) {
    const end = i + <usize>load<i32>(sgd.bank.runs + ((<usize>k) << 2))
    let due = v128.load(run, DUE)
    if (again) {
      due = i32x4.splat(0)
      for (let mark = w.marks + (i << 4), stop = w.marks + (end << 4); mark < stop; mark += 16) {
        due = v128.or(due, v128.load(mark))
      }
      v128.store(run, v128.and(due, bad), DUE)
    }
    if (v128.any_true(due)) renewRun(sgd, w, run, q, i, end, length, again)
    i = end
  }
  finishList(sgd, w)
}

/** Ends the list in use and begins the next; returns where to read it. */
// @ts-ignore: decorator
@inline
function beginList(w: Watch): usize {
  store<i32>(w.listEnd, -1, BIN)
  w.nextListEnd = w.nextList
  return w.list
}

/** Takes the next list into use, and the Gram matrix. */
function finishList(sgd: Sgd, w: Watch): void {
  const list = w.list
  w.list = w.nextList
  w.listEnd = w.nextListEnd
  w.nextList = list
  const rate = f32x4.splat(sgd.rate)
  let upper = f32x4.splat(0)
  for (let run = w.runs, q = w.bands; q < w.saved - BAND; run += RUN, q += BAND) {
    v128.store(q, f32x4.mul(rate, f32x4.add(upper, v128.load(run, GRAM_LOWER))), DIAGONAL)
    v128.store(q, f32x4.mul(rate, v128.load(run, GRAM_ACROSS)), ABOVE)
    upper = v128.load(run, GRAM_UPPER)
  }
}

/** Puts `value` to `at` in the lanes of `where`. */
// @ts-ignore: decorator
@inline
function put(at: usize, value: v128, where: v128): void {
  v128.store(at, v128.bitselect(value, v128.load(at), where))
}

/**
 * Adds the bins of a run at risk, of those from `i` to `end`, to the list, and describes the others.
 * @param q its lower band
 * @param again whether those at risk are the ones that are marked already
 */
function renewRun(sgd: Sgd, w: Watch, run: usize, q: usize, i: usize, end: usize, length: i32, again: bool): void {
  const zero = f32x4.splat(0)
  const most = f32x4.splat(MOST)
  const mu = f32x4.splat(sgd.momentum)
  const rate = sgd.rate
  const ahead = aheadOf(length)
  const due = v128.load(run, DUE)
  const floor = f32x4.mul(ahead, v128.load(run, FLOOR))
  const step0 = stepAt(q, mu)
  const step1 = stepAt(q + BAND, mu)
  // as far as a chunk goes
  const next0 = f32x4.mul(ahead, step0)
  const next1 = f32x4.mul(ahead, step1)
  const later0 = f32x4.mul(ahead, laterStep(step0, v128.load(q), ahead))
  const later1 = f32x4.mul(ahead, laterStep(step1, v128.load(q, BAND), ahead))
  const isTop = q == w.saved - 2 * BAND
  let firstMoving = most
  let lastMoving = zero
  let firstHeld = most
  let lastHeld = zero
  let lower = zero
  let across = zero
  let upper = zero
  let watched = zero
  let out = w.nextListEnd
  let weight = sgd.bank.weights + (i << 3)
  let mark = w.marks + (i << 4)
  let from = w.spectrogram + (i << 4)
  for (; i < end; i++, weight += 8, mark += 16, from += 16) {
    const wl = v128.load32_splat(weight)
    const wh = v128.load32_splat(weight, 4)
    const s = v128.load(from)
    const v = mulAdd(wl, next0, f32x4.mul(wh, next1))
    const later = mulAdd(wl, later0, f32x4.mul(wh, later1))
    const isUp = f32x4.gt(s, zero)
    const falls = f32x4.lt(s, f32x4.pmax(v, later))
    const rises = f32x4.lt(f32x4.pmin(v, later), floor)
    const risk = again ? v128.load(mark) : v128.and(v128.bitselect(falls, rises, isUp), due)
    v128.store(mark, risk)
    watched = v128.or(watched, risk)
    if (v128.any_true(risk)) {
      v128.store(out, v128.bitselect(s, f32x4.splat(ABSENT), risk))
      v128.store(out, risk, LANES)
      store<u64>(out, load<u64>(weight), LOWER)
      store<f32>(out, rate * load<f32>(weight), RATE_LOWER)
      store<f32>(out, rate * load<f32>(weight, 4), RATE_UPPER)
      store<u32>(out, <u32>q, PLACE)
      store<u32>(out, <u32>i, BIN)
      out += ENTRY
    }
    const moving = v128.andnot(isUp, risk)
    const held = v128.not(v128.or(isUp, risk))
    const place = isTop ? f32x4.sub(f32x4.splat(1), wl) : wh
    firstMoving = f32x4.pmin(firstMoving, v128.bitselect(place, most, moving))
    lastMoving = v128.bitselect(place, lastMoving, moving)
    firstHeld = f32x4.pmin(firstHeld, v128.bitselect(place, most, held))
    lastHeld = v128.bitselect(place, lastHeld, held)
    const wlMoving = v128.and(wl, moving)
    lower = mulAdd(wl, wlMoving, lower)
    across = mulAdd(wh, wlMoving, across)
    upper = mulAdd(wh, v128.and(wh, moving), upper)
  }
  w.nextListEnd = out
  put(run, v128.and(firstMoving, f32x4.lt(firstMoving, most)), due)
  put(run + LAST_MOVING, lastMoving, due)
  const holds = f32x4.lt(firstHeld, most)
  put(run + FIRST_HELD, v128.and(firstHeld, holds), due)
  put(run + LAST_HELD, lastHeld, due)
  put(run + HELD_FLOOR, v128.bitselect(v128.load(run, FLOOR), f32x4.neg(most), holds), due)
  put(run + GRAM_LOWER, lower, due)
  put(run + GRAM_ACROSS, across, due)
  put(run + GRAM_UPPER, upper, due)
  put(run + WATCHED, watched, due)
}
