/**
 * The frames that the joint method iterates on: what is kept of a group of four, one a lane.
 *
 *     [bin]  the prior S0, and two parts of what the step before left (joint-steps.ts)
 *     [band] the target
 *            a mask: 0 for frames whose bands are all silent
 */
import { beginWindow, FrameWindow, windowBytes } from './frame-window'
import { JointBank } from './joint-bank'


@unmanaged
export class Joint extends FrameWindow {
  bank: JointBank
  stft: usize
  istft: usize
  /** Samples before the signal that the first frame begins at, and what lies beyond the ends: FOLD ... FREE. */
  edge: i32
  margin: i32
  /** Samples at either end of the signal that are 0. */
  pad: i32
  /** What magnitudes were raised to. */
  power: f32
  /** Whether magnitudes stay as they are, and only phases change. */
  isHeld: bool
  /** By what part of itself a band may be missed. */
  tolerance: f32
  /** f32 [nBins][4], [nBands][4] and [nBands][4]: a frame's ratios, and a tridiagonal system. */
  ratios: usize
  upper: usize
  right: usize
}

/** Beyond its ends a signal is its own reflection, */
export const FOLD: i32 = 0
/** nothing, */
export const ZERO: i32 = 1
/** its first and its last sample, */
export const REPEAT: i32 = 2
/** or whatever comes of the frames. */
export const FREE: i32 = 3

/** Bytes of a bin of a group. */
export const BIN: usize = 48

const HEADER: usize = (offsetof<Joint>() + 15) & ~15

// @ts-ignore: decorator
@inline
function groupBytes(bank: JointBank): usize {
  return <usize>bank.nBins * BIN + (<usize>bank.nBands + 1) * 16
}

// @ts-ignore: decorator
@inline
export function targetOf(x: Joint, spectra: usize): usize {
  return spectra + <usize>x.bank.nBins * BIN
}

// @ts-ignore: decorator
@inline
export function maskOf(x: Joint, spectra: usize): usize {
  return targetOf(x, spectra) + ((<usize>x.bank.nBands) << 4)
}

/** Bytes of a state whose window has so many groups. `at` is to be a multiple of 16. */
export function jointBytes(bank: usize, n: i32, hop: i32, groups: i32): usize {
  const b = changetype<JointBank>(bank)
  const scratch = (<usize>b.nBins + 2 * (<usize>b.nBands + 1)) << 4
  return HEADER + scratch + windowBytes(n, hop, groups, groupBytes(b))
}

/**
 * Lays out a state at `at`, in {@link jointBytes} bytes.
 * @param stft a plan that does not scale; its transform is shared with the way back
 * @param power above 0
 * @param tolerance by what part of itself a band may be missed
 */
export function jointPlan(
  at: usize,
  bank: usize,
  stft: usize,
  edge: i32,
  margin: i32,
  pad: i32,
  power: f64,
  isHeld: bool,
  tolerance: f32,
): void {
  const to = changetype<Joint>(at)
  to.bank = changetype<JointBank>(bank)
  to.stft = stft
  to.edge = edge
  to.margin = margin
  to.pad = pad
  to.power = <f32>power
  to.isHeld = isHeld
  to.tolerance = tolerance
  to.ratios = at + HEADER
  to.upper = to.ratios + ((<usize>to.bank.nBins) << 4)
  to.right = to.upper + ((<usize>to.bank.nBands + 1) << 4)
}

/**
 * Begins a signal, or a part of it.
 * @param istft a plan of `frames` frames
 * @param frames, samples of the whole signal
 * @param first group of the window, whose groups are `groups`
 */
export function jointBegin(
  at: usize,
  istft: usize,
  n: i32,
  hop: i32,
  frames: i32,
  samples: i32,
  first: i32,
  groups: i32,
): void {
  const to = changetype<Joint>(at)
  const spectra = to.right + ((<usize>to.bank.nBands + 1) << 4)
  beginWindow(to, spectra, n, hop, frames, samples, groups, groupBytes(to.bank))
  to.first = first
  to.istft = istft
}

/** Where the window's first sample is, f32. */
export function jointSignal(at: usize): usize {
  return changetype<Joint>(at).signal
}

export { slideWindow as jointSlide } from './frame-window'
