/**
 * The autocorrelation of four frames at each candidate's period, over what the window alone would leave of it, so that a
 * periodic frame has 1 at its period (P. Boersma, "Accurate short-term analysis of the fundamental frequency and the
 * harmonics-to-noise ratio of a sampled sound", IFA Proceedings 17 (1993), 97-110). It is the inverse transform of the
 * power spectrum of the frame and zeros, as many as the longest period is long.
 */
import { fftForward, fftInput, fftInverse } from './fft'
import { ENTRY, ENTRY_SHIFT } from './fft-lanes'
import { CANDIDATES, candidate, LAG, LOWEST, PitchPlan } from './pitch-plan'
import { gather } from './stft'
import { windowEnergy } from './window'

/** What is left of the window's own autocorrelation at least: what divides the frame's. */
const LEAST_OVERLAP: f64 = 0.05
/** Of a frame's mean, squared: what is left of a constant, 100 dB down, is rounding. */
const LEAST_ENERGY: f32 = 1e-10

/** The least even length of small factors that keeps the longest period that a window has from wrapping around. */
export function autocorrelationSize(length: i32, sampleRate: f64): i32 {
  const longest = <i32>min(<f64>length, Math.floor(sampleRate / LOWEST) + 1)
  let size = length + longest + 1
  size += size & 1
  while (!isSmooth(size)) size += 2
  return size
}

function isSmooth(n: i32): bool {
  while (n % 2 == 0) n /= 2
  while (n % 3 == 0) n /= 3
  while (n % 5 == 0) n /= 5
  return n == 1
}

/** Fills in the plan's lags; its window and transform are there. */
export function planLags(plan: PitchPlan): void {
  plan.energy = <f32>(windowEnergy(plan.window, plan.length) * <f64>plan.size)
  const input = fftInput(plan.fft)
  for (let i = 0; i < plan.length; i++) {
    v128.store(input + ((<usize>i) << 4), v128.load32_splat(plan.window + ((<usize>i) << 2)))
  }
  const own = autocorrelate(plan)
  memory.fill(plan.lags, 0, <usize>CANDIDATES * LAG)
  const energy = <f64>load<f32>(own)
  if (!(energy > 0)) return
  for (let i = 0; i < CANDIDATES; i++) {
    const lag = plan.sampleRate / candidate(i)
    if (lag >= <f64>(plan.length - 1)) continue
    const whole = Math.floor(lag)
    const place = (<usize>whole) << 4
    const part = lag - whole
    const to = plan.lags + <usize>i * LAG
    store<i32>(to, <i32>place)
    store<f32>(to, <f32>((1 - part) / max(<f64>load<f32>(own + place) / energy, LEAST_OVERLAP)), 4)
    store<f32>(to, <f32>(part / max(<f64>load<f32>(own + place, 16) / energy, LEAST_OVERLAP)), 8)
  }
}

/**
 * Autocorrelations of what lies in the transform's input, times its length.
 * @returns where that at lag j lies at 16 j bytes
 */
function autocorrelate(plan: PitchPlan): usize {
  const input = fftInput(plan.fft)
  memory.fill(input + ((<usize>plan.length) << 4), 0, (<usize>(plan.size - plan.length)) << 4)
  let from = fftForward(plan.fft)
  const zero = f32x4.splat(0)
  let to = input
  for (const end = to + ((<usize>(plan.size / 2 + 1)) << ENTRY_SHIFT); to < end; to += ENTRY, from += ENTRY) {
    const re = v128.load(from)
    const im = v128.load(from, 16)
    v128.store(to, f32x4.add(f32x4.mul(re, re), f32x4.mul(im, im)))
    v128.store(to, zero, 16)
  }
  return fftInverse(plan.fft)
}

/**
 * Adds the autocorrelations of four frames to their scores.
 * @param list where each frame's samples begin
 * @param out f32 [candidate][4]
 */
export function scoreFrames(plan: PitchPlan, list: usize, out: usize): void {
  const mean = loadCentred(plan, list)
  const r = autocorrelate(plan)
  const least = f32x4.mul(f32x4.splat(LEAST_ENERGY * plan.energy), f32x4.mul(mean, mean))
  const energy = f32x4.pmax(v128.load(r), least)
  const inverse = v128.and(f32x4.div(f32x4.splat(1), energy), f32x4.gt(energy, f32x4.splat(0)))
  let lag = plan.lags
  for (const end = out + ((<usize>CANDIDATES) << 4); out < end; out += 16, lag += LAG) {
    const p = r + <usize>load<i32>(lag)
    const a = f32x4.mul(v128.load(p), v128.load32_splat(lag, 4))
    const b = f32x4.mul(v128.load(p, 16), v128.load32_splat(lag, 8))
    v128.store(out, f32x4.add(v128.load(out), f32x4.mul(f32x4.add(a, b), inverse)))
  }
}

/**
 * Lays four frames into the transform's input: scaled by a power of two to between 1 and 2, so that no square is lost,
 * without their mean, and windowed.
 * @returns the mean, so scaled
 */
function loadCentred(plan: PitchPlan, list: usize): v128 {
  const input = fftInput(plan.fft)
  const end = input + ((<usize>plan.length) << 4)
  const before = (<usize>plan.left) << 2
  const zero = f32x4.splat(0)
  gather(list, before, plan.ones, plan.length, plan.fft)
  let most = zero
  let low = f64x2.splat(0)
  let high = low
  for (let p = input; p < end; p += 16) {
    const x = v128.load(p)
    most = f32x4.pmax(most, f32x4.abs(x))
    low = f64x2.add(low, f64x2.promote_low_f32x4(x))
    high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<f32>(x, x, 2, 3, 2, 3)))
  }
  // 2^-e of the largest's exponent e, as far as that is a normal number
  const exponent = i32x4.sub(i32x4.splat(254 << 23), v128.and(most, i32x4.splat(0x7f800000)))
  const scale = i32x4.max_s(exponent, i32x4.splat(1 << 23))
  const part = f64x2.splat(1 / <f64>plan.length)
  low = f64x2.mul(f64x2.mul(low, part), f64x2.promote_low_f32x4(scale))
  high = f64x2.mul(f64x2.mul(high, part), f64x2.promote_low_f32x4(v128.shuffle<f32>(scale, scale, 2, 3, 2, 3)))
  const mean = v128.shuffle<f32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5)
  let w = plan.window
  for (let p = input; p < end; p += 16, w += 4) {
    const x = f32x4.sub(f32x4.mul(v128.load(p), scale), mean)
    v128.store(p, f32x4.mul(x, v128.load32_splat(w)))
  }
  return mean
}
