/** What of a pitch track is settled: where all ways have the same beginning, that is the best way's. */
import { CANDIDATES, candidate, PADDED } from './pitch-plan'


@unmanaged
export class PitchTrack {
  frames: i32
  /** The frame of the oldest row, how many rows there are, and for how many there is room. */
  first: i32
  held: i32
  room: i32
  /** f64 [CANDIDATES]: the best sum that ends in each candidate, less the best of all. */
  sums: usize
  /** f64 [CANDIDATES]: what a candidate costs, and what the way from the first candidate to it does. */
  bias: usize
  ramp: usize
  /** f64 [CANDIDATES]: the best sum of a predecessor, less the way from it. */
  best: usize
  /** f32 [room][PADDED]. */
  scores: usize
  /** u8 [room][PADDED]: the predecessor of each candidate. */
  from: usize
  /** f32 [frames] each: what has been settled. */
  f0: usize
  voicing: usize
}

/** Voicing: a score of LEAST_SCORE or less is no voice, one of LEAST_SCORE + SCORE_RANGE or more nothing else. */
const LEAST_SCORE: f64 = 0.5
const SCORE_RANGE: f64 = 0.6
/** u8 [PADDED]: where the way to each candidate is. */
const WAYS: usize = memory.data(96)

/**
 * Writes down the settled rows and moves the others to the front. Where that are less than a quarter, half of the best
 * way so far is taken for settled.
 */
export function makeRoom(track: PitchTrack): void {
  const last = track.held - 1
  let settled = joint(track)
  if (settled >= track.room / 4) {
    const state = <i32>load<u8>(WAYS)
    writePath(track, settled, state, settled + 1)
  } else {
    settled = max(track.room / 2 - 1, 0)
    writePath(track, last, bestEnd(track), settled + 1)
  }
  const gone = settled + 1
  const left = <usize>(track.held - gone)
  const rows = <usize>gone * <usize>PADDED
  memory.copy(track.scores, track.scores + (rows << 2), (left * <usize>PADDED) << 2)
  memory.copy(track.from, track.from + rows, left * <usize>PADDED)
  track.first += gone
  track.held = <i32>left
}

/** The last row at which all ways are at one candidate, which {@link WAYS} then hold; -1 where there is none. */
function joint(track: PitchTrack): i32 {
  const at = WAYS
  for (let i: usize = 0; i < <usize>CANDIDATES; i++) store<u8>(at + i, <u8>i)
  for (let row = track.held - 1; row > 0; row--) {
    const from = track.from + <usize>row * <usize>PADDED
    let differ = 0
    for (let i: usize = 0; i < <usize>CANDIDATES; i++) {
      const state = <i32>load<u8>(from + <usize>load<u8>(at + i))
      store<u8>(at + i, <u8>state)
      differ |= state ^ (<i32>load<u8>(at))
    }
    if (differ == 0) return row - 1
  }
  return -1
}

/** The candidate in which the best way ends. */
export function bestEnd(track: PitchTrack): i32 {
  let best = 0
  for (let i = 1; i < CANDIDATES; i++) {
    if (load<f64>(track.sums + ((<usize>i) << 3)) > load<f64>(track.sums + ((<usize>best) << 3))) best = i
  }
  return best
}

/** Writes the first `count` rows of the way that is at a candidate in a row. */
export function writePath(track: PitchTrack, row: i32, state: i32, count: i32): void {
  for (; row >= 0; row--) {
    if (row < count) writeFrame(track, row, state)
    state = <i32>load<u8>(track.from + <usize>row * <usize>PADDED + <usize>state)
  }
}

/** The pitch, from the parabola through three scores on the logarithmic scale, and the voicing. */
function writeFrame(track: PitchTrack, row: i32, state: i32): void {
  const k = max(1, min(CANDIDATES - 2, state))
  const scores = track.scores + ((<usize>row * <usize>PADDED) << 2)
  const a = costed(track, scores, k - 1)
  const b = costed(track, scores, k)
  const c = costed(track, scores, k + 1)
  const shift = (a - c) / (2 * (a - 2 * b + c) + 1e-12)
  const to = (<usize>(track.first + row)) << 2
  store<f32>(track.f0 + to, <f32>candidate(<f64>k + max(-1.0, min(1.0, shift))))
  const score = <f64>load<f32>(scores + ((<usize>state) << 2))
  store<f32>(track.voicing + to, <f32>max(0.0, min(1.0, (score - LEAST_SCORE) / SCORE_RANGE)))
}

// @ts-ignore: decorator
@inline
function costed(track: PitchTrack, scores: usize, k: i32): f64 {
  return <f64>load<f32>(scores + ((<usize>k) << 2)) - load<f64>(track.bias + ((<usize>k) << 3))
}
