/**
 * The inverse short-time Fourier transform as torch.istft computes it: the signal whose spectra are nearest to those
 * given, y(m) = sum over t of w(m - t hop) x_t(m - t hop) / sum over t of w(m - t hop)^2, with x_t what the spectrum of
 * frame t goes back to (D. W. Griffin, J. S. Lim, "Signal estimation from modified short-time Fourier transform", IEEE
 * Trans. ASSP 32 (1984), 236-243). Four frames at a time, one a lane, as in stft.ts.
 *
 * Position 0 is the first sample of frame 0. The caller holds the sums over t; frames are added to them in order, and
 * what no later frame reaches is divided by the envelope, the sum of the squared windows.
 */
import { fftInput, fftInverse, fftStep } from './fft'
import { ENTRY } from './fft-lanes'
import { BY_LENGTH, BY_WINDOW } from './stft'
import { frameWindow, frameWindowBytes, windowEnergy } from './window'


@unmanaged
class Istft {
  n: i32
  hop: i32
  /** Frames of the signal. */
  frames: i32
  /** Frames that the envelope is of. */
  rows: i32
  fft: usize
  /** f32 [n] and zeros up to a multiple of four: centred, and scaled as the signal is to be. */
  window: usize
  envelope: usize
}

const HEADER: usize = (offsetof<Istft>() + 15) & ~15

/** Below this torch calls the envelope 0. */
export const LEAST: f32 = 1e-11

/**
 * Frames whose envelope stands for that of any number: those that begin before the first of them has ended, and one that
 * begins after. From there on the envelope repeats itself with every hop, and it ends as theirs does.
 */
// @ts-ignore: decorator
@inline
function envelopeRows(n: i32, hop: i32, frames: i32): i32 {
  return min(frames, (n + hop - 1) / hop + 1)
}

function envelopeValues(n: i32, hop: i32, rows: i32): i32 {
  return (rows - 1) * hop + n
}

/** Bytes of a plan for `frames` frames of n samples. `at` is to be a multiple of 16. */
export function istftBytes(n: i32, hop: i32, frames: i32): usize {
  return HEADER + frameWindowBytes(n) + ((<usize>envelopeValues(n, hop, envelopeRows(n, hop, frames))) << 2)
}

/**
 * Plans at `at`, in {@link istftBytes} bytes.
 * @param fft a transform of n, which may be shared
 * @param hop samples from a frame to the next, 1 to n
 * @param frames of the signal, 1 or more
 * @param window f32 [length], length at most n; as for the spectra
 * @param scaling what the spectra were divided by: PLAIN, BY_WINDOW or BY_LENGTH
 */
export function istftPlan(
  at: usize,
  fft: usize,
  n: i32,
  hop: i32,
  frames: i32,
  window: usize,
  length: i32,
  scaling: i32,
): void {
  const to = changetype<Istft>(at)
  to.n = n
  to.hop = hop
  to.frames = frames
  to.rows = envelopeRows(n, hop, frames)
  to.fft = fft
  to.window = at + HEADER
  to.envelope = to.window + frameWindowBytes(n)
  const undone = scaling == BY_WINDOW ? windowEnergy(window, length) : scaling == BY_LENGTH ? <f64>n : 1.0
  frameWindow(to.window, n, window, length, Math.sqrt(undone) / <f64>n)
  memory.fill(to.envelope, 0, (<usize>envelopeValues(n, hop, to.rows)) << 2)
  let row = to.envelope + ((<usize>((n - length) / 2)) << 2)
  for (let t = 0; t < to.rows; t++, row += (<usize>hop) << 2) {
    for (let i: usize = 0; i < (<usize>length) << 2; i += 4) {
      const w = load<f32>(window + i)
      store<f32>(row + i, load<f32>(row + i) + w * w)
    }
  }
}

/**
 * Whether windows reach every position from `from` to before `to`, as far as there are frames at all.
 * @param from at most n / 2
 */
export function istftReaches(at: usize, from: i32, to: i32): bool {
  const plan = changetype<Istft>(at)
  const rows = plan.rows
  const hop = plan.hop
  // what is cut out repeats the last hop before it
  const cut = (plan.frames - rows) * hop
  let end = min(to, cut + envelopeValues(plan.n, hop, rows))
  if (end > rows * hop) end = max(rows * hop, end - cut)
  for (let m = from; m < end; m++) {
    if (load<f32>(plan.envelope + ((<usize>m) << 2)) < LEAST) return false
  }
  return true
}

/**
 * Takes four spectra back from the input of the transform, and adds the frames, windowed, to the sums.
 * @param list where in the sums each begins; the same place twice is no harm
 */
