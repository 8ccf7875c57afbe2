/** Pitch from bands and waveform together: the plan, and the scores of the candidates. pitch-track.ts goes on. */
import { Filterbank } from './filterbank'
import { fftBytes, fftPlan } from './fft'
import { scoreBands } from './pitch-bands'
import { autocorrelationSize, planLags, scoreFrames } from './pitch-frames'
import { aligned, LAG, lobeWidth, PADDED, PitchPlan, raise } from './pitch-plan'
import { measureBands, planRipple, rippleScratchBytes } from './pitch-ripple'
import { frameWindow, frameWindowBytes } from './window'

const HEADER: usize = (offsetof<PitchPlan>() + 15) & ~15
/** What bands are lifted by, in magnitude: 80 dB under the largest. */
const FLOOR: f64 = 1e-4
/** By how much a harmonic that moves by 1 Hz a frame widens, in hops that a window spans. */
const SMEAR: f64 = 0.175

/**
 * Bytes of a plan. `at` is to be a multiple of 16.
 * @param bank a {@link Filterbank} of n / 2 + 1 bins
 * @param n samples of a frame
 * @param length samples of the window, at most n
 */
export function pitchBytes(bank: usize, n: i32, sampleRate: f64, length: i32): usize {
  const from = changetype<Filterbank>(bank)
  const bands = measureBands(from, sampleRate / <f64>n, 0)
  return (
    HEADER +
    2 * aligned((<usize>bands) << 2) +
    <usize>bands * (<usize>PADDED * 4 + 16) +
    <usize>PADDED * (4 + LAG) +
    2 * frameWindowBytes(length) +
    aligned(fftBytes(autocorrelationSize(length, sampleRate))) +
    rippleScratchBytes(from.nBands, bands)
  )
}

/**
 * Plans at `at`, in {@link pitchBytes} bytes.
 * @param hop samples from a frame to the next
 * @param power what the magnitudes are raised to in the bands, above 0
 * @param window f32 [length]: it lies in the middle of a frame
 */
export function pitchPlan(
  at: usize,
  bank: usize,
  n: i32,
  hop: i32,
  sampleRate: f64,
  power: f64,
  window: usize,
  length: i32,
): void {
  const to = changetype<PitchPlan>(at)
  const from = changetype<Filterbank>(bank)
  to.bins = n / 2 + 1
  to.spacing = sampleRate / <f64>n
  to.sampleRate = sampleRate
  to.power = power
  to.lobe = lobeWidth(window, length, sampleRate)
  to.smear = (SMEAR * <f64>length) / <f64>hop
  to.bands = measureBands(from, to.spacing, 0)
  to.inversePeak = 0
  to.floor = <f32>raise(FLOOR, power)
  to.length = length
  to.left = (n - length) / 2
  to.size = autocorrelationSize(length, sampleRate)
  to.rows = at + HEADER
  to.density = to.rows + aligned((<usize>to.bands) << 2)
  to.ripple = to.density + aligned((<usize>to.bands) << 2)
  to.offset = to.ripple + <usize>to.bands * <usize>PADDED * 4
  to.levels = to.offset + <usize>PADDED * 4
  to.lags = to.levels + ((<usize>to.bands) << 4)
  to.ones = to.lags + <usize>PADDED * LAG
  to.window = to.ones + frameWindowBytes(length)
  to.fft = to.window + frameWindowBytes(length)
  fftPlan(to.fft, to.size)
  frameWindow(to.window, length, window, length, 1)
  memory.fill(to.ones, 0, frameWindowBytes(length))
  for (let i = 0; i < length; i++) store<f32>(to.ones + ((<usize>i) << 2), 1)
  planLags(to)
  planRipple(to, from, to.fft + aligned(fftBytes(to.size)))
}

/** Tells the plan the largest band of the whole input, as a mean over the band's weights. */
export function pitchPeak(at: usize, peak: f64): void {
  const inverse = <f32>(1 / peak)
  // of silence, and of what float32 could not tell from it
  changetype<PitchPlan>(at).inversePeak = inverse < Infinity ? inverse : 0
}

/**
 * Scores of four neighbouring frames: the autocorrelation at a candidate's period, 1 at the most but for rounding and
 * what is divided out of the window, plus 0.1 times the log-likelihood ratio of the bands.
 * @param list where each frame's samples begin; up to 3 values are read past the window's end
 * @param bark f32 [nBands][stride], at the first frame
 * @param stride bytes of a row of `bark`
 * @param out f32 [PADDED][4]
 */
export function pitchScores(at: usize, list: usize, bark: usize, stride: usize, out: usize): void {
  const plan = changetype<PitchPlan>(at)
  scoreBands(plan, bark, stride, out)
  scoreFrames(plan, list, out)
}
