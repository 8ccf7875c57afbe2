/**
 * The short-time Fourier transform as torch.stft computes it: frames of n samples, windowed, transformed four at a time
 * (one a lane), and written as a spectrogram [bin][frame] straight from the lanes.
 */
import { fftBytes, fftForward, fftInput, fftPlan, fftStep } from './fft'
import { ENTRY } from './fft-lanes'
import { frameWindow, frameWindowBytes, windowEnergy } from './window'


@unmanaged
class Stft {
  n: i32
  /** f32 [n] and zeros up to a multiple of four: centred, and scaled as the output is to be. */
  window: usize
  fft: usize
}

const HEADER: usize = (offsetof<Stft>() + 15) & ~15

/** The output is not scaled. */
export const PLAIN: i32 = 0
/** The output is divided by the root of the window's energy. */
export const BY_WINDOW: i32 = 1
/** The output is divided by the root of n. */
export const BY_LENGTH: i32 = 2

/** Bytes of a plan for frames of n samples, 1 to 65 536. `at` is to be a multiple of 16. */
export function stftBytes(n: i32): usize {
  return HEADER + frameWindowBytes(n) + fftBytes(n)
}

/**
 * Plans at `at`, in {@link stftBytes} bytes.
 * @param n samples of a frame
 * @param window f32 [length], as window.ts makes it; its middle comes to lie in the middle of the frame
 * @param length at most n
 * @param scaling PLAIN, BY_WINDOW or BY_LENGTH
 * @returns the scale of the output, infinite where the window has no energy to divide by
 */
export function stftPlan(at: usize, n: i32, window: usize, length: i32, scaling: i32): f64 {
  const to = changetype<Stft>(at)
  to.n = n
  to.window = at + HEADER
  to.fft = to.window + frameWindowBytes(n)
  fftPlan(to.fft, n)
  const energy = windowEnergy(window, length)
  const scale = 1 / Math.sqrt(scaling == BY_WINDOW ? energy : scaling == BY_LENGTH ? <f64>n : 1.0)
  frameWindow(to.window, n, window, length, scale)
  return scale
}

/**
 * Writes where `count` frames begin, `hop` samples apart, to the list at `list`.
 * @returns where the list goes on
 */
export function stftFrames(list: usize, samples: usize, hop: i32, count: i32): usize {
  for (; count > 0; count--, list += 4, samples += (<usize>hop) << 2) store<usize>(list, samples)
  return list
}

/**
 * Transforms frames and writes their bins 0 to n / 2.
 * @param list where each frame's samples begin, a multiple of eight frames; up to 3 values are read past a frame's end
 * @param out f32 [n / 2 + 1][stride], or with power 0 complex, f32 [n / 2 + 1][stride][2]
 * @param stride bytes of a row of `out`, a multiple of 16
 * @param power what the magnitude is raised to; 0 for complex values
 */
export function stft(at: usize, list: usize, count: i32, out: usize, stride: usize, power: f64): void {
  const plan = changetype<Stft>(at)
  const bins = plan.n / 2 + 1
  for (const end = list + ((<usize>count) << 2); list < end; list += 16) {
    const spectrum = stftSpectra(at, list)
    if (power == 0) writeComplex(spectrum, bins, out, stride)
    else if (power == 1) writeMagnitude(spectrum, bins, out, stride)
    else if (power == 2) writePower(spectrum, bins, out, stride)
    else writeAnyPower(spectrum, bins, out, stride, <f32>power)
    out += power == 0 ? 32 : 16
  }
}

/** The transform of the plan, for those who go back from what {@link stftSpectra} gives. */
export function stftTransform(at: usize): usize {
  return changetype<Stft>(at).fft
}

/**
 * The spectra of the four frames whose samples begin where the list says.
 * @returns where bin k lies at k ENTRY bytes, in the buffers of the transform
 */
export function stftSpectra(at: usize, list: usize): usize {
  const plan = changetype<Stft>(at)
  gather(list, 0, plan.window, plan.n, plan.fft)
  return fftForward(plan.fft)
}

/**
 * Four frames, windowed and transposed into the lanes of a transform's input.
 * @param before bytes that lie between where a frame's samples begin and its first under the window
 * @param w f32 [length] and zeros up to a multiple of four
 */
