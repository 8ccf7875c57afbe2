/**
 * The same iteration in fewer operations: only the bins that might reach or leave the clamp within the next few
 * iterations are stepped one by one (the watch list). The others move linearly, S_f - (F U)_f, where U is the sum of the
 * steps, and their part of the residual moves by the tridiagonal Gram matrix of the moving ones. After a chunk of
 * iterations every bin that was not watched is looked at: where one crossed the clamp, the chunk is done again with its
 * run of bins watched. docs/algorithms.md, section 16.
 *
 * Four frames at a time, half a lane group. A bin is watched in a frame or not: each choice is made lane by lane, so
 * that no frame's bits depend on its neighbours.
 */
import { clampAtZero, mulAdd } from './lanes'
import { Sgd, sgdGroupBytes } from './sgd-layout'
import {
  ABOVE,
  BAND,
  DIAGONAL,
  EARLY,
  ENTRY,
  giveHalf,
  GRADIENT,
  LATE,
  layOut,
  LONG,
  LOWER,
  MOVED,
  PLACE,
  RATE_LOWER,
  RATE_UPPER,
  SHORT,
  SUM,
  takeHalf,
  UPPER,
  Watch,
} from './sgd-watch-layout'
import { check, renew } from './sgd-watch-review'

/** Chunks that a frame has had redone in a row, after which all its bins are watched: a bound on the work. */
const MOST_TRIES: i32 = 4

/**
 * `count` iterations, of the bands in one sweep and of the watched bins in another. Keeps the decrease of the loss in each:
 * from losses in float32 it could not be told in long runs.
 */
function chunk(sgd: Sgd, w: Watch, count: i32): void {
  const mu = f32x4.splat(sgd.momentum)
  const zero = f32x4.splat(0)
  const first = w.bands + BAND
  const end = w.saved - BAND
  const list = w.list
  const listEnd = w.listEnd
  for (let i = 0; i < count; i++) {
    let below = zero
    let aboveBelow = zero
    let decrease = zero
    let moved = v128.load(first, MOVED)
    let before = v128.load(first, GRADIENT)
    let g = f32x4.sub(before, moved)
    let u = mulAdd(mu, v128.load(first), g)
    for (let q = first; q < end; q += BAND) {
      decrease = mulAdd(moved, f32x4.add(g, before), decrease)
      const above = v128.load(q, ABOVE)
      moved = v128.load(q, BAND + MOVED)
      before = v128.load(q, BAND + GRADIENT)
      const nextG = f32x4.sub(before, moved)
      const next = mulAdd(mu, v128.load(q, BAND), nextG)
      v128.store(q, u)
      v128.store(q, f32x4.add(v128.load(q, SUM), u), SUM)
      v128.store(q, g, GRADIENT)
      v128.store(q, mulAdd(aboveBelow, below, mulAdd(v128.load(q, DIAGONAL), u, f32x4.mul(above, next))), MOVED)
      g = nextG
      below = u
      u = next
      aboveBelow = above
    }
    if (i > 0) store<f64>(w.decreases + ((<usize>i) << 3), lossOfLanes(w, decrease))
    for (let e = list; e < listEnd; e += ENTRY) {
      const q = <usize>load<u32>(e, PLACE)
      const s = v128.load(e)
      const below = f32x4.mul(v128.load32_splat(e, LOWER), v128.load(q))
      const step = mulAdd(v128.load32_splat(e, UPPER), v128.load(q, BAND), below)
      const x = clampAtZero(f32x4.sub(s, step))
      v128.store(e, x)
      const d = f32x4.sub(s, x)
      v128.store(q, mulAdd(v128.load32_splat(e, RATE_LOWER), d, v128.load(q, MOVED)), MOVED)
      v128.store(q, mulAdd(v128.load32_splat(e, RATE_UPPER), d, v128.load(q, BAND + MOVED)), BAND + MOVED)
    }
  }
  let decrease = zero
  for (let q = first; q < end; q += BAND) {
    const before = v128.load(q, GRADIENT)
    const moved = v128.load(q, MOVED)
    const g = f32x4.sub(before, moved)
    decrease = mulAdd(moved, f32x4.add(g, before), decrease)
    v128.store(q, g, GRADIENT)
    v128.store(q, zero, MOVED)
  }
  store<f64>(w.decreases + ((<usize>count) << 3), lossOfLanes(w, decrease))
}

/** Keeps last step and gradient of each band, and begins the sums of the steps. */
function keep(w: Watch): void {
  for (let q = w.bands + BAND, to = w.saved, end = w.saved - BAND; q < end; q += BAND, to += 32) {
    v128.store(to, v128.load(q))
    v128.store(to, v128.load(q, GRADIENT), 16)
    v128.store(q, f32x4.splat(0), SUM)
  }
}

/** Brings them back. */
function takeBack(w: Watch): void {
  for (let q = w.bands + BAND, from = w.saved, end = w.saved - BAND; q < end; q += BAND, from += 32) {
    v128.store(q, v128.load(from))
    v128.store(q, v128.load(from, 16), GRADIENT)
  }
}

/** Iterations to the next boundary of chunks. They lie at fixed iterations, whatever the stretches. */
// @ts-ignore: decorator
@inline
function chunkAt(iteration: i32, middle: i32): i32 {
  const length = iteration < EARLY ? SHORT : iteration < LATE ? middle : LONG
  return length - (iteration & (length - 1))
}

