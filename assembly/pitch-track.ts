/**
 * The pitch track: of all ways through the candidates the one whose scores, less what low candidates and changes of
 * pitch cost, add up to the most (A. J. Viterbi, IEEE Trans. Inf. Theory 13 (1967), 260-269).
 *
 * A change costs the more the further it goes, in proportion, so the best predecessor of every candidate comes of one
 * pass up and one pass down. Scores and back pointers are kept for the newest frames alone: pitch-path.ts writes down
 * what is settled.
 */
import { CANDIDATES, candidate, PADDED, RATIO } from './pitch-plan'
import { bestEnd, makeRoom, PitchTrack, writePath } from './pitch-path'

const HEADER: usize = (offsetof<PitchTrack>() + 15) & ~15
/**
 * Frames kept at most, 2 MB. Ways that end in different candidates have their beginnings in common; where
 * nothing but LOW_COST tells them apart, from some 260 frames back on: 0.0003 a frame, against 0.08 for the change.
 */
const ROOM: i32 = 4096
/** What a candidate costs: this over its Hz. Twice a period is as good a period, and the longer one is to lose. */
const LOW_COST: f64 = 6.4
/** What a change of pitch costs: this times the logarithm of the ratio. */
const CHANGE_COST: f64 = 4

/** Bytes of a track. */
export function pitchTrackBytes(frames: i32): usize {
  const room = <usize>min(frames, ROOM)
  return HEADER + <usize>PADDED * 32 + room * <usize>PADDED * 5 + <usize>frames * 8
}

/** Begins the track of so many frames at `track`, in {@link pitchTrackBytes} bytes; it is to be a multiple of 8. */
export function pitchTrackStart(track: usize, frames: i32): void {
  const to = changetype<PitchTrack>(track)
  to.frames = frames
  to.first = 0
  to.held = 0
  to.room = min(frames, ROOM)
  to.sums = track + HEADER
  to.bias = to.sums + ((<usize>PADDED) << 3)
  to.ramp = to.bias + ((<usize>PADDED) << 3)
  to.best = to.ramp + ((<usize>PADDED) << 3)
  to.scores = to.best + ((<usize>PADDED) << 3)
  to.from = to.scores + <usize>to.room * <usize>PADDED * 4
  to.f0 = to.from + <usize>to.room * <usize>PADDED
  to.voicing = to.f0 + ((<usize>frames) << 2)
  const step = CHANGE_COST * Math.log(RATIO)
  for (let i = 0; i < CANDIDATES; i++) {
    store<f64>(to.bias + ((<usize>i) << 3), LOW_COST / candidate(i))
    store<f64>(to.ramp + ((<usize>i) << 3), step * <f64>i)
    store<f64>(to.sums + ((<usize>i) << 3), 0)
  }
}

/**
 * Takes in the next frames.
 * @param scores f32 [PADDED][4], as pitchScores writes them
 * @param count frames of it, 1 to 4
 */
export function pitchTrackPush(track: usize, scores: usize, count: i32): void {
  const to = changetype<PitchTrack>(track)
  for (; count > 0; count--, scores += 4) {
    if (to.held == to.room) makeRoom(to)
    const row = <usize>to.held * <usize>PADDED
    findBest(to, to.from + row)
    advance(to, scores, to.scores + (row << 2))
    to.held++
  }
}

/** Of every candidate the best predecessor. From below and from above it is the best so far of sum + way, sum - way. */
function findBest(track: PitchTrack, from: usize): void {
  const sums = track.sums
  const ramp = track.ramp
  const best = track.best
  let most = -Infinity
  let at = 0
  for (let i = 0; i < CANDIDATES; i++) {
    const p = (<usize>i) << 3
    const way = load<f64>(ramp + p)
    const sum = load<f64>(sums + p) + way
    const isBetter = sum > most
    most = isBetter ? sum : most
    at = isBetter ? i : at
    store<f64>(best + p, most - way)
    store<u8>(from + <usize>i, <u8>at)
  }
  most = -Infinity
  for (let i = CANDIDATES - 1; i >= 0; i--) {
    const p = (<usize>i) << 3
    const way = load<f64>(ramp + p)
    const sum = load<f64>(sums + p) - way
    const isBetter = sum > most
    most = isBetter ? sum : most
    at = isBetter ? i : at
    const below = load<f64>(best + p)
    const isAbove = most + way > below
    store<f64>(best + p, isAbove ? most + way : below)
    store<u8>(from + <usize>i, <u8>(isAbove ? at : <i32>load<u8>(from + <usize>i)))
  }
}

/** Adds a frame's scores, and keeps them. The best sum becomes 0, so that sums stay exact however long the signal. */
function advance(track: PitchTrack, scores: usize, row: usize): void {
  let most = -Infinity
  for (let i = 0; i < CANDIDATES; i++, scores += 16, row += 4) {
    const p = (<usize>i) << 3
    const score = load<f32>(scores)
    store<f32>(row, score)
    const sum = load<f64>(track.best + p) + (<f64>score - load<f64>(track.bias + p))
    store<f64>(track.sums + p, sum)
    most = max(most, sum)
  }
  for (let p = track.sums, end = p + ((<usize>CANDIDATES) << 3); p < end; p += 8) store<f64>(p, load<f64>(p) - most)
}

/**
 * Ends the track.
 * @param f0 f32 [frames], in Hz
 * @param voicing f32 [frames], 0 to 1
 */
export function pitchTrackEnd(track: usize, f0: usize, voicing: usize): void {
  const from = changetype<PitchTrack>(track)
  if (from.held > 0) writePath(from, from.held - 1, bestEnd(from), from.held)
  const bytes = (<usize>from.frames) << 2
  memory.copy(f0, from.f0, bytes)
  memory.copy(voicing, from.voicing, bytes)
}

/**
 * Writes |df0| from frame to frame: half the difference of the neighbours, at the ends that to the one neighbour.
 * @param f0 f32 [frames]
 * @param slope f32 [frames]
 */
export function pitchSlope(f0: usize, slope: usize, frames: i32): void {
  for (let t = 0; t < frames; t++) {
    const before = max(t - 1, 0)
    const after = min(t + 1, frames - 1)
    const change = load<f32>(f0 + ((<usize>after) << 2)) - load<f32>(f0 + ((<usize>before) << 2))
    store<f32>(slope + ((<usize>t) << 2), after > before ? abs(change) / <f32>(after - before) : 0)
  }
}
