/**
 * What the watch list knows of four frames: working memory, a vector of four a quantity of a bin, a band or a run of
 * bins; how frames are taken from half a lane group and given back.
 *
 * Each frame is scaled by a power of two so that its largest value lies at 2^50: then no product of two small changes is
 * subnormal, which would make a chunk take twice as long, and nothing has to be done about it in the loop.
 */
import { GROUP_BYTES, mulAdd } from './lanes'
import { align, momentumAt, Sgd, targetAt } from './sgd-layout'

// A band in the loop, in bytes from its start: the last step, the gradient times the rate before it (a residual), the row
// of the Gram matrix of the moving bins times the rate (diagonal, and neighbour above), the sum of the chunk's steps, and
// by how much the last step lowers the gradient: apart from it, since it may be too small to add. Its target.
export const GRADIENT: usize = 16
export const DIAGONAL: usize = 32
export const ABOVE: usize = 48
export const SUM: usize = 64
export const MOVED: usize = 80
export const TARGET: usize = 96
export const BAND: usize = 112
// A watched bin: its value, ABSENT where it is not watched; the lanes in which it is, both weights, both times the rate,
// where the lower of its bands is, its index.
export const LANES: usize = 16
export const LOWER: usize = 32
export const UPPER: usize = 36
export const RATE_LOWER: usize = 40
export const RATE_UPPER: usize = 44
export const PLACE: usize = 48
export const BIN: usize = 52
export const ENTRY: usize = 64
/** A value so large that no step changes it. */
export const ABSENT: f32 = 1e30
// A run of bins: the places of the first and the last moving one and of the first and the last at the clamp; its part of
// the Gram matrix, at its lower band, across, at its upper band; the lanes in which bins are watched, and those in which
// they are to be chosen anew; below what a step lifts a bin off the clamp, and the same where there is one.
export const LAST_MOVING: usize = 16
export const FIRST_HELD: usize = 32
export const LAST_HELD: usize = 48
export const GRAM_LOWER: usize = 64
export const GRAM_ACROSS: usize = 80
export const GRAM_UPPER: usize = 96
export const WATCHED: usize = 112
export const DUE: usize = 128
export const FLOOR: usize = 144
export const HELD_FLOOR: usize = 160
export const RUN: usize = 176

/** Iterations of a chunk, before iteration EARLY and from LATE on. More bins are at risk in a longer chunk. */
export const SHORT: i32 = 32
export const LONG: i32 = 128
export const EARLY: i32 = 1024
export const LATE: i32 = 4096
/** Bins cross the clamp by as much as this times their bands' targets without being noticed: float32's own noise. */
export const NOISE: f32 = 1e-7
/** Exponent that a frame's largest value is brought to. */
const EXPONENT: i32 = 50
/**
 * Added to every gradient, as in the plain kernel ({@link drift}), of a largest value of 2^50: steps that nothing but
 * momentum feeds would end among the subnormal numbers.
 */
export const DRIFT: f32 = 8.881784197001252e-16


@unmanaged
export class Watch {
  nBins: i32
  nBands: i32
  /** f32x4 [nBins], now and after the chunk. */
  spectrogram: usize
  next: usize
  /** f32x4 [nBins]: lanes in which a bin is watched. */
  marks: usize
  /** [nBands + 2][BAND], a zero band at either end; and the last step and the gradient of each before the chunk. */
  bands: usize
  saved: usize
  /** [nBands + 1][RUN] */
  runs: usize
  /** [nBins + 1][ENTRY], of this chunk and of the next. */
  list: usize
  listEnd: usize
  nextList: usize
  /** While it is made. */
  nextListEnd: usize
  /** i32x4: how often each lane has had this chunk redone; lanes in which bins crossed the clamp unseen. */
  tries: usize
  bad: usize
  /** f32x4: what each lane has been multiplied by. */
  scale: usize
  /** f64x2 [2]: what makes a loss of the sum of the squares of a lane's gradients. */
  perSquare: usize
  /** f64 [LONG + 1]: by how much each step of the chunk, from 1 on, has lowered the loss. */
  decreases: usize
}

/** Bytes of the working memory at `sgdWatch`'s `watch`. */
export function sgdWatchBytes(sgd: usize): usize {
  const bank = changetype<Sgd>(sgd).bank
  const nBins = <usize>bank.nBins
  const nBands = <usize>bank.nBands
  const lists = (nBins + 1) * 2 * ENTRY
  return align(offsetof<Watch>()) + nBins * 48 + 80 + lists + (nBands + 2) * (BAND + 32 + RUN) + (LONG + 1) * 8
}

export function layOut(at: usize, sgd: Sgd): Watch {
  const w = changetype<Watch>(at)
  w.nBins = sgd.bank.nBins
  w.nBands = sgd.bank.nBands
  const bins = <usize>w.nBins
  const bands = <usize>w.nBands + 2
  w.spectrogram = at + align(offsetof<Watch>())
  w.next = w.spectrogram + (bins << 4)
  w.marks = w.next + (bins << 4)
  w.tries = w.marks + (bins << 4)
  w.bad = w.tries + 16
  w.scale = w.bad + 16
  w.perSquare = w.scale + 16
  w.list = w.perSquare + 32
  w.nextList = w.list + (bins + 1) * ENTRY
  w.bands = w.nextList + (bins + 1) * ENTRY
  w.saved = w.bands + bands * BAND
  w.runs = w.saved + (bands << 5)
  w.decreases = w.runs + bands * RUN
  return w
}

