/**
 * The same iteration in jumps: between two clamp events it is linear in the Bark domain, and M of its steps are a
 * polynomial in a tridiagonal matrix (sgd-propagator.ts). A frame jumps exactly onto its next event, so that the clamp
 * of the last step is the exact one; after the jump every bin is looked at, and where one crossed earlier, the jump is
 * taken back and a shorter one made. docs/algorithms.md, section 16.
 *
 * Four frames at a time, each at an iteration of its own; a lane whose frame is done takes the next one of the block.
 * Every choice is made lane by lane, so that no frame's bits depend on its neighbours.
 */
import { GROUP, GROUP_SHIFT } from './lanes'
import { momentumAt, Sgd, sgdGroupBytes, targetAt } from './sgd-layout'
import {
  COEFFICIENT,
  MOST,
  mostSteps,
  NODES_BYTES,
  nodesFor,
  propagator,
  SERIES,
  SHORT,
  SHORT_SERIES,
} from './sgd-propagator'
import { NOISE } from './sgd-watch'

// A band in Clenshaw's recurrence, in bytes from its start: its row of 4/L G (diagonal, and neighbour above), g r and
// mu u, and the recurrence's b and d for the sum of the steps and for the last step.
const ABOVE: usize = 16
const RESIDUAL: usize = 32
const MOMENTUM: usize = 48
const SUM_B: usize = 64
const SUM_D: usize = 80
const LAST_B: usize = 96
const LAST_D: usize = 112
const BAND_SHIFT: usize = 7
const BAND: usize = 128
// A band beside it: target; sum of the steps, last step and next; residual and row of G after the jump.
const SUM: usize = 16
const LAST: usize = 32
const NEXT: usize = 48
const AFTER: usize = 64
const DIAGONAL: usize = 80
const ACROSS: usize = 96
const ROW: usize = 112
/** Bytes of a run's part of G: at its lower band, across, at its upper band. */
const GRAM: usize = 48
const STEP: usize = 48

/** A bin may be this far beyond the clamp, times its bands' targets, if a small step put it there. */
const OVERSHOOT: f32 = 1e-6
/** A jump is at most this many times the one before, but may be of SHORTEST or of 1/64 of the iterations behind. */
const GROWTH: i32 = 3
const SHORTEST: i32 = 32
const LONGEST: f64 = 8192
/** Above FINE, lengths are rounded down to BITS significant bits, for series to be used again. */
const FINE: i32 = 256
const BITS: i32 = 6
/** Series that are kept: 2048 short ones (0.65 made a jump with 512), and 256 long ones. */
const SHORT_BITS: u32 = 11
const LONG_BITS: u32 = 8
const SERIES_BYTES: usize = ((<usize>1) << SHORT_BITS) * SHORT_SERIES + ((<usize>1) << LONG_BITS) * SERIES
/** Spectral bounds are told apart by halves of an octave, four of them: with more, more series have to be made. */
const CLASSES: i32 = 4
const HALF: f32 = 1.4142135


@unmanaged
export class Jumps {
  nBins: i32
  nBands: i32
  longest: i32
  bound: f32
  /** f32x4 [nBins], now and after the jump; below 0 for a bin held at the clamp. */
  spectrogram: usize
  next: usize
  bands: usize
  rows: usize
  grams: usize
  nextGrams: usize
  /** f32x4 [MOST][3] */
  coefficients: usize
  nodes: usize
  series: usize
  /** Of each lane: its frame or -1, the iterations it has done, those of its jump, most of it, class of its bound. */
  frame: usize
  at: usize
  length: usize
  cap: usize
  level: usize
  /** Masks: lanes that have just been filled; lanes whose jump failed. */
  fresh: usize
  bad: usize
  /** f32x4: iterations to the next event; L / 4; how far to look ahead. */
  due: usize
  scale: usize
  ahead: usize
}

const LANES_BYTES: usize = 160

function align(bytes: usize): usize {
  return (bytes + 15) & ~15
}

/** Bytes of the working memory at `jumps`. */
export function sgdJumpsBytes(sgd: usize): usize {
  const bank = changetype<Sgd>(sgd).bank
  const nBands = <usize>bank.nBands + 2
  const lists = <usize>bank.nBins * 32 + nBands * (BAND + ROW + 2 * GRAM) + <usize>MOST * STEP
  return align(offsetof<Jumps>()) + LANES_BYTES + lists + NODES_BYTES + SERIES_BYTES
}