export function gather(list: usize, before: usize, w: usize, length: i32, fft: usize): void {
  let a = load<usize>(list) + before
  let b = load<usize>(list, 4) + before
  let c = load<usize>(list, 8) + before
  let d = load<usize>(list, 12) + before
  let to = fftInput(fft)
  const end = w + frameWindowBytes(length)
  const zero = f32x4.splat(0)
  const sparse = fftStep(fft) == ENTRY
  for (; w < end; w += 16, a += 16, b += 16, c += 16, d += 16) {
    const v = v128.load(w)
    const p = f32x4.mul(v128.load(a), v)
    const q = f32x4.mul(v128.load(b), v)
    const r = f32x4.mul(v128.load(c), v)
    const s = f32x4.mul(v128.load(d), v)
    const pq = v128.shuffle<f32>(p, q, 0, 4, 1, 5)
    const rs = v128.shuffle<f32>(r, s, 0, 4, 1, 5)
    const pq2 = v128.shuffle<f32>(p, q, 2, 6, 3, 7)
    const rs2 = v128.shuffle<f32>(r, s, 2, 6, 3, 7)
    const t0 = v128.shuffle<f32>(pq, rs, 0, 1, 4, 5)
    const t1 = v128.shuffle<f32>(pq, rs, 2, 3, 6, 7)
    const t2 = v128.shuffle<f32>(pq2, rs2, 0, 1, 4, 5)
    const t3 = v128.shuffle<f32>(pq2, rs2, 2, 3, 6, 7)
    if (sparse) {
      v128.store(to, t0)
      v128.store(to, zero, 16)
      v128.store(to, t1, 32)
      v128.store(to, zero, 48)
      v128.store(to, t2, 64)
      v128.store(to, zero, 80)
      v128.store(to, t3, 96)
      v128.store(to, zero, 112)
      to += 128
    } else {
      v128.store(to, t0)
      v128.store(to, t1, 16)
      v128.store(to, t2, 32)
      v128.store(to, t3, 48)
      to += 64
    }
  }
}

function writeComplex(x: usize, bins: i32, out: usize, stride: usize): void {
  for (; bins > 0; bins--, x += ENTRY, out += stride) {
    const re = v128.load(x)
    const im = v128.load(x, 16)
    v128.store(out, v128.shuffle<f32>(re, im, 0, 4, 1, 5))
    v128.store(out, v128.shuffle<f32>(re, im, 2, 6, 3, 7), 16)
  }
}

/** |x|^2 of an entry: 0 where |x| is below 1e-19, which is 380 dB under full scale. */
// @ts-ignore: decorator
@inline
function square(x: usize): v128 {
  const re = v128.load(x)
  const im = v128.load(x, 16)
  return f32x4.add(f32x4.mul(re, re), f32x4.mul(im, im))
}

function writePower(x: usize, bins: i32, out: usize, stride: usize): void {
  for (; bins > 0; bins--, x += ENTRY, out += stride) v128.store(out, square(x))
}

function writeMagnitude(x: usize, bins: i32, out: usize, stride: usize): void {
  for (; bins > 0; bins--, x += ENTRY, out += stride) v128.store(out, f32x4.sqrt(square(x)))
}

function writeAnyPower(x: usize, bins: i32, out: usize, stride: usize, power: f32): void {
  for (; bins > 0; bins--, x += ENTRY, out += stride) {
    v128.store(out, f32x4.sqrt(square(x)))
    for (let lane: usize = 0; lane < 16; lane += 4) {
      store<f32>(out + lane, Mathf.pow(load<f32>(out + lane), power))
    }
  }
}

/**
 * Completes the rows of bins 0 to n / 2 with those above: bin n - k has the value of bin k, or its conjugate.
 * @param isComplex whether the rows hold pairs
 */
export function stftMirror(at: usize, out: usize, stride: usize, isComplex: bool): void {
  const n = changetype<Stft>(at).n
  const sign = isComplex ? i32x4(0, i32.MIN_VALUE, 0, i32.MIN_VALUE) : i32x4.splat(0)
  for (let k = n / 2 + 1; k < n; k++) {
    const from = out + <usize>(n - k) * stride
    const to = out + <usize>k * stride
    for (let p: usize = 0; p < stride; p += 16) v128.store(to + p, v128.xor(v128.load(from + p), sign))
  }
}