/** The next step of the band at `q`. */
// @ts-ignore: decorator
@inline
export function stepAt(q: usize, mu: v128): v128 {
  return mulAdd(mu, v128.load(q), v128.load(q, GRADIENT))
}

/** Powers of two that bring each lane's largest value to 2^EXPONENT, but for zeros and next to nothing. */
function scaleOf(sgd: Sgd, half: usize): v128 {
  let peak = f32x4.splat(0)
  for (let s = half, end = half + momentumAt(sgd); s < end; s += GROUP_BYTES) peak = f32x4.pmax(peak, v128.load(s))
  for (let b = half + targetAt(sgd), end = b + bandsSize(sgd); b < end; b += GROUP_BYTES) {
    peak = f32x4.pmax(peak, f32x4.abs(v128.load(b)))
  }
  const exponent = i32x4.max_s(i32x4.splat(127 - 60), v128.and(i32x4.shr_u(peak, 23), i32x4.splat(255)))
  return i32x4.shl(i32x4.sub(i32x4.splat(254 + EXPONENT), exponent), 23)
}

// @ts-ignore: decorator
@inline
function bandsSize(sgd: Sgd): usize {
  return <usize>sgd.bank.nBands * GROUP_BYTES
}

/** Takes over half a group: spectrogram, gradients and, from the step that waits, the last one. */
export function takeHalf(sgd: Sgd, w: Watch, half: usize): void {
  memory.fill(w.bands, 0, (<usize>w.nBands + 2) * BAND)
  memory.fill(w.runs, 0, (<usize>w.nBands + 1) * RUN)
  memory.fill(w.marks, 0, (<usize>w.nBins) << 4)
  v128.store(w.tries, i32x4.splat(0))
  const scale = scaleOf(sgd, half)
  v128.store(w.scale, scale)
  const perGradient = 1 / (<f64>sgd.rate * <f64>sgd.rate)
  for (let lane: usize = 0; lane < 4; lane++) {
    const by = <f64>load<f32>(w.scale + (lane << 2))
    store<f64>(w.perSquare + (lane << 3), perGradient / (by * by))
  }
  const inverse = f32x4.splat(sgd.momentum > 0 ? <f32>1 / sgd.momentum : 0)
  const rate = f32x4.splat(sgd.rate)
  const noise = f32x4.splat((-NOISE * sgd.rate) / (1 - sgd.momentum))
  let s = half
  let to = w.spectrogram
  let weight = sgd.bank.weights
  let wait = half + momentumAt(sgd)
  let target = half + targetAt(sgd)
  let q = w.bands
  let run = w.runs
  let above = f32x4.splat(0)
  let targetBelow = above
  for (let k = 0; k <= w.nBands; k++, run += RUN) {
    let sum = above
    above = f32x4.splat(0)
    for (let n = load<i32>(sgd.bank.runs + ((<usize>k) << 2)); n > 0; n--) {
      const x = f32x4.mul(v128.load(s), scale)
      v128.store(to, x)
      sum = mulAdd(v128.load32_splat(weight), x, sum)
      above = mulAdd(v128.load32_splat(weight, 4), x, above)
      s += GROUP_BYTES
      to += 16
      weight += 8
    }
    const targetAbove = k < w.nBands ? f32x4.mul(v128.load(target), scale) : f32x4.splat(0)
    v128.store(run, f32x4.mul(noise, f32x4.add(targetBelow, targetAbove)), FLOOR)
    v128.store(run, i32x4.splat(-1), DUE)
    if (k > 0) {
      v128.store(q, targetBelow, TARGET)
      const gradient = f32x4.mul(rate, f32x4.sub(sum, targetBelow))
      v128.store(q, f32x4.add(gradient, f32x4.splat(DRIFT)), GRADIENT)
      v128.store(q, f32x4.mul(inverse, f32x4.sub(f32x4.mul(v128.load(wait), scale), gradient)))
    }
    targetBelow = targetAbove
    target += GROUP_BYTES
    wait += GROUP_BYTES
    q += BAND
  }
}

/** Hands half a group back. */
export function giveHalf(sgd: Sgd, w: Watch, half: usize): void {
  // a power of two and its inverse: their exponents add up to 254
  const scale = i32x4.sub(i32x4.splat(254 << 23), v128.load(w.scale))
  const mu = f32x4.splat(sgd.momentum)
  let to = half
  for (let s = w.spectrogram, end = s + ((<usize>w.nBins) << 4); s < end; s += 16, to += GROUP_BYTES) {
    v128.store(to, f32x4.mul(v128.load(s), scale))
  }
  let wait = half + momentumAt(sgd) + GROUP_BYTES
  for (let q = w.bands + BAND, end = w.saved - BAND; q < end; q += BAND, wait += GROUP_BYTES) {
    v128.store(wait, f32x4.mul(stepAt(q, mu), scale))
  }
}