export function istftAdd(at: usize, list: usize): void {
  const plan = changetype<Istft>(at)
  const n = plan.n
  const step = fftStep(plan.fft)
  let x = fftInverse(plan.fft)
  let a = load<usize>(list)
  let b = load<usize>(list, 4)
  let c = load<usize>(list, 8)
  let d = load<usize>(list, 12)
  let w = plan.window
  const end = w + ((<usize>(n >> 2)) << 4)
  for (; w < end; w += 16, a += 16, b += 16, c += 16, d += 16) {
    const t0 = v128.load(x)
    const t1 = v128.load(x + step)
    const t2 = v128.load(x + 2 * step)
    const t3 = v128.load(x + 3 * step)
    x += 4 * step
    const v = v128.load(w)
    const ab = v128.shuffle<f32>(t0, t1, 0, 4, 1, 5)
    const cd = v128.shuffle<f32>(t0, t1, 2, 6, 3, 7)
    const ab2 = v128.shuffle<f32>(t2, t3, 0, 4, 1, 5)
    const cd2 = v128.shuffle<f32>(t2, t3, 2, 6, 3, 7)
    add(a, v128.shuffle<f32>(ab, ab2, 0, 1, 4, 5), v)
    add(b, v128.shuffle<f32>(ab, ab2, 2, 3, 6, 7), v)
    add(c, v128.shuffle<f32>(cd, cd2, 0, 1, 4, 5), v)
    add(d, v128.shuffle<f32>(cd, cd2, 2, 3, 6, 7), v)
  }
  for (let rest = n & 3; rest > 0; rest--, x += step, w += 4, a += 4, b += 4, c += 4, d += 4) {
    addOne(a, load<f32>(x), w)
    addOne(b, load<f32>(x, 4), w)
    addOne(c, load<f32>(x, 8), w)
    addOne(d, load<f32>(x, 12), w)
  }
}

// @ts-ignore: decorator
@inline
function add(to: usize, x: v128, w: v128): void {
  v128.store(to, f32x4.add(v128.load(to), f32x4.mul(x, w)))
}

// @ts-ignore: decorator
@inline
function addOne(to: usize, x: f32, w: usize): void {
  store<f32>(to, load<f32>(to) + x * load<f32>(w))
}

/**
 * Where the envelope of a position is, and those after it up to the next frame's beginning.
 * @param frame the last that begins at or before the position
 */
// @ts-ignore: decorator
@inline
export function envelopeAt(at: usize, frame: i32, position: i32): usize {
  const plan = changetype<Istft>(at)
  return plan.envelope + ((<usize>(min(frame, plan.rows - 1) * plan.hop + position - frame * plan.hop)) << 2)
}

/**
 * Adds frames from a complex spectrogram.
 * @param spectra f32 [n / 2 + 1][stride][2], the first frame's values first; imaginary parts at 0 and n / 2 are ignored
 * @param stride bytes of a row, a multiple of 16
 * @param sums where the first frame begins
 */
export function istft(at: usize, spectra: usize, stride: usize, count: i32, sums: usize): void {
  const plan = changetype<Istft>(at)
  const hop = (<usize>plan.hop) << 2
  const list = memory.data(16)
  for (; count > 0; count -= 4, spectra += 32) {
    const mask = lanes(count)
    let from = spectra
    let x = fftInput(plan.fft)
    for (let k = plan.n / 2; k >= 0; k--, from += stride, x += ENTRY) {
      const p = v128.load(from)
      const q = v128.load(from, 16)
      v128.store(x, v128.and(v128.shuffle<f32>(p, q, 0, 2, 4, 6), mask))
      v128.store(x, v128.and(v128.shuffle<f32>(p, q, 1, 3, 5, 7), mask), 16)
    }
    sums = istftPlaces(list, sums, hop, count)
    istftAdd(at, list)
  }
}

/** Ones in the first `count` lanes of four. */
// @ts-ignore: decorator
@inline
export function lanes(count: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count))
}

/**
 * Lists four places `hop` bytes apart, of which those from `count` on are the last of them again.
 * @returns the place that comes next
 */
// @ts-ignore: decorator
@inline
export function istftPlaces(list: usize, at: usize, hop: usize, count: i32): usize {
  store<usize>(list, at)
  if (count > 1) at += hop
  store<usize>(list, at, 4)
  if (count > 2) at += hop
  store<usize>(list, at, 8)
  if (count > 3) at += hop
  store<usize>(list, at, 12)
  return at + hop
}

/**
 * Divides what `count` frames have completed by the envelope: a hop each, and all that is left behind the last frame of
 * the signal. Where no window reaches, 0 comes out. The sums are 0 after.
 * @param frame the first of these frames
 * @param sums, out the places of its first sample; they may be the same
 */
export function istftSettle(at: usize, sums: usize, out: usize, frame: i32, count: i32): void {
  const plan = changetype<Istft>(at)
  const hop = (<usize>plan.hop) << 2
  for (; count > 0; count--, frame++, sums += hop, out += hop) {
    const envelope = plan.envelope + <usize>min(frame, plan.rows - 1) * hop
    istftDivide(sums, out, envelope, frame == plan.frames - 1 ? plan.n : plan.hop)
  }
}

/** Divides sums by the envelope, and where that is 0 gives 0. The sums are 0 after. */
export function istftDivide(sums: usize, out: usize, envelope: usize, count: i32): void {
  const least = f32x4.splat(LEAST)
  const zero = f32x4.splat(0)
  const end = sums + ((<usize>(count >> 2)) << 4)
  for (; sums < end; sums += 16, out += 16, envelope += 16) {
    const e = v128.load(envelope)
    const y = v128.and(f32x4.div(v128.load(sums), e), f32x4.ge(e, least))
    v128.store(sums, zero)
    v128.store(out, y)
  }
  for (let rest = count & 3; rest > 0; rest--, sums += 4, out += 4, envelope += 4) {
    const e = load<f32>(envelope)
    const y: f32 = e >= LEAST ? load<f32>(sums) / e : 0
    store<f32>(sums, 0)
    store<f32>(out, y)
  }
}
