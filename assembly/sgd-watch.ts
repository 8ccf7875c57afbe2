/**
 * The same iteration in fewer operations: only the bins that might reach or leave the clamp within the next few
 * iterations are stepped one by one (the watch list). The others move linearly, S_f - (F U)_f, where U is the sum of the
 * steps, and their part of the residual moves by the tridiagonal Gram matrix of the moving ones. After a chunk of
 * iterations every bin that was not watched is looked at: where one crossed the clamp, the chunk is done again with that
 * bin watched. docs/algorithms.md, section 16.
 *
 * Four frames at a time, half a lane group. A bin is watched in a frame or not: each choice is made lane by lane, so
 * that no frame's bits depend on its neighbours.
 */
import { clampAtZero, drift, GROUP_BYTES, mulAdd, sumFour } from './lanes'
import { Sgd, sgdGroupBytes } from './sgd-layout'
import {
  ABOVE,
  BAND,
  CHANGE,
  DIAGONAL,
  ENTRY,
  giveHalf,
  LANES,
  layOut,
  LOWER,
  PLACE,
  RESIDUAL,
  SHORT,
  SUM,
  takeHalf,
  UPPER,
  Watch,
} from './sgd-watch-layout'
import { review } from './sgd-watch-review'

/** Chunks that a frame has had redone in a row, after which all its bins are watched: a bound on the work. */
const MOST_TRIES: i32 = 4

/**
 * `count` iterations, of the bands in one sweep and of the watched bins in another. Keeps the decrease of the loss in each
 * but the last: from losses in float32 it could not be told in long runs.
 */
function chunk(sgd: Sgd, w: Watch, count: i32): void {
  const mu = f32x4.splat(sgd.momentum)
  const rate = f32x4.splat(sgd.rate)
  const zero = f32x4.splat(0)
  // rounds to multiples of 2^-59: products of smaller changes are subnormal, which makes a chunk take twice as long
  const coarse = f32x4.splat(<f32>1.4551915228366852e-11)
  const first = w.bands + BAND
  const end = w.saved - BAND
  const list = w.list
  const listEnd = w.listEnd
  for (let i = 0; i < count; i++) {
    let below = zero
    let aboveBelow = zero
    let decrease = zero
    let change = v128.load(first, CHANGE)
    let before = v128.load(first, RESIDUAL)
    let r = f32x4.add(before, change)
    let u = mulAdd(mu, v128.load(first), mulAdd(rate, r, drift()))
    for (let q = first; q < end; q += BAND) {
      const rounded = f32x4.sub(f32x4.add(change, coarse), coarse)
      decrease = f32x4.sub(decrease, f32x4.mul(rounded, f32x4.add(r, before)))
      const above = v128.load(q, ABOVE)
      change = v128.load(q, BAND + CHANGE)
      before = v128.load(q, BAND + RESIDUAL)
      const nextR = f32x4.add(before, change)
      const next = mulAdd(mu, v128.load(q, BAND), mulAdd(rate, nextR, drift()))
      v128.store(q, u)
      v128.store(q, f32x4.add(v128.load(q, SUM), u), SUM)
      const moved = mulAdd(aboveBelow, below, mulAdd(v128.load(q, DIAGONAL), u, f32x4.mul(above, next)))
      v128.store(q, r, RESIDUAL)
      v128.store(q, f32x4.neg(moved), CHANGE)
      r = nextR
      below = u
      u = next
      aboveBelow = above
    }
    if (i > 0) store<f64>(w.decreases + ((<usize>i) << 3), sumFour(decrease))
    for (let e = list; e < listEnd; e += ENTRY) {
      const q = <usize>load<u32>(e, PLACE)
      const wl = v128.load32_splat(e, LOWER)
      const wh = v128.load32_splat(e, UPPER)
      const s = v128.load(e)
      const x = clampAtZero(f32x4.sub(s, mulAdd(wl, v128.load(q), f32x4.mul(wh, v128.load(q, BAND)))))
      v128.store(e, x)
      const d = v128.and(f32x4.sub(x, s), v128.load(e, LANES))
      v128.store(q, mulAdd(wl, d, v128.load(q, CHANGE)), CHANGE)
      v128.store(q, mulAdd(wh, d, v128.load(q, BAND + CHANGE)), BAND + CHANGE)
    }
  }
  for (let q = first; q < end; q += BAND) {
    v128.store(q, f32x4.add(v128.load(q, RESIDUAL), v128.load(q, CHANGE)), RESIDUAL)
    v128.store(q, zero, CHANGE)
  }
}

