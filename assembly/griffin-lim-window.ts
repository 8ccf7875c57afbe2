/**
 * The window over the frames of a signal that Griffin-Lim iterates on (griffin-lim.ts): what is kept of a frame, how
 * frames come in, with their start, and how the window moves on.
 */
import { lanes } from './istft'
import { randomBytes, randomFill } from './random'


@unmanaged
export class GriffinLim {
  stft: usize
  istft: usize
  n: i32
  hop: i32
  /** Frames, and samples, of the whole signal. */
  frames: i32
  samples: i32
  iterations: i32
  momentum: f32
  /** The window: its first group, and how many it has. */
  first: i32
  groups: i32
  /** Per group and bin: four frames' magnitudes, and the real and the imaginary parts of their r. */
  spectra: usize
  /** f32, from the first sample of the window's first frame on: the newest signal, and the sums of the next. */
  signal: usize
  sums: usize
}

const HEADER: usize = (offsetof<GriffinLim>() + 15) & ~15
/** Bytes of a bin of a group: three vectors. */
export const BIN: usize = 48

// @ts-ignore: decorator
@inline
function groupBytes(n: i32): usize {
  return <usize>(n / 2 + 1) * BIN
}

/** A window's samples and what a frame reads beyond its end, and those of a signal beyond its last frame. */
function signalBytes(n: i32, hop: i32, groups: i32): usize {
  return (((<usize>(4 * groups * hop + n)) << 2) + 31) & ~15
}

/** Bytes of the state of a window. `at` is to be a multiple of 16. */
export function griffinLimBytes(n: i32, hop: i32, groups: i32): usize {
  return HEADER + <usize>groups * groupBytes(n) + 2 * signalBytes(n, hop, groups)
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
  to.stft = stft
  to.istft = istft
  to.n = n
  to.hop = hop
  to.frames = frames
  to.samples = samples
  to.iterations = iterations
  to.momentum = momentum
  to.first = 0
  to.groups = groups
  to.spectra = at + HEADER
  to.signal = to.spectra + <usize>groups * groupBytes(n)
  to.sums = to.signal + signalBytes(n, hop, groups)
  memory.fill(to.signal, 0, 2 * signalBytes(n, hop, groups))
}

// @ts-ignore: decorator
@inline
export function spectraAt(plan: GriffinLim, group: i32): usize {
  return plan.spectra + <usize>(group - plan.first) * groupBytes(plan.n)
}

/** Bytes from the first sample of the window to that of a frame. */
// @ts-ignore: decorator
@inline
export function offset(plan: GriffinLim, frame: i32): usize {
  return (<usize>((frame - 4 * plan.first) * plan.hop)) << 2
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
  const plan = changetype<GriffinLim>(at)
  const spectra = <usize>groups * groupBytes(plan.n)
  memory.copy(plan.spectra, plan.spectra + spectra, <usize>(plan.groups - groups) * groupBytes(plan.n))
  const gone = (<usize>(4 * groups * plan.hop)) << 2
  const left = signalBytes(plan.n, plan.hop, plan.groups) - gone
  memory.copy(plan.signal, plan.signal + gone, left)
  memory.copy(plan.sums, plan.sums + gone, left)
  memory.fill(plan.sums + left, 0, gone)
  plan.first += groups
}
