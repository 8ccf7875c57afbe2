/**
 * What is known of four frames that jump: working memory, a vector of four a quantity of a bin or band, each frame in a
 * lane of its own.
 */
import { align, Sgd } from './sgd-layout'
import { MOST, mostSteps, NODES_BYTES, SERIES } from './sgd-propagator'

// A band in Clenshaw's recurrence, in bytes from its start: its row of 4/L G (diagonal, and neighbour above), g r and
// mu u, and the recurrence's b and d for the sum of the steps and for the last step.
export const ABOVE: usize = 16
export const RESIDUAL: usize = 32
export const MOMENTUM: usize = 48
export const SUM_B: usize = 64
export const SUM_D: usize = 80
export const LAST_B: usize = 96
export const LAST_D: usize = 112
export const BAND_SHIFT: usize = 7
export const BAND: usize = 128
// A band beside it: target; sum of the steps, last step and next; residual and row of G after the jump.
export const SUM: usize = 16
export const LAST: usize = 32
export const NEXT: usize = 48
export const AFTER: usize = 64
export const DIAGONAL: usize = 80
export const ACROSS: usize = 96
export const ROW: usize = 112
/** Bytes of a run's part of G: at its lower band, across, at its upper band. */
export const GRAM: usize = 48
export const STEP: usize = 48

/** Least jump that is always tried, and longest. */
export const SHORTEST: i32 = 32
export const LONGEST: f64 = 8192
/** Above FINE, 2^8, lengths of jumps are rounded down to BITS significant bits, for series to be used again. */
const FINE_OCTAVE: i32 = 8
export const FINE: i32 = 1 << FINE_OCTAVE
export const BITS: i32 = 6
/** Spectral bounds are told apart by halves of an octave, four of them: with more, more series have to be made. */
export const CLASSES: i32 = 4
export const HALF: f32 = 1.4142135
/** Series that there may be: of each length to FINE, and of 32 in each of the five octaves from there to LONGEST. */
const PER_OCTAVE: i32 = 1 << (BITS - 1)
const KEPT: usize = <usize>((FINE + 5 * PER_OCTAVE + 1) * CLASSES)


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

/** Bytes of the working memory at `jumps`. */
export function sgdJumpsBytes(sgd: usize): usize {
  const bank = changetype<Sgd>(sgd).bank
  const nBands = <usize>bank.nBands + 2
  const lists = <usize>bank.nBins * 32 + nBands * (BAND + ROW + 2 * GRAM) + <usize>MOST * STEP
  return align(offsetof<Jumps>()) + LANES_BYTES + lists + NODES_BYTES + KEPT * SERIES
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
export function runAt(sgd: Sgd, k: i32): i32 {
  return load<i32>(sgd.bank.runs + ((<usize>k) << 2))
}

/** Which of the series is that of so many steps. */
// @ts-ignore: decorator
@inline
export function seriesAt(steps: i32, level: i32): usize {
  const octave = 31 - clz<i32>(steps)
  const place = (steps >> (octave - BITS + 1)) - PER_OCTAVE
  const length = steps <= FINE ? steps : FINE + (octave - FINE_OCTAVE) * PER_OCTAVE + place
  return <usize>(length * CLASSES + level) * SERIES
}
