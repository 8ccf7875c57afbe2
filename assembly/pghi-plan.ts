/**
 * The state of phase gradient heap integration: a grid of cells, one a bin and frame, and the queue of those from which
 * to go on. Phases are integers that wrap, 2^32 a turn: sums of any length lose nothing.
 */
import { log2 } from './lanes'

/** Buckets of the queue; the last takes all that is fainter. */
export const BUCKETS: i32 = 2048
/**
 * Buckets an octave of magnitude: an eighth of a decibel each, so that the last begins 256 dB down. Of the steps between
 * speech's louder bins 98.7 % are a heap's then, with quarters, no faster, 96 %, with sixteenths, 5 % slower, 99.2 %.
 */
const BUCKETS_PER_OCTAVE: f64 = 48
export const BUCKET_BYTES: usize = 4
/** Bytes of a start: its cell, and the next start of the same bucket. */
export const START_BYTES: usize = 8
/** A bin's {@link Pghi.logs} have a vector before the first and one after the last. */
export const MARGIN: usize = 16

/**
 * A cell: four words. The first two are halves of the phase steps to the neighbours in time and in frequency (a step is
 * the sum of the two ends' halves), the third is its phase. The fourth is even for a cell without a phase (four times
 * its bucket), and odd for one with (the next cell of the bucket, plus 1).
 */
export const CELL: usize = 16
export const FREQUENCY: usize = 4
export const PHASE: usize = 8
export const LINK: usize = 12


@unmanaged
export class Pghi {
  bins: i32
  frames: i32
  n: i32
  hop: i32
  gamma: f64
  /** The block: f32 [bin][stride], of so many columns, and the number of the first in the whole signal. */
  spectra: usize
  stride: usize
  count: i32
  /**
   * Half steps, in turns, a difference of logarithms to base 2 two cells apart: in time, from differences in frequency;
   * and the other.
   */
  timeScale: f32
  frequencyScale: f32
  /** Buckets an octave of the spectrogram, and the octave of its greatest value. */
  density: f32
  peak: f32
  /** What counts as something, and the logarithm of all else, below that of any such. */
  least: f32
  floor: f32
  /** A hash of the seed. */
  key: u32
  /** Bytes from a cell to that of the next bin: one more cell than columns, so that edges need no asking. */
  pitch: usize
  /** Rows of logarithms: of three bins, and one below all; bytes between them. */
  logs: usize
  logPitch: usize
  /** A hash of each frame's number. */
  keys: usize
  /** First cell of each bucket, and which buckets, and which words of these bits, have any. */
  heads: usize
  words: usize
  summary: u64
  /** First start of each bucket; the starts, and their end. */
  startHeads: usize
  starts: usize
  startsEnd: usize
  /** Room for the cells, and the cell of bin 0 and column 0. */
  grid: usize
  cells: usize
}

const HEADER: usize = (offsetof<Pghi>() + 15) & ~15

// @ts-ignore: decorator
@inline
export function vectors(frames: i32): usize {
  return (((<usize>frames) << 2) + 15) & ~15
}

/** No two starts are neighbours. */
// @ts-ignore: decorator
@inline
function startsBytes(bins: i32, frames: i32): usize {
  return (((<usize>bins * <usize>frames + 3) >> 1) * START_BYTES + 15) & ~15
}

/** Bytes of a plan for blocks of up to `frames` columns. `at` is to be a multiple of 16. */
export function pghiBytes(n: i32, frames: i32): usize {
  const bins = n / 2 + 1
  const cells = <usize>(bins + 2) * <usize>(frames + 1) + 4
  const rows = <usize>4 * (vectors(frames) + 2 * MARGIN) + vectors(frames)
  return HEADER + rows + 2 * BUCKETS * BUCKET_BYTES + (BUCKETS >> 3) + startsBytes(bins, frames) + cells * CELL
}

/**
 * @param n length of the transform
 * @param frames most columns of a block
 * @param gamma of the Gaussian window nearest to the one in use, in samples squared; 0.25645 n^2 for Hann's
 */
export function pghiPlan(at: usize, n: i32, hop: i32, frames: i32, gamma: f64): void {
  const x = changetype<Pghi>(at)
  x.bins = n / 2 + 1
  x.frames = frames
  x.n = n
  x.hop = hop
  x.gamma = gamma
  x.logPitch = vectors(frames) + 2 * MARGIN
  x.logs = at + HEADER
  x.keys = x.logs + 4 * x.logPitch
  x.heads = x.keys + vectors(frames)
  x.startHeads = x.heads + <usize>BUCKETS * BUCKET_BYTES
  x.words = x.startHeads + <usize>BUCKETS * BUCKET_BYTES
  x.starts = x.words + (BUCKETS >> 3)
  x.grid = x.starts + startsBytes(x.bins, frames)
}

/** Begins a block, with nothing in the queue. `root` is that of the spectra's power. */
export function pghiBegin(x: Pghi, spectra: usize, stride: usize, count: i32, root: f64, least: f32): void {
  x.spectra = spectra
  x.stride = stride
  x.count = count
  // ln 2 of base 2, a half of the mean difference, a half of the half step, 2 pi of the turn
  const ratio = (<f64>x.hop * <f64>x.n) / x.gamma
  const scale = (root * Math.LN2) / (8 * Math.PI)
  x.timeScale = <f32>(scale * ratio)
  x.frequencyScale = <f32>(-scale / ratio)
  x.density = <f32>(BUCKETS_PER_OCTAVE * root)
  // subnormal numbers have no logarithm here, and count as nothing
  x.least = max<f32>(least, <f32>1.1754944e-38)
  x.floor = octave(x.least) - 1
  x.peak = octave(max(greatest(x), x.least))
  memory.fill(x.heads, 0, 2 * BUCKETS * BUCKET_BYTES + (BUCKETS >> 3))
  x.summary = 0
  x.startsEnd = x.starts
  x.pitch = <usize>(count + 1) * CELL
  x.cells = x.grid + x.pitch + CELL
}

// @ts-ignore: decorator
@inline
function octave(value: f32): f32 {
  return f32x4.extract_lane(log2(f32x4.splat(value)), 0)
}

function greatest(x: Pghi): f32 {
  let most = f32x4.splat(0)
  let rest: f32 = 0
  let row = x.spectra
  for (let f = 0; f < x.bins; f++, row += x.stride) {
    let p = row
    for (const end = row + ((<usize>(x.count & ~3)) << 2); p < end; p += 16) most = f32x4.pmax(most, v128.load(p))
    for (const end = row + ((<usize>x.count) << 2); p < end; p += 4) rest = max(rest, load<f32>(p))
  }
  most = f32x4.pmax(most, v128.shuffle<f32>(most, most, 2, 3, 2, 3))
  return max(rest, max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)))
}