/** Takes the next list into use, and where the chunk is `done` the spectrogram and residuals after it. */
function adopt(w: Watch, done: bool): void {
  const list = w.list
  w.list = w.nextList
  w.listEnd = w.nextListEnd
  w.nextList = list
  let row = w.rows
  for (let q = w.bands + BAND, end = w.saved - BAND; q < end; q += BAND) {
    if (done) v128.store(q, v128.load(row), RESIDUAL)
    v128.store(q, v128.load(row, 16), DIAGONAL)
    v128.store(q, v128.load(row, 32), ABOVE)
    v128.store(q, f32x4.splat(0), SUM)
    row += 48
  }
  if (!done) return
  v128.store(w.tries, i32x4.splat(0))
  const marks = w.marks
  w.marks = w.nextMarks
  w.nextMarks = marks
  const s = w.spectrogram
  w.spectrogram = w.next
  w.next = s
}

/** Saves last step and residual of each band, or brings them back. */
function save(w: Watch, out: bool): void {
  let to = w.saved
  for (let q = w.bands + BAND, end = w.saved - BAND; q < end; q += BAND, to += 32) {
    memory.copy(out ? to : q, out ? q : to, 32)
    if (!out) v128.store(q, f32x4.splat(0), SUM)
  }
}

/** Iterations to the next boundary of chunks. They lie at fixed iterations, whatever the stretches. */
// @ts-ignore: decorator
@inline
function chunkAt(iteration: i32, longest: i32): i32 {
  const length = iteration < 1024 ? SHORT : longest
  return length - (iteration & (length - 1))
}

/** Returns to the chunk's beginning, with the list as it was and the bins that crossed. */
function goBack(sgd: Sgd, w: Watch, half: usize, length: i32, bad: v128): void {
  const tries = i32x4.sub(v128.load(w.tries), bad)
  v128.store(w.tries, tries)
  const all = v128.and(bad, i32x4.ge_s(tries, i32x4.splat(MOST_TRIES)))
  if (v128.any_true(all)) {
    const end = w.marks + ((<usize>w.nBins) << 4)
    for (let p = w.marks; p < end; p += 16) v128.store(p, v128.or(v128.load(p), all))
  }
  save(w, false)
  w.listEnd = w.list
  review(sgd, w, half, length, true)
  adopt(w, false)
}

/** Lanes, each with all bits or none, in which `bad` has any. */
// @ts-ignore: decorator
@inline
function lanesOf(bad: v128): v128 {
  return i32x4.ne(bad, i32x4.splat(0))
}

function watchHalf(sgd: Sgd, w: Watch, half: usize, at: i32, iterations: i32, longest: i32, losses: usize): void {
  takeHalf(sgd, w, half)
  w.listEnd = w.list
  let length = min(chunkAt(at, longest), iterations)
  review(sgd, w, half, length, false)
  adopt(w, true)
  let loss = lossOf(w)
  while (iterations > 0) {
    save(w, true)
    chunk(sgd, w, length)
    const left = iterations - length
    const next = min(chunkAt(at + length, longest), left)
    const bad = lanesOf(review(sgd, w, half, next, false))
    if (v128.any_true(bad)) {
      goBack(sgd, w, half, length, bad)
      continue
    }
    for (let i = 1; i < length; i++, losses += 8) {
      loss -= load<f64>(w.decreases + ((<usize>i) << 3))
      addTo(losses, max(loss, 0))
    }
    loss = lossOf(w)
    addTo(losses, loss)
    losses += 8
    adopt(w, true)
    at += length
    iterations = left
    length = next
  }
  giveHalf(sgd, w, half)
}

// @ts-ignore: decorator
@inline
function addTo(losses: usize, loss: f64): void {
  store<f64>(losses, load<f64>(losses) + loss)
}

function lossOf(w: Watch): f64 {
  let loss = f32x4.splat(0)
  const end = w.rows + <usize>w.nBands * 48
  for (let row = w.rows; row < end; row += 48) loss = mulAdd(v128.load(row), v128.load(row), loss)
  return sumFour(loss)
}

/**
 * As sgdRun, for momentum below 1 and none of weight decay, nesterov, dampening and maximize.
 * @param watch working memory of {@link sgdWatchBytes}
 * @param frames of the groups; the last may be partly filled
 * @param longest iterations of a chunk after iteration 1 024: 32 or 64
 */
export function sgdWatch(
  sgd: usize,
  watch: usize,
  group: usize,
  frames: i32,
  iteration: f64,
  iterations: i32,
  longest: i32,
  losses: usize,
): void {
  const args = changetype<Sgd>(sgd)
  const w = layOut(watch, args)
  const size = sgdGroupBytes(sgd)
  const at = <i32>((<i64>(iteration - 1)) & 0x3fffffff)
  for (; frames > 0; frames -= 8, group += size) {
    watchHalf(args, w, group, at, iterations, longest, losses)
    if (frames > 4) watchHalf(args, w, group + 16, at, iterations, longest, losses)
  }
}