/**
 * Lays out the working memory; once a problem.
 * @param bound on the eigenvalues of F^T F
 */
export function sgdJumps(jumps: usize, sgd: usize, bound: f32): void {
  const args = changetype<Sgd>(sgd)
  memory.fill(jumps, 0, sgdJumpsBytes(sgd))
  const j = changetype<Jumps>(jumps)
  const nBins = args.bank.nBins
  const nBands = <usize>args.bank.nBands + 2
  j.nBins = nBins
  j.nBands = args.bank.nBands
  j.bound = bound
  j.longest = <i32>min(LONGEST, mostSteps(args.rate, args.momentum, bound))
  let at = jumps + align(offsetof<Jumps>())
  j.frame = at
  j.at = at + 16
  j.length = at + 32
  j.cap = at + 48
  j.level = at + 64
  j.fresh = at + 80
  j.bad = at + 96
  j.due = at + 112
  j.scale = at + 128
  j.ahead = at + 144
  at += LANES_BYTES
  j.spectrogram = at
  j.next = j.spectrogram + ((<usize>nBins) << 4)
  j.bands = j.next + ((<usize>nBins) << 4)
  j.rows = j.bands + nBands * BAND
  j.grams = j.rows + nBands * ROW
  j.nextGrams = j.grams + nBands * GRAM
  j.coefficients = j.nextGrams + nBands * GRAM
  j.nodes = j.coefficients + <usize>MOST * STEP
  j.series = j.nodes + NODES_BYTES
}

// @ts-ignore: decorator
@inline
function mulAdd(a: v128, b: v128, c: v128): v128 {
  return f32x4.add(f32x4.mul(a, b), c)
}

// @ts-ignore: decorator
@inline
function runAt(sgd: Sgd, k: i32): i32 {
  return load<i32>(sgd.bank.runs + ((<usize>k) << 2))
}

/** The series for a lane's jump. */
function seriesOf(sgd: Sgd, j: Jumps, steps: i32, level: i32): usize {
  const key = steps * CLASSES + level
  let bound = j.bound
  for (let i = 0; i < level; i++) bound /= HALF
  const hash = <u32>key * 2654435761
  const isShort = nodesFor(steps, sgd.rate, sgd.momentum, bound) <= SHORT
  const at = isShort
    ? j.series + <usize>(hash >> (32 - SHORT_BITS)) * SHORT_SERIES
    : j.series + ((<usize>1) << SHORT_BITS) * SHORT_SERIES + <usize>(hash >> (32 - LONG_BITS)) * SERIES
  if (load<i32>(at) != key) {
    propagator(at, j.nodes, steps, sgd.rate, sgd.momentum, bound)
    store<i32>(at, key)
  }
  return at
}

/** Puts the lanes' series side by side; returns the longest length. A lane without a jump keeps its state. */
function gather(sgd: Sgd, j: Jumps): i32 {
  const row = j.coefficients
  let length = 1
  for (let lane: usize = 0; lane < 16; lane += 4) {
    const steps = load<i32>(j.length + lane)
    if (steps > 0) length = max(length, load<i32>(seriesOf(sgd, j, steps, load<i32>(j.level + lane)), 4))
  }
  // zeros on top leave the recurrence at exactly 0 until a lane's own first coefficient
  memory.fill(row, 0, <usize>length * STEP)
  for (let lane: usize = 0; lane < 16; lane += 4) {
    const steps = load<i32>(j.length + lane)
    if (steps == 0) {
      store<f32>(row + lane, sgd.momentum > 0 ? <f32>1 / sgd.momentum : 0, 32)
      continue
    }
    let from = seriesOf(sgd, j, steps, load<i32>(j.level + lane)) + 4
    const end = row + <usize>load<i32>(from) * STEP
    from += 4
    for (let to = row; to < end; to += STEP, from += COEFFICIENT) {
      store<f32>(to + lane, load<f32>(from))
      store<f32>(to + lane, load<f32>(from, 4), 16)
      store<f32>(to + lane, load<f32>(from, 8), 32)
    }
  }
  return length
}

/**
 * The sum of the steps, the last step and the one after it, by Clenshaw's recurrence in Reinsch's form at the low end:
 * in float32 the usual one loses the slow modes.
 */
