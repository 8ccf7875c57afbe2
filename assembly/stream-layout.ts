/**
 * From bands to sound while they come: the frames that are still open, each in a lane of the joint method's groups, over
 * what the closed ones have left.
 *
 * A frame stays in its lane until it is closed, so the lanes are a ring. What lies before the oldest open frame is done
 * with.
 */
import { spectraAt } from './frame-window'
import { Joint, maskOf } from './joint-layout'


@unmanaged
export class Stream {
  joint: Joint
  /** Frames that may be open, and that are; the lane of the oldest. */
  slots: i32
  open: i32
  head: i32
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
}

const HEADER: usize = (offsetof<Stream>() + 15) & ~15

function spanOf(joint: Joint, slots: i32): i32 {
  // up to a hop before the oldest
  return (slots * joint.hop + joint.n + 7) & ~3
}

/** Bytes of a stream of `slots` open frames. */
export function streamBytes(joint: usize, slots: i32): usize {
  const x = changetype<Joint>(joint)
  return HEADER + ((<usize>spanOf(x, slots)) << 3)
}

/**
 * Begins a stream at `at`, a multiple of 16, in {@link streamBytes} bytes.
 * @param joint a state with a group for each four of the slots, and one more, through which frames come in
 * @param lead samples before the oldest frame that are kept, less than a hop
 * @param window f32 [length], as for the transforms
 */
export function streamBegin(at: usize, joint: usize, slots: i32, lead: i32, window: usize, length: i32): void {
  const to = changetype<Stream>(at)
  const x = changetype<Joint>(joint)
  memory.fill(at, 0, streamBytes(joint, slots))
  to.joint = x
  to.slots = slots
  to.lead = lead
  to.span = spanOf(x, slots)
  to.closed = at + HEADER
  to.energy = to.closed + ((<usize>to.span) << 2)
  to.window = window
  to.length = length
  memory.fill(x.spectra, 0, x.sums + ((<usize>to.span) << 2) - x.spectra)
}

/** Lists where the frames of a group lie from `from` on, which lanes without one take as their place. */
export function streamPlaces(x: Stream, list: usize, group: i32, from: usize): void {
  const hop = (<usize>x.joint.hop) << 2
  from += (<usize>x.lead) << 2
  for (let i = 0; i < 4; i++, list += 4) {
    let age = 4 * group + i - x.head
    if (age < 0) age += x.slots
    store<usize>(list, age < x.open ? from + <usize>age * hop : from)
  }
}

/** Gives up the oldest frame, which has been closed, and leaves its lane silent. */
export function streamSlide(at: usize): void {
  const x = changetype<Stream>(at)
  store<i32>(maskOf(x.joint, spectraAt(x.joint, x.head >> 2)) + ((<usize>(x.head & 3)) << 2), 0)
  slide(x, x.joint.sums)
  slide(x, x.closed)
  slide(x, x.energy)
  x.open--
  x.head = x.head + 1 == x.slots ? 0 : x.head + 1
}

function slide(x: Stream, values: usize): void {
  const hop = (<usize>x.joint.hop) << 2
  const left = ((<usize>x.span) << 2) - hop
  memory.copy(values, values + hop, left)
  memory.fill(values + left, 0, hop)
}

/** Multiplies what is kept: bands and magnitudes to the power by the one, sums by the other. */
export function scaleStream(x: Stream, bands: f32, signal: f32): void {
  const joint = x.joint
  for (let group = 0; group < joint.groups - 1; group++) {
    const spectra = spectraAt(joint, group)
    scale(spectra, maskOf(joint, spectra), bands)
  }
  scale(joint.sums, joint.sums + ((<usize>x.span) << 2), signal)
  scale(x.closed, x.closed + ((<usize>x.span) << 2), signal)
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
