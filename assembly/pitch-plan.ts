import { HANN_VARIANCE, windowVariance } from './window'
/**
 * What is kept for finding the pitch of voices from bands and waveform: the candidates, the window's width in Hz, and
 * where the parts of the plan lie.
 */

@unmanaged
export class PitchPlan {
  /** Bins of a spectrum, and the Hz between them. */
  bins: i32
  spacing: f64
  sampleRate: f64
  /** What the bands are of: magnitudes to this power. */
  power: f64
  /** Standard deviation, in Hz, of the Gaussian that stands for the window's main lobe. */
  lobe: f64
  /** How much a moving harmonic widens, in Hz for every Hz that it moves from frame to frame. */
  smear: f64

  /** Bands that take part: those centred under {@link HIGHEST}. */
  bands: i32
  /** i32 [bands]: their rows in the input. */
  rows: usize
  /** f32 [bands]: 1 over the sum of a band's weights. */
  density: usize
  /** 1 / the largest band of the input, as a mean over its weights; 0 of silence. */
  inversePeak: f32
  /** What bands are lifted by, where the largest is 1. */
  floor: f32
  /** f32 [PADDED / 8][bands][8]: Q G, times what makes scores of it. */
  ripple: usize
  /** f32 [PADDED]: G' Q G / 2, in scores. */
  offset: usize
  /** f32 [bands][4]. */
  levels: usize

  /** Samples under the window, and how many of a frame lie before it. */
  length: i32
  left: i32
  /** f32 [length] and zeros up to a multiple of four: ones, and the window. */
  ones: usize
  window: usize
  /** The transform that autocorrelations go through, and its length. */
  fft: usize
  size: i32
  /** The window's autocorrelation at lag 0, times the transform's length. */
  energy: f32
  /** For each candidate, LAG bytes: where its lag is, i32, and the weights of that lag and the next. */
  lags: usize
}

/** Candidates of a fundamental frequency. */
export const CANDIDATES: i32 = 95
/** Rows of scores: the candidates, and what fills the last block of eight. */
export const PADDED: i32 = 96
/** Hz of the first candidate; each is RATIO times the one before, the last 418 Hz. */
export const LOWEST: f64 = 65
export const RATIO: f64 = 1.02
/** Hz under which the centres of bands must lie that are asked for a pitch. */
export const HIGHEST: f64 = 3000
/** Bytes of a candidate's lag. */
export const LAG: usize = 12

/** Hz of a candidate; fractions lie between candidates. */
// @ts-ignore: decorator
@inline
export function candidate(i: f64): f64 {
  return LOWEST * Math.pow(RATIO, i)
}

/** How much of a spectrum at `hz` is a voice's harmonics, at most: all up to 1 kHz, nothing from 6 kHz on. */
// @ts-ignore: decorator
@inline
export function harmonicShare(hz: f64): f64 {
  return max(0.0, min(1.0, 1.2 - hz / 5000))
}

/** Hz from which {@link harmonicShare} is 0. */
export const HARMONIC_END: f64 = 6000

/** x^power, of x >= 0. */
// @ts-ignore: decorator
@inline
export function raise(x: f64, power: f64): f64 {
  return power == 1 ? x : power == 2 ? x * x : Math.pow(x, power)
}

/** The deviation of a Hann window's main lobe, in Hz for a window of one second. */
const HANN_LOBE: f64 = 0.72

/**
 * The deviation, in Hz, of the Gaussian that stands for a window's main lobe: the Hann window's, by how much wider or
 * narrower the window is, measured on its square.
 * @param window f32 [length]
 */
export function lobeWidth(window: usize, length: i32, sampleRate: f64): f64 {
  return HANN_LOBE * sampleRate * Math.sqrt(HANN_VARIANCE / windowVariance(window, length))
}

// @ts-ignore: decorator
@inline
export function aligned(bytes: usize): usize {
  return (bytes + 15) & ~15
}