function propagate(sgd: Sgd, j: Jumps, length: i32): void {
  const first = j.bands + BAND
  const end = first + ((<usize>j.nBands) << BAND_SHIFT)
  let c = j.coefficients + <usize>(length - 1) * STEP
  let p = v128.load(c)
  let f = v128.load(c, 16)
  let e = v128.load(c, 32)
  const zero = f32x4.splat(0)
  for (let z = first; z < end; z += BAND) {
    const r = v128.load(z, RESIDUAL)
    const u = v128.load(z, MOMENTUM)
    const sum = length > 1 ? mulAdd(p, r, f32x4.mul(f, u)) : zero
    const last = length > 1 ? mulAdd(f, r, f32x4.mul(e, u)) : zero
    v128.store(z, sum, SUM_B)
    v128.store(z, sum, SUM_D)
    v128.store(z, last, LAST_B)
    v128.store(z, last, LAST_D)
  }
  for (let n = length - 2; n >= 1; n--) {
    c -= STEP
    p = v128.load(c)
    f = v128.load(c, 16)
    e = v128.load(c, 32)
    let belowSum = zero
    let belowLast = zero
    let aboveBelow = zero
    let sum = v128.load(first, SUM_B)
    let last = v128.load(first, LAST_B)
    for (let z = first; z < end; z += BAND) {
      const nextSum = v128.load(z, BAND + SUM_B)
      const nextLast = v128.load(z, BAND + LAST_B)
      const diagonal = v128.load(z)
      const above = v128.load(z, ABOVE)
      const r = v128.load(z, RESIDUAL)
      const u = v128.load(z, MOMENTUM)
      const dSum = mulAdd(
        aboveBelow,
        belowSum,
        mulAdd(diagonal, sum, mulAdd(above, nextSum, mulAdd(p, r, f32x4.sub(f32x4.mul(f, u), v128.load(z, SUM_D))))),
      )
      const dLast = mulAdd(
        aboveBelow,
        belowLast,
        mulAdd(diagonal, last, mulAdd(above, nextLast, mulAdd(f, r, f32x4.sub(f32x4.mul(e, u), v128.load(z, LAST_D))))),
      )
      v128.store(z, dSum, SUM_D)
      v128.store(z, dLast, LAST_D)
      v128.store(z, f32x4.sub(dSum, sum), SUM_B)
      v128.store(z, f32x4.sub(dLast, last), LAST_B)
      belowSum = sum
      sum = nextSum
      belowLast = last
      last = nextLast
      aboveBelow = above
    }
  }
  finish(sgd, j)
}

/** `offset` of the row of 4/L G at the band at `z`, applied to values at `v`, `stride` apart. */
// @ts-ignore: decorator
@inline
function gramTimes(z: usize, v: usize, stride: usize): v128 {
  return mulAdd(
    v128.load(z - BAND, ABOVE),
    v128.load(v - stride),
    mulAdd(v128.load(z), v128.load(v), f32x4.mul(v128.load(z, ABOVE), v128.load(v + stride))),
  )
}

function finish(sgd: Sgd, j: Jumps): void {
  const first = j.bands + BAND
  const end = first + ((<usize>j.nBands) << BAND_SHIFT)
  const c = j.coefficients
  const p = v128.load(c)
  const f = v128.load(c, 16)
  const e = v128.load(c, 32)
  const half = f32x4.splat(0.5)
  let row = j.rows + ROW
  for (let z = first; z < end; z += BAND, row += ROW) {
    const r = v128.load(z, RESIDUAL)
    const u = v128.load(z, MOMENTUM)
    const sum = f32x4.sub(f32x4.mul(half, gramTimes(z, z + SUM_B, BAND)), v128.load(z, SUM_D))
    const last = f32x4.sub(f32x4.mul(half, gramTimes(z, z + LAST_B, BAND)), v128.load(z, LAST_D))
    v128.store(row, f32x4.add(sum, mulAdd(p, r, f32x4.mul(f, u))), SUM)
    v128.store(row, f32x4.add(last, mulAdd(f, r, f32x4.mul(e, u))), LAST)
  }
  const mu = f32x4.splat(sgd.momentum)
  const scale = f32x4.mul(f32x4.splat(sgd.rate), v128.load(j.scale))
  row = j.rows + ROW
  for (let z = first; z < end; z += BAND, row += ROW) {
    const r = f32x4.sub(v128.load(z, RESIDUAL), f32x4.mul(scale, gramTimes(z, row + SUM, ROW)))
    v128.store(row, mulAdd(mu, v128.load(row, LAST), r), NEXT)
  }
}

