/**
 * From bands to sound while they come: the frames that are still open, the oldest in the first lane of the joint method's
 * groups, over what the closed ones have left. What lies before the oldest open frame is done with.
 */
import { istftPlaces } from './istft'
import { SCORES } from './joint-hear'
import { Joint } from './joint-layout'
import { CANDIDATES } from './pitch-plan'
import { pitchTrackBytes, pitchTrackStart } from './pitch-track'


@unmanaged
export class Stream {
  joint: Joint
  /** Frames that are open. */
  open: i32
  /** How many have come in. */
  frame: i32
  /** Samples that are kept: so many before the oldest frame, those under all, and room for vectors that reach beyond. */
  lead: i32
  span: i32
  /** The greatest square of the window. */
  most: f32
  /** f32 [span]: the sum of the closed frames, and that of the squared windows of all. */
  closed: usize
  energy: usize
  /** f32 [length], as for the transforms. */
  window: usize
  length: i32

  /** From `pitchPlan`, if the pitch is looked for; scores of a group; and the track of the open frames. */
  pitch: usize
  scores: usize
  track: usize
  /** f64 [CANDIDATES]: the track's sums before the oldest open frame, whose number is `oldest`, and after it. */
  before: usize
  after: usize
  oldest: i32
}

/** Bytes of a track's sums. */
export const SUMS: usize = (<usize>CANDIDATES) << 3
const HEADER: usize = (offsetof<Stream>() + 15) & ~15

function spanOf(joint: Joint, slots: i32): i32 {
  // up to a hop before the oldest
  return (slots * joint.hop + joint.n + 7) & ~3
}

/** Bytes of a stream of `slots` open frames. */
export function streamBytes(joint: usize, slots: i32): usize {
  const x = changetype<Joint>(joint)
  return HEADER + SCORES + 2 * SUMS + pitchTrackBytes(slots) + ((<usize>spanOf(x, slots)) << 3)
}

/**
 * Begins a stream at `at`, a multiple of 16, in {@link streamBytes} bytes.
 * @param joint a state with a group for each four of the slots
 * @param pitch from `pitchPlan`, or 0
 * @param lead samples before the oldest frame that are kept, less than a hop
 * @param window f32 [length], as for the transforms
 */
export function streamBegin(
  at: usize,
  joint: usize,
  pitch: usize,
  slots: i32,
  lead: i32,
  window: usize,
  length: i32,
): void {
  const to = changetype<Stream>(at)
  const x = changetype<Joint>(joint)
  memory.fill(at, 0, streamBytes(joint, slots))
  to.joint = x
  to.pitch = pitch
  to.lead = lead
  to.span = spanOf(x, slots)
  to.scores = at + HEADER
  to.closed = to.scores + SCORES
  to.energy = to.closed + ((<usize>to.span) << 2)
  to.before = to.energy + ((<usize>to.span) << 2)
  to.after = to.before + SUMS
  to.track = to.after + SUMS
  pitchTrackStart(to.track, slots)
  to.window = window
  to.length = length
  memory.fill(x.spectra, 0, x.sums + ((<usize>to.span) << 2) - x.spectra)
}

/** Lists where the open frames of a group lie from `from` on, the last one again for lanes without one. */
export function streamPlaces(x: Stream, list: usize, group: i32, from: usize): void {
  const hop = (<usize>x.joint.hop) << 2
  istftPlaces(list, from + ((<usize>x.lead) << 2) + <usize>(4 * group) * hop, hop, min(4, x.open - 4 * group))
}

/** Gives up the oldest frame, which has been closed. */
export function streamSlide(at: usize): void {
  const x = changetype<Stream>(at)
  slide(x, x.joint.signal)
  slide(x, x.joint.sums)
  slide(x, x.closed)
  slide(x, x.energy)
  x.open--
}

function slide(x: Stream, values: usize): void {
  const hop = (<usize>x.joint.hop) << 2
  const left = ((<usize>x.span) << 2) - hop
  memory.copy(values, values + hop, left)
  memory.fill(values + left, 0, hop)
}

/** Multiplies the sums. */
export function scaleStream(x: Stream, by: f32): void {
  if (by == 1) return
  const bytes = (<usize>x.span) << 2
  scale(x.joint.sums, x.joint.sums + bytes, by)
  scale(x.closed, x.closed + bytes, by)
}

/** Least that is kept, as subnormal numbers take tens of times longer; what is not a number is not. */
const LEAST: f32 = 1e-30
/** Most: of a sudden silence the first frames are still loud, where they overlap what was before. */
const MOST: f32 = 1e6

function scale(p: usize, end: usize, by: f32): void {
  const factor = f32x4.splat(by)
  for (; p < end; p += 16) {
    const y = f32x4.max(f32x4.splat(-MOST), f32x4.min(f32x4.splat(MOST), f32x4.mul(v128.load(p), factor)))
    v128.store(p, v128.and(y, f32x4.ge(f32x4.abs(y), f32x4.splat(LEAST))))
  }
}
