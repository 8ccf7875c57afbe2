/** The cells of phase gradient heap integration, made a bin's row at a time, four frames at once. */
import { log2 } from './lanes'
import { BUCKETS, CELL, FREQUENCY, LINK, MARGIN, Pghi, START_BYTES } from './pghi-plan'
import { binKey, frameKeys, hashLanes } from './pghi-random'

/** Below every logarithm. */
const NOTHING: f32 = -1e30
/** Half of the step of half a turn a bin that takes phases from a frame's centre to its first sample. */
const QUARTER: i32 = 0x40000000

/** Makes the cells of all bins, and lists the starts; frame numbers count from `first`. */
export function makeCells(x: Pghi, seed: u32, first: i32): void {
  const rows = x.logs + MARGIN
  const nothing = rows + 3 * x.logPitch
  for (let t = 0; t < x.count; t += 4) v128.store(x.keys + ((<usize>t) << 2), frameKeys(first + t))
  for (let at: usize = 0; at < x.logPitch; at += 16) v128.store(nothing - MARGIN + at, f32x4.splat(NOTHING))
  takeLogs(x, 0, rows)
  let below = nothing
  let own = rows
  const last = x.bins - 1
  for (let f = 0; f < last; f++) {
    const above = rows + <usize>((f + 1) % 3) * x.logPitch
    takeLogs(x, f + 1, above)
    // the spectrum is even about bin 0
    makeRow(x, f, binKey(seed, f), below, own, above, f > 0 ? below : above, above)
    below = own
    own = above
  }
  // and about n / 2, which is the last bin, or, where n is odd, half way from it to its mirror image
  makeRow(x, last, binKey(seed, last), below, own, nothing, last > 0 && x.n & 1 ? below : own, own)
  shut(x.cells - x.pitch - CELL, x.count + 2)
  shut(x.cells + <usize>last * x.pitch + <usize>x.count * CELL, x.count + 2)
}

/** Makes cells such that nothing reaches them. */
function shut(cell: usize, count: i32): void {
  for (; count > 0; count--, cell += CELL) store<u32>(cell, 1, LINK)
}

/** Logarithms to base 2 of a bin's row, with nothing on either side. */
function takeLogs(x: Pghi, f: i32, to: usize): void {
  const least = f32x4.splat(x.least)
  const floor = f32x4.splat(x.floor)
  const end = to + ((<usize>x.count) << 2)
  let from = x.spectra + <usize>f * x.stride
  for (let p = to; p < end; p += 16, from += 16) {
    const s = v128.load(from)
    v128.store(p, v128.bitselect(log2(s), floor, f32x4.ge(s, least)))
  }
  store<f32>(to - 4, NOTHING)
  store<f32>(end, NOTHING)
}

/**
 * Makes a bin's cells.
 * @param key the bin's, for random phases
 * @param below, own, above logarithms of the bins around
 * @param from, to logarithms whose difference, over two bins, is the slope
 */
function makeRow(x: Pghi, f: i32, key: u32, below: usize, own: usize, above: usize, from: usize, to: usize): void {
  const spectrum = x.spectra + <usize>f * x.stride
  const row = x.cells + <usize>f * x.pitch
  const least = f32x4.splat(x.least)
  const peak = f32x4.splat(x.peak)
  const density = f32x4.splat(x.density)
  const timeScale = f32x4.splat(x.timeScale)
  const frequencyScale = f32x4.splat(x.frequencyScale)
  const faintest = i32x4.splat(BUCKETS - 1)
  const one = i32x4.splat(1)
  const binKeys = i32x4.splat(key)
  // half of what the bin's own frequency makes of a hop
  const advance = i32x4.splat(<i32>((((<u64>f * <u64>x.hop) % x.n) << 31) / x.n))
  const quarter = i32x4.splat(QUARTER)
  for (let t: usize = 0; t < <usize>x.count; t += 4) {
    const at = t << 2
    const log = v128.load(own + at)
    const before = v128.load(own + at - 4)
    const after = v128.load(own + at + 4)
    const slope = f32x4.sub(v128.load(to + at), v128.load(from + at))
    const inTime = i32x4.add(wrap(f32x4.mul(slope, timeScale)), advance)
    const inFrequency = i32x4.add(wrap(f32x4.mul(f32x4.sub(after, before), frequencyScale)), quarter)
    const isThere = f32x4.ge(v128.load(spectrum + at), least)
    const level = i32x4.trunc_sat_f32x4_s(f32x4.mul(f32x4.sub(peak, log), density))
    const bucket = i32x4.shl(i32x4.min_s(i32x4.max_s(level, i32x4.splat(0)), faintest), 2)
    const link = v128.bitselect(bucket, one, isThere)
    const random = hashLanes(v128.xor(binKeys, v128.load(x.keys + at)))
    storeCells(row + (t << 4), inTime, inFrequency, random, link)
    // of equals, the first is the highest, so that every plateau has one
    const isAbovePast = v128.and(f32x4.gt(log, before), f32x4.gt(log, v128.load(below + at)))
    const isAboveRest = v128.and(f32x4.ge(log, after), f32x4.ge(log, v128.load(above + at)))
    let starts = i32x4.bitmask(v128.and(isThere, v128.and(isAbovePast, isAboveRest)))
    if (x.count - <i32>t < 4) starts &= (1 << (x.count - <i32>t)) - 1
    for (; starts; starts &= starts - 1) addStart(x, row + ((t + ctz(starts)) << 4))
  }
  // no slope in time at the edges of a block: at those of a signal the mirrored samples make it even
  store<i32>(row, QUARTER, FREQUENCY)
  store<i32>(row + <usize>(x.count - 1) * CELL, QUARTER, FREQUENCY)
  store<u32>(row + <usize>x.count * CELL, 1, LINK)
}

/** Phases, 2^32 a turn, of turns. */
// @ts-ignore: decorator
@inline
function wrap(turns: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.mul(f32x4.sub(turns, f32x4.nearest(turns)), f32x4.splat(4294967296)))
}

// @ts-ignore: decorator
@inline
function storeCells(cell: usize, a: v128, b: v128, c: v128, d: v128): void {
  const ab0 = v128.shuffle<i32>(a, b, 0, 4, 1, 5)
  const ab2 = v128.shuffle<i32>(a, b, 2, 6, 3, 7)
  const cd0 = v128.shuffle<i32>(c, d, 0, 4, 1, 5)
  const cd2 = v128.shuffle<i32>(c, d, 2, 6, 3, 7)
  v128.store(cell, v128.shuffle<i64>(ab0, cd0, 0, 2))
  v128.store(cell, v128.shuffle<i64>(ab0, cd0, 1, 3), CELL)
  v128.store(cell, v128.shuffle<i64>(ab2, cd2, 0, 2), 2 * CELL)
  v128.store(cell, v128.shuffle<i64>(ab2, cd2, 1, 3), 3 * CELL)
}

function addStart(x: Pghi, cell: usize): void {
  const head = x.startHeads + load<u32>(cell, LINK)
  store<u32>(x.startsEnd, <u32>cell)
  store<u32>(x.startsEnd, load<u32>(head), 4)
  store<u32>(head, <u32>x.startsEnd)
  x.startsEnd += START_BYTES
}