/**
 * One look at the bins: was the jump right (`bad` if not), where are they after it, which of them move, when is the next
 * event. A run with no event, and none due within `ahead` iterations, keeps its part of G and is done in a third of the
 * operations; others are gone through again.
 */
function review(sgd: Sgd, j: Jumps): void {
  const zero = f32x4.splat(0)
  const ahead = v128.load(j.ahead)
  const fresh = v128.load(j.fresh)
  const settled = sgd.rate / (1 - sgd.momentum)
  const noise = f32x4.splat(NOISE)
  const noiseV = f32x4.splat(NOISE * settled)
  let due = ahead
  let bad = zero
  let s = j.spectrogram
  let to = j.next
  let weight = sgd.bank.weights
  let row = j.rows
  let gram = j.grams
  let nextGram = j.nextGrams
  let above = zero
  let gramAbove = zero
  for (let k = 0; k <= j.nBands; k++, row += ROW, gram += GRAM, nextGram += GRAM) {
    const sum0 = v128.load(row, SUM)
    const sum1 = v128.load(row, ROW + SUM)
    const next0 = v128.load(row, NEXT)
    const next1 = v128.load(row, ROW + NEXT)
    const slower0 = f32x4.sub(v128.load(row, LAST), next0)
    const slower1 = f32x4.sub(v128.load(row, ROW + LAST), next1)
    const targets = f32x4.add(v128.load(row), v128.load(row, ROW))
    const noiseAt = f32x4.mul(targets, noiseV)
    const aboveBefore = above
    let total = above
    above = zero
    let slow = fresh
    const count = <usize>runAt(sgd, k)
    const end = s + (count << 4)
    for (; s < end; s += 16, to += 16, weight += 8) {
      const wl = v128.load32_splat(weight)
      const wh = v128.load32_splat(weight, 4)
      const x = v128.load(s)
      const moves = f32x4.ge(x, zero)
      const stepped = f32x4.sub(x, mulAdd(wl, sum0, f32x4.mul(wh, sum1)))
      const v = mulAdd(wl, next0, f32x4.mul(wh, next1))
      const slower = mulAdd(wl, slower0, f32x4.mul(wh, slower1))
      // how far from the event, and by how much nearer with each iteration
      const far = v128.bitselect(stepped, f32x4.add(v, noiseAt), moves)
      const nearing = v128.bitselect(v, slower, moves)
      slow = v128.or(slow, f32x4.lt(far, f32x4.pmax(zero, f32x4.mul(ahead, nearing))))
      v128.store(to, v128.bitselect(stepped, x, moves))
      const moving = v128.and(stepped, moves)
      total = mulAdd(wl, moving, total)
      above = mulAdd(wh, moving, above)
    }
    let lower = v128.load(gram)
    let across = v128.load(gram, 16)
    let upper = v128.load(gram, 32)
    if (v128.any_true(slow)) {
      const floor = f32x4.neg(f32x4.mul(targets, noise))
      const floorV = f32x4.neg(noiseAt)
      const over = f32x4.mul(targets, f32x4.splat(OVERSHOOT))
      const overS = f32x4.mul(over, f32x4.splat(1 / settled))
      let newLower = zero
      let newAcross = zero
      let newUpper = zero
      total = aboveBefore
      above = zero
      s -= count << 4
      to -= count << 4
      weight -= count << 3
      for (; s < end; s += 16, to += 16, weight += 8) {
        const wl = v128.load32_splat(weight)
        const wh = v128.load32_splat(weight, 4)
        const x = v128.load(s)
        const moves = f32x4.ge(x, zero)
        const stepped = f32x4.sub(x, mulAdd(wl, sum0, f32x4.mul(wh, sum1)))
        const v = mulAdd(wl, next0, f32x4.mul(wh, next1))
        const slower = mulAdd(wl, slower0, f32x4.mul(wh, slower1))
        const lastV = f32x4.add(v, slower)
        const beyond = v128.bitselect(stepped, lastV, moves)
        const speed = v128.bitselect(lastV, slower, moves)
        const tooFar = v128.and(
          f32x4.gt(f32x4.neg(beyond), speed),
          f32x4.gt(f32x4.mul(beyond, beyond), f32x4.mul(v128.bitselect(overS, over, moves), speed)),
        )
        const isBeyond = f32x4.lt(beyond, v128.bitselect(floor, floorV, moves))
        bad = v128.or(bad, v128.and(v128.and(isBeyond, tooFar), slow))
        const clamped = v128.and(f32x4.pmax(zero, stepped), moves)
        const will = v128.or(v128.and(f32x4.gt(stepped, zero), moves), f32x4.lt(v, floorV))
        const short = v128.bitselect(stepped, x, moves)
        v128.store(to, v128.bitselect(v128.bitselect(clamped, f32x4.splat(-1), will), short, slow))
        const value = v128.bitselect(v128.and(clamped, will), v128.and(stepped, moves), slow)
        total = mulAdd(wl, value, total)
        above = mulAdd(wh, value, above)
        const wlWill = v128.and(wl, will)
        newLower = mulAdd(wl, wlWill, newLower)
        newAcross = mulAdd(wh, wlWill, newAcross)
        newUpper = mulAdd(wh, v128.and(wh, will), newUpper)
        // S / v, longer the more v is slowing: a Pade approximant of the time of a decelerating approach
        const perV = f32x4.div(f32x4.splat(1), v)
        const t0 = f32x4.mul(clamped, perV)
        const q = f32x4.mul(f32x4.mul(slower, t0), perV)
        const time = f32x4.div(
          v128.bitselect(f32x4.mul(t0, f32x4.sub(f32x4.splat(6), q)), v, will),
          v128.bitselect(f32x4.sub(f32x4.splat(6), f32x4.mul(f32x4.splat(4), q)), slower, will),
        )
        const comes = v128.and(
          v128.and(f32x4.gt(v, noiseAt), slow),
          v128.bitselect(f32x4.lt(q, f32x4.splat(1)), f32x4.gt(slower, zero), will),
        )
        due = f32x4.pmin(due, v128.bitselect(time, due, comes))
      }
      lower = v128.bitselect(newLower, lower, slow)
      across = v128.bitselect(newAcross, across, slow)
      upper = v128.bitselect(newUpper, upper, slow)
    }
    v128.store(nextGram, lower)
    v128.store(nextGram, across, 16)
    v128.store(nextGram, upper, 32)
    if (k > 0) {
      v128.store(row, f32x4.sub(total, v128.load(row)), AFTER)
      v128.store(row, f32x4.add(gramAbove, lower), DIAGONAL)
      v128.store(row, k < j.nBands ? across : zero, ACROSS)
    }
    gramAbove = upper
  }
  v128.store(j.due, due)
  v128.store(j.bad, bad)
}

