/**
 * The frames of a signal that Griffin-Lim iterates on (griffin-lim.ts): what is kept of a frame, and how frames come in,
 * with their start.
 */
import { beginWindow, FrameWindow, slideWindow, spectraAt, windowBytes } from './frame-window'
import { lanes } from './istft'
import { randomBytes, randomFill } from './random'


@unmanaged
export class GriffinLim extends FrameWindow {
  stft: usize
  istft: usize
  iterations: i32
  momentum: f32
}

const HEADER: usize = (offsetof<GriffinLim>() + 15) & ~15
/** Bytes of a bin of a group: four frames' magnitudes, and the real and the imaginary parts of their r. */
export const BIN: usize = 48

// @ts-ignore: decorator
@inline
function groupBytes(n: i32): usize {
  return <usize>(n / 2 + 1) * BIN
}

/** Bytes of the state of a window. `at` is to be a multiple of 16. */
export function griffinLimBytes(n: i32, hop: i32, groups: i32): usize {
  return HEADER + windowBytes(n, hop, groups, groupBytes(n))
}

/**
 * Begins a signal at `at`, in {@link griffinLimBytes} bytes, with the window over its first groups.
 * @param stft, istft plans that share a transform, the second of `frames` frames
 * @param samples of the signal, more than n / 2 unless `iterations` is 0
 * @param groups of four frames that the window has
 */
export function griffinLimPlan(
  at: usize,
  stft: usize,
  istft: usize,
  n: i32,
  hop: i32,
  frames: i32,
  samples: i32,
  groups: i32,
  iterations: i32,
  momentum: f32,
): void {
  const to = changetype<GriffinLim>(at)
  beginWindow(to, at + HEADER, n, hop, frames, samples, groups, groupBytes(n))
  to.stft = stft
  to.istft = istft
  to.iterations = iterations
  to.momentum = momentum
}

/**
 * Takes frames in, with phase 0.
 * @param group the first
 * @param from f32 [bin][stride], not negative
 * @param stride bytes of a row, a multiple of 16
 * @param power what their magnitudes were raised to
 */
export function griffinLimLoad(at: usize, group: i32, from: usize, stride: usize, count: i32, power: f64): void {
  const plan = changetype<GriffinLim>(at)
  const one = f32x4.splat(1)
  const zero = f32x4.splat(0)
  const root = <f32>(1 / power)
  let to = spectraAt(plan, group)
  for (; count > 0; count -= 4, from += 16) {
    const mask = lanes(count)
    let p = from
    for (const end = to + groupBytes(plan.n); to < end; to += BIN, p += stride) {
      const value = v128.and(v128.load(p), mask)
      v128.store(to, power == 2 ? f32x4.sqrt(value) : value)
      v128.store(to, one, 16)
      v128.store(to, zero, 32)
      if (power == 1 || power == 2) continue
      for (let lane: usize = 0; lane < 16; lane += 4) store<f32>(to + lane, Mathf.pow(load<f32>(to + lane), root))
    }
  }
}

/** Leaves to each of `count` rows the generator as it stands before the row's `frames` complex numbers are drawn. */
export function griffinLimRows(random: usize, rows: usize, count: i32, frames: i32): void {
  const drawn = memory.data(4)
  for (; count > 0; count--, rows += randomBytes()) {
    memory.copy(rows, random, randomBytes())
    randomFill(random, drawn, 0, 2 * frames)
  }
}

/**
 * Draws the start of frames, complex numbers in the unit square, in the order (bin, frame), as torch.rand does.
 * @param rows a generator for each bin, or, with `isOne`, one for all
 */
export function griffinLimDraw(at: usize, group: i32, count: i32, rows: usize, isOne: bool): void {
  const plan = changetype<GriffinLim>(at)
  const bytes = groupBytes(plan.n)
  let to = spectraAt(plan, group) + 16
  for (const end = to + bytes; to < end; to += BIN) {
    for (let t = 0; t < count; t++) {
      const lane = to + <usize>(t >> 2) * bytes + ((<usize>(t & 3)) << 2)
      randomFill(rows, lane, 16, 2)
    }
    if (!isOne) rows += randomBytes()
  }
}

/** Where the window's first sample is, f32. */
export function griffinLimSignal(at: usize): usize {
  return changetype<GriffinLim>(at).signal
}

/** Moves the window on by so many groups, which all iterations have been done to. */
export function griffinLimSlide(at: usize, groups: i32): void {
  slideWindow(changetype<GriffinLim>(at), groups)
}
