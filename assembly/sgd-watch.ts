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
import { clampAtZero, drift, GROUP_BYTES, sumFour } from './lanes'
import { sgdGroupBytes, momentumAt, Sgd, targetAt } from './sgd-layout'

// A band in the loop, in bytes from its start: the last step, the residual before it, the row of the Gram matrix of the
// moving bins (diagonal, and neighbour above), the sum of the chunk's steps, and by how much the last step has changed
// the residual: apart from it, since it may be too small to add.
const RESIDUAL: usize = 16
const DIAGONAL: usize = 32
const ABOVE: usize = 48
const SUM: usize = 64
const CHANGE: usize = 80
const BAND: usize = 96
// A watched bin: its value, the lanes in which it is watched, both weights, where the lower of its bands is, its index.
const LANES: usize = 16
const LOWER: usize = 32
const UPPER: usize = 36
const PLACE: usize = 40
const BIN: usize = 44
const ENTRY: usize = 48

/** Iterations of a chunk, to iteration 1 024, and most of one after. More bins are at risk in a longer chunk. */
const SHORT: i32 = 32
const LONG: i32 = 64
/** A bin is watched that might cross within 5/4 chunks. */
const MARGIN: f32 = 1.25
/** Bins cross the clamp by as much as this times their bands' targets without being noticed: float32's own noise. */
export const NOISE: f32 = 1e-7
/** Chunks that a frame has had redone in a row, after which all its bins are watched: a bound on the work. */
const MOST_TRIES: i32 = 4


@unmanaged
export class Watch {
  nBins: i32
  nBands: i32
  /** f32x4 [nBins], now and after the chunk. */
  spectrogram: usize
  next: usize
  /** [nBands + 2][BAND], a zero band at either end; and the last step and the residual of each before the chunk. */
  bands: usize
  saved: usize
  /** [nBins + 1][ENTRY], of this chunk and of the next. */
  list: usize
  listEnd: usize
  nextList: usize
  nextListEnd: usize
  /** f32x4 [nBins]: lanes in which a bin is watched in this chunk, and is to be in the next. */
  marks: usize
  nextMarks: usize
  /** i32x4: how often each lane has had this chunk redone. */
  tries: usize
  /** f32x4 [nBands][3]: residual and Gram row after the chunk. */
  rows: usize
  /** f64 [LONG]: by how much each step of the chunk has lowered the loss. */
  decreases: usize
}

function align(bytes: usize): usize {
  return (bytes + 15) & ~15
}

/** Bytes of the working memory at `sgdWatch`'s `watch`. */
export function sgdWatchBytes(sgd: usize): usize {
  const bank = changetype<Sgd>(sgd).bank
  const nBins = <usize>bank.nBins
  const nBands = <usize>bank.nBands
  return (
    align(offsetof<Watch>()) +
    nBins * 64 +
    16 +
    (nBins + 1) * 2 * ENTRY +
    (nBands + 2) * (BAND + 32) +
    nBands * 48 +
    LONG * 8
  )
}

function layOut(at: usize, sgd: Sgd): Watch {
  const w = changetype<Watch>(at)
  const row = (<usize>sgd.bank.nBins) << 4
  w.nBins = sgd.bank.nBins
  w.nBands = sgd.bank.nBands
  w.spectrogram = at + align(offsetof<Watch>())
  w.next = w.spectrogram + row
  w.marks = w.next + row
  w.nextMarks = w.marks + row
  w.tries = w.nextMarks + row
  w.list = w.tries + 16
  w.nextList = w.list + (<usize>w.nBins + 1) * ENTRY
  w.bands = w.nextList + (<usize>w.nBins + 1) * ENTRY
  w.saved = w.bands + (<usize>w.nBands + 2) * BAND
  w.rows = w.saved + ((<usize>w.nBands + 2) << 5)
  w.decreases = w.rows + <usize>w.nBands * 48
  return w
}

// @ts-ignore: decorator
@inline
function mulAdd(a: v128, b: v128, c: v128): v128 {
  return f32x4.add(f32x4.mul(a, b), c)
}

/** Takes over half a group: spectrogram, residuals and, from the step that waits, the last one. */
function takeHalf(sgd: Sgd, w: Watch, half: usize): void {
  memory.fill(w.bands, 0, (<usize>w.nBands + 2) * BAND)
  v128.store(w.tries, i32x4.splat(0))
  const inverse = f32x4.splat(sgd.momentum > 0 ? <f32>1 / sgd.momentum : 0)
  const rate = f32x4.splat(sgd.rate)
  let s = half
  let to = w.spectrogram
  let weight = sgd.bank.weights
  let wait = half + momentumAt(sgd)
  let target = half + targetAt(sgd)
  let q = w.bands
  let above = f32x4.splat(0)
  for (let k = 0; k <= w.nBands; k++) {
    let sum = above
    above = f32x4.splat(0)
    for (let n = load<i32>(sgd.bank.runs + ((<usize>k) << 2)); n > 0; n--) {
      const x = v128.load(s)
      v128.store(to, x)
      sum = mulAdd(v128.load32_splat(weight), x, sum)
      above = mulAdd(v128.load32_splat(weight, 4), x, above)
      s += GROUP_BYTES
      to += 16
      weight += 8
    }
    if (k > 0) {
      const r = f32x4.sub(sum, v128.load(target))
      v128.store(q, r, RESIDUAL)
      v128.store(q, f32x4.mul(inverse, f32x4.sub(v128.load(wait), f32x4.mul(rate, r))))
      target += GROUP_BYTES
    }
    wait += GROUP_BYTES
    q += BAND
  }
}