/** Gives a lane its next jump. */
function plan(j: Jumps, lane: usize, total: i32): void {
  let steps = min(min(total - load<i32>(j.at + lane), j.longest), load<i32>(j.cap + lane))
  const due = load<f32>(j.due + lane)
  if (due < <f32>steps) steps = max(1, <i32>ceil(due))
  if (steps > FINE) {
    const shift = 31 - clz<i32>(steps) - BITS + 1
    steps = (steps >> shift) << shift
  }
  store<i32>(j.length + lane, steps)
}

/** Accepts each lane's jump or takes it back, and plans its next. Returns the mask of the lanes accepted. */
function judge(sgd: Sgd, j: Jumps, total: i32): void {
  for (let lane: usize = 0; lane < 16; lane += 4) {
    const steps = load<i32>(j.length + lane)
    if (load<i32>(j.frame + lane) < 0) {
      store<i32>(j.bad + lane, 0)
    } else if (load<i32>(j.bad + lane) != 0 && steps > 1) {
      const wanted = steps >> 1
      store<i32>(j.length + lane, wanted)
      store<i32>(j.cap + lane, max(wanted, SHORTEST))
      store<i32>(j.bad + lane, -1)
    } else {
      store<i32>(j.bad + lane, 0)
      store<i32>(j.at + lane, load<i32>(j.at + lane) + steps)
      if (steps > 0) store<i32>(j.cap + lane, max(GROWTH * steps, SHORTEST))
      store<i32>(j.fresh + lane, 0)
      plan(j, lane, total)
    }
  }
}

