/**
 * What the watch list knows of four frames: working memory, a vector of four a quantity of a bin or band; how they are
 * taken from half a lane group and given back.
 */
import { drift, GROUP_BYTES, mulAdd } from './lanes'
import { align, momentumAt, Sgd, targetAt } from './sgd-layout'

// A band in the loop, in bytes from its start: the last step, the residual before it, the row of the Gram matrix of the
// moving bins (diagonal, and neighbour above), the sum of the chunk's steps, and by how much the last step has changed
// the residual: apart from it, since it may be too small to add.
export const RESIDUAL: usize = 16
export const DIAGONAL: usize = 32
export const ABOVE: usize = 48
export const SUM: usize = 64
export const CHANGE: usize = 80
export const BAND: usize = 96
// A watched bin: its value, the lanes in which it is watched, both weights, where the lower of its bands is, its index.
export const LANES: usize = 16
export const LOWER: usize = 32
export const UPPER: usize = 36
export const PLACE: usize = 40
export const BIN: usize = 44
export const ENTRY: usize = 48

/** Iterations of a chunk, to iteration 1 024, and most of one after. More bins are at risk in a longer chunk. */
export const SHORT: i32 = 32
export const LONG: i32 = 64


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

export function layOut(at: usize, sgd: Sgd): Watch {
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

/** The next step of the band at `q`. */
// @ts-ignore: decorator
@inline
export function stepAt(q: usize, mu: v128, rate: v128): v128 {
  return mulAdd(mu, v128.load(q), mulAdd(rate, v128.load(q, RESIDUAL), drift()))
}

/** Takes over half a group: spectrogram, residuals and, from the step that waits, the last one. */
export function takeHalf(sgd: Sgd, w: Watch, half: usize): void {
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
export function giveHalf(sgd: Sgd, w: Watch, half: usize): void {
  for (let i: usize = 0; i < <usize>w.nBins; i++) {
    v128.store(half + i * GROUP_BYTES, v128.load(w.spectrogram + (i << 4)))
  }
  let wait = half + momentumAt(sgd) + GROUP_BYTES
  for (let q = w.bands + BAND, end = w.saved - BAND; q < end; q += BAND) {
    v128.store(wait, stepAt(q, f32x4.splat(sgd.momentum), f32x4.splat(sgd.rate)))
    wait += GROUP_BYTES
  }
}