/** Returns to the chunk's beginning, with the list as it was and the runs in which bins crossed. */
function goBack(sgd: Sgd, w: Watch, length: i32): void {
  const bad = v128.load(w.bad)
  const tries = i32x4.sub(v128.load(w.tries), bad)
  v128.store(w.tries, tries)
  const all = v128.and(bad, i32x4.ge_s(tries, i32x4.splat(MOST_TRIES)))
  if (v128.any_true(all)) {
    const end = w.marks + ((<usize>w.nBins) << 4)
    for (let p = w.marks; p < end; p += 16) v128.store(p, v128.or(v128.load(p), all))
  }
  takeBack(w)
  renew(sgd, w, length, true)
}

/** Takes the bins after the chunk into use. */
function goOn(w: Watch): void {
  const s = w.spectrogram
  w.spectrogram = w.next
  w.next = s
  v128.store(w.tries, i32x4.splat(0))
}

function watchHalf(sgd: Sgd, w: Watch, half: usize, at: i32, iterations: i32, middle: i32, losses: usize): void {
  takeHalf(sgd, w, half)
  let length = min(chunkAt(at, middle), iterations)
  w.listEnd = w.list
  renew(sgd, w, length, false)
  let loss = lossOf(w)
  let falls = losses + ((<usize>iterations) << 3)
  while (iterations > 0) {
    keep(w)
    chunk(sgd, w, length)
    const left = iterations - length
    const next = min(chunkAt(at + length, middle), left)
    check(sgd, w, next)
    if (v128.any_true(v128.load(w.bad))) {
      goBack(sgd, w, length)
      continue
    }
    loss = addLosses(w, loss, length, losses, falls)
    losses += (<usize>length) << 3
    falls += (<usize>length) << 3
    goOn(w)
    renew(sgd, w, next, false)
    at += length
    iterations = left
    length = next
  }
  giveHalf(sgd, w, half)
}

/**
 * Adds the losses of a chunk's iterations, and by how much each is lower than the one before; returns the last loss. It
 * is that of the gradients, and what it differs by from what the decreases add up to is dealt to all of them.
 * @param loss before the chunk
 */
function addLosses(w: Watch, loss: f64, length: i32, losses: usize, falls: usize): f64 {
  const last = lossOf(w)
  let rest = last - loss
  for (let i = 1; i <= length; i++) rest += load<f64>(w.decreases + ((<usize>i) << 3))
  rest /= <f64>length
  for (let i = 1; i <= length; i++, losses += 8, falls += 8) {
    const fall = load<f64>(w.decreases + ((<usize>i) << 3))
    loss = i < length ? max(loss + rest - fall, 0) : last
    store<f64>(losses, load<f64>(losses) + loss)
    store<f64>(falls, load<f64>(falls) + fall)
  }
  return last
}

/** The loss that sums of squares of gradients stand for, a lane a frame. */
function lossOfLanes(w: Watch, squares: v128): f64 {
  const others = v128.shuffle<f32>(squares, squares, 2, 3, 2, 3)
  return sumOfLanes(w, f64x2.promote_low_f32x4(squares), f64x2.promote_low_f32x4(others))
}

// @ts-ignore: decorator
@inline
function sumOfLanes(w: Watch, low: v128, high: v128): f64 {
  const sum = f64x2.add(f64x2.mul(low, v128.load(w.perSquare)), f64x2.mul(high, v128.load(w.perSquare, 16)))
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)
}

function lossOf(w: Watch): f64 {
  let low = f64x2.splat(0)
  let high = f64x2.splat(0)
  for (let q = w.bands + BAND, end = w.saved - BAND; q < end; q += BAND) {
    const g = v128.load(q, GRADIENT)
    const g0 = f64x2.promote_low_f32x4(g)
    const g1 = f64x2.promote_low_f32x4(v128.shuffle<f32>(g, g, 2, 3, 2, 3))
    low = f64x2.add(low, f64x2.mul(g0, g0))
    high = f64x2.add(high, f64x2.mul(g1, g1))
  }
  return sumOfLanes(w, low, high)
}

/**
 * As sgdRun, for momentum below 1 and none of weight decay, nesterov, dampening and maximize.
 * @param watch working memory of {@link sgdWatchBytes}
 * @param frames of the groups; the last may be partly filled
 * @param middle iterations of a chunk between iterations EARLY and LATE: 32 or 64
 * @param losses f64 [2][iterations], added to: the losses, and by how much each is lower than the one before
 */
export function sgdWatch(
  sgd: usize,
  watch: usize,
  group: usize,
  frames: i32,
  iteration: f64,
  iterations: i32,
  middle: i32,
  losses: usize,
): void {
  const args = changetype<Sgd>(sgd)
  const w = layOut(watch, args)
  const size = sgdGroupBytes(sgd)
  const at = <i32>((<i64>(iteration - 1)) & 0x3fffffff)
  for (; frames > 0; frames -= 8, group += size) {
    watchHalf(args, w, group, at, iterations, middle, losses)
    if (frames > 4) watchHalf(args, w, group + 16, at, iterations, middle, losses)
  }
}