/** Takes the accepted lanes' states into use. */
function commit(sgd: Sgd, j: Jumps): void {
  const bad = v128.load(j.bad)
  const rate = f32x4.splat(sgd.rate)
  const mu = f32x4.splat(sgd.momentum)
  if (v128.any_true(bad)) {
    for (let i: usize = 0, end = (<usize>j.nBins) << 4; i < end; i += 16) {
      v128.store(j.next + i, v128.bitselect(v128.load(j.spectrogram + i), v128.load(j.next + i), bad))
    }
    for (let i: usize = 0, end = (<usize>j.nBands + 1) * GRAM; i < end; i += 16) {
      v128.store(j.nextGrams + i, v128.bitselect(v128.load(j.grams + i), v128.load(j.nextGrams + i), bad))
    }
  }
  const s = j.spectrogram
  j.spectrogram = j.next
  j.next = s
  const grams = j.grams
  j.grams = j.nextGrams
  j.nextGrams = grams
  const perScale = bound(j, bad)
  let row = j.rows + ROW
  for (let z = j.bands + BAND, end = z + ((<usize>j.nBands) << BAND_SHIFT); z < end; z += BAND, row += ROW) {
    keepWhere(bad, z, f32x4.mul(perScale, v128.load(row, DIAGONAL)))
    keepWhere(bad, z + ABOVE, f32x4.mul(perScale, v128.load(row, ACROSS)))
    keepWhere(bad, z + RESIDUAL, flush(f32x4.mul(rate, v128.load(row, AFTER))))
    keepWhere(bad, z + MOMENTUM, flush(f32x4.mul(mu, v128.load(row, LAST))))
  }
}

/** `x`, or 0 where it is below 2^-75: coefficients would make subnormal numbers of it, which take ten times as long. */
// @ts-ignore: decorator
@inline
function flush(x: v128): v128 {
  return v128.and(x, f32x4.ge(f32x4.abs(x), f32x4.splat(<f32>2.6469779601696886e-23)))
}

// @ts-ignore: decorator
@inline
function keepWhere(mask: v128, at: usize, value: v128): void {
  v128.store(at, v128.bitselect(v128.load(at), value, mask))
}

/** Finds the lanes' spectral bounds, by their rows' sums, where they are not `bad`; returns 4 / L. */
function bound(j: Jumps, bad: v128): v128 {
  let most = f32x4.splat(0)
  let across = f32x4.splat(0)
  for (let row = j.rows + ROW, end = row + <usize>j.nBands * ROW; row < end; row += ROW) {
    const above = v128.load(row, ACROSS)
    most = f32x4.pmax(most, f32x4.add(v128.load(row, DIAGONAL), f32x4.add(across, above)))
    across = above
  }
  v128.store(j.ahead, most)
  for (let lane: usize = 0; lane < 16; lane += 4) {
    if (load<i32>(j.bad + lane)) continue
    let level = 0
    let scale = j.bound
    while (level < CLASSES - 1 && load<f32>(j.ahead + lane) * HALF <= scale) {
      scale /= HALF
      level++
    }
    store<i32>(j.level + lane, level)
    store<f32>(j.scale + lane, scale * 0.25)
  }
  return f32x4.div(f32x4.splat(1), v128.load(j.scale))
}

/** Fills a lane with a frame: `from` is its bin 0 in its group. */
function fill(sgd: Sgd, j: Jumps, lane: usize, from: usize, done: f64): void {
  const step = (<usize>1) << GROUP_SHIFT
  const rate = sgd.rate
  let s = from
  let to = j.spectrogram + lane
  let weight = sgd.bank.weights
  let wait = from + momentumAt(sgd)
  let target = from + targetAt(sgd)
  let above: f32 = 0
  for (let k = 0; k <= j.nBands; k++) {
    let sum = above
    above = 0
    for (let n = runAt(sgd, k); n > 0; n--, s += step, to += 16, weight += 8) {
      const x = load<f32>(s)
      store<f32>(to, x)
      sum += load<f32>(weight) * x
      above += load<f32>(weight, 4) * x
    }
    if (k > 0) {
      const row = j.rows + <usize>k * ROW + lane
      const z = j.bands + ((<usize>k) << BAND_SHIFT) + lane
      const r = rate * (sum - load<f32>(target))
      store<f32>(row, load<f32>(target))
      store<f32>(z, 0)
      store<f32>(z, 0, ABOVE)
      store<f32>(z, r, RESIDUAL)
      store<f32>(z, load<f32>(wait) - r, MOMENTUM)
      target += step
    }
    wait += step
  }
  store<i32>(j.at + lane, 0)
  store<i32>(j.length + lane, 0)
  store<i32>(j.fresh + lane, -1)
  store<i32>(j.cap + lane, max(SHORTEST, <i32>min(LONGEST, done / 64)))
}