/** Hands half a group back. */
function giveHalf(sgd: Sgd, w: Watch, half: usize): void {
  for (let i: usize = 0; i < <usize>w.nBins; i++) {
    v128.store(half + i * GROUP_BYTES, v128.load(w.spectrogram + (i << 4)))
  }
  let wait = half + momentumAt(sgd) + GROUP_BYTES
  for (let q = w.bands + BAND, end = w.saved - BAND; q < end; q += BAND) {
    v128.store(wait, stepAt(q, f32x4.splat(sgd.momentum), f32x4.splat(sgd.rate)))
    wait += GROUP_BYTES
  }
}

/** The next step of the band at `q`. */
// @ts-ignore: decorator
@inline
function stepAt(q: usize, mu: v128, rate: v128): v128 {
  return mulAdd(mu, v128.load(q), mulAdd(rate, v128.load(q, RESIDUAL), drift()))
}

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

/**
 * Looks at all bins after a chunk: applies it, makes the residuals and the list for the next chunk of `length`.
 * @param again whether the list is to be that of the marks as they are
 * @returns the lanes in which a bin that was not watched crossed the clamp; it has been marked
 */
function review(sgd: Sgd, w: Watch, half: usize, length: i32, again: bool): v128 {
  const zero = f32x4.splat(0)
  const mu = f32x4.splat(sgd.momentum)
  const rate = f32x4.splat(sgd.rate)
  const noise = f32x4.splat((-NOISE * sgd.rate) / (1 - sgd.momentum))
  const ahead = f32x4.splat(MARGIN * <f32>length)
  const runs = sgd.bank.runs
  let bad = zero
  let e = w.list
  store<i32>(w.listEnd, -1, BIN)
  let out = w.nextList
  let weight = sgd.bank.weights
  let q = w.bands
  let row = w.rows - 48
  let target = half + targetAt(sgd)
  let targetBelow = zero
  let above = zero
  let gramAbove = zero
  let next0 = zero
  let next1 = stepAt(q + BAND, mu, rate)
  let i: usize = 0
  for (let k = 0; k <= w.nBands; k++) {
    const targetAbove = k < w.nBands ? v128.load(target) : zero
    const floor = f32x4.mul(noise, f32x4.add(targetBelow, targetAbove))
    const last0 = v128.load(q)
    const last1 = v128.load(q, BAND)
    const sum0 = v128.load(q, SUM)
    const sum1 = v128.load(q, BAND + SUM)
    const change0 = f32x4.sub(next0, last0)
    const change1 = f32x4.sub(next1, last1)
    let total = above
    let diagonal = gramAbove
    let across = zero
    above = zero
    gramAbove = zero
    const end = i + <usize>load<i32>(runs + ((<usize>k) << 2))
    for (; i < end; i++, weight += 8) {
      const wl = v128.load32_splat(weight)
      const wh = v128.load32_splat(weight, 4)
      const before = v128.load(w.spectrogram + (i << 4))
      const moves = f32x4.gt(before, zero)
      const x = f32x4.sub(before, mulAdd(wl, sum0, f32x4.mul(wh, sum1)))
      let crossed = v128.bitselect(f32x4.lt(x, zero), f32x4.lt(mulAdd(wl, last0, f32x4.mul(wh, last1)), floor), moves)
      let s = v128.and(x, moves)
      if (<usize>load<i32>(e, BIN) == i) {
        const watched = v128.load(e, LANES)
        crossed = v128.andnot(crossed, watched)
        s = v128.bitselect(v128.load(e), s, watched)
        e += ENTRY
      }
      const mark = w.marks + (i << 4)
      if (v128.any_true(crossed)) {
        bad = v128.or(bad, crossed)
        v128.store(mark, v128.or(v128.load(mark), crossed))
      }
      v128.store(w.next + (i << 4), s)
      total = mulAdd(wl, s, total)
      above = mulAdd(wh, s, above)
      const v = mulAdd(wl, next0, f32x4.mul(wh, next1))
      const later = mulAdd(ahead, mulAdd(wl, change0, f32x4.mul(wh, change1)), v)
      const isUp = f32x4.gt(s, zero)
      let risk = v128.bitselect(
        f32x4.lt(s, f32x4.mul(ahead, f32x4.pmax(v, later))),
        f32x4.lt(f32x4.pmin(v, later), floor),
        isUp,
      )
      if (again) risk = v128.load(mark)
      else v128.store(w.nextMarks + (i << 4), risk)
      if (v128.any_true(risk)) {
        v128.store(out, s)
        v128.store(out, risk, LANES)
        store<u64>(out, load<u64>(weight), LOWER)
        store<u32>(out, <u32>q, PLACE)
        store<i32>(out, <i32>i, BIN)
        out += ENTRY
      }
      const linear = v128.andnot(isUp, risk)
      const wlMoving = v128.and(wl, linear)
      diagonal = mulAdd(wl, wlMoving, diagonal)
      across = mulAdd(wh, wlMoving, across)
      gramAbove = mulAdd(wh, v128.and(wh, linear), gramAbove)
    }
    if (k > 0) {
      v128.store(row, f32x4.sub(total, targetBelow))
      v128.store(row, diagonal, 16)
      v128.store(row, across, 32)
    }
    row += 48
    q += BAND
    target += GROUP_BYTES
    targetBelow = targetAbove
    next0 = next1
    if (k < w.nBands) next1 = stepAt(q + BAND, mu, rate)
  }
  w.nextListEnd = out
  return bad
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
      addTo(losses, loss)
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