/** Hands a lane's frame back; `checks` receives its loss, and by how much its waiting step lowers it. */
function empty(sgd: Sgd, j: Jumps, lane: usize, to: usize, checks: usize): void {
  const step = (<usize>1) << GROUP_SHIFT
  let s = j.spectrogram + lane
  for (let out = to, end = to + momentumAt(sgd); out < end; out += step, s += 16) {
    store<f32>(out, max<f32>(0, load<f32>(s)))
  }
  let wait = to + momentumAt(sgd)
  const scale = <f64>load<f32>(j.scale + lane)
  const perRate = 1 / <f64>sgd.rate
  let loss = 0.0
  let decrease = 0.0
  let z = j.bands + lane
  for (let k = 0; k < j.nBands; k++) {
    z += BAND
    wait += step
    store<f32>(wait, load<f32>(z, MOMENTUM) + load<f32>(z, RESIDUAL))
    const r = perRate * load<f32>(z, RESIDUAL)
    const moved =
      scale *
      (<f64>load<f32>(z - BAND, ABOVE) * stepAt(z - BAND) +
        <f64>load<f32>(z) * stepAt(z) +
        <f64>load<f32>(z, ABOVE) * stepAt(z + BAND))
    loss += r * r
    decrease += moved * (2 * r - moved)
  }
  store<f64>(checks, loss)
  store<f64>(checks, decrease, 8)
}

/** The step that a band takes next. */
// @ts-ignore: decorator
@inline
function stepAt(z: usize): f64 {
  return <f64>load<f32>(z, MOMENTUM) + <f64>load<f32>(z, RESIDUAL)
}

/** How far each lane looks ahead: as far as its jump after this may reach. */
function lookAhead(j: Jumps): void {
  for (let lane: usize = 0; lane < 16; lane += 4) {
    const isFresh = load<i32>(j.fresh + lane) != 0
    let ahead = isFresh ? load<i32>(j.cap + lane) : max(GROWTH * load<i32>(j.length + lane), SHORTEST)
    if (load<i32>(j.frame + lane) < 0) ahead = 0
    store<f32>(j.ahead + lane, <f32>ahead)
  }
}

/**
 * Runs the frames of a block through `iterations`, as sgdRun does, with the same demands as sgdWatch.
 * @param group the first of the block
 * @param iteration of the first, at least 2: its predecessor's step waits in the groups
 * @param checks f64 [frames][2]: of each frame the loss before the last iteration's step, and by how much it lowers it
 */
export function sgdJump(
  jumps: usize,
  sgd: usize,
  group: usize,
  frames: i32,
  iteration: f64,
  iterations: i32,
  checks: usize,
): void {
  const args = changetype<Sgd>(sgd)
  const j = changetype<Jumps>(jumps)
  const size = sgdGroupBytes(sgd)
  i32x4_fill(j.frame, -1)
  i32x4_fill(j.fresh, 0)
  i32x4_fill(j.length, 0)
  let next = 0
  for (;;) {
    let alive = 0
    for (let lane: usize = 0; lane < 16; lane += 4) {
      let frame = load<i32>(j.frame + lane)
      if (frame >= 0 && !load<i32>(j.fresh + lane) && load<i32>(j.at + lane) >= iterations) {
        empty(args, j, lane, placeOf(group, size, frame), checks + ((<usize>frame) << 4))
        frame = -1
        store<i32>(j.length + lane, 0)
      }
      if (frame < 0 && next < frames) {
        frame = next++
        fill(args, j, lane, placeOf(group, size, frame), iteration)
      }
      store<i32>(j.frame + lane, frame)
      if (frame >= 0) alive++
    }
    if (alive == 0) return
    const length = gather(args, j)
    lookAhead(j)
    propagate(args, j, length)
    review(args, j)
    judge(args, j, iterations)
    commit(args, j)
  }
}

// @ts-ignore: decorator
@inline
function i32x4_fill(at: usize, value: i32): void {
  v128.store(at, i32x4.splat(value))
}

/** Where a frame of a block is: its bin 0. */
// @ts-ignore: decorator
@inline
function placeOf(group: usize, size: usize, frame: i32): usize {
  return group + <usize>(frame / GROUP) * size + ((<usize>(frame % GROUP)) << 2)
}
