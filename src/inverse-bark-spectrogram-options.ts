/** The options of InverseBarkSpectrogram. */
import type { Placement } from './backends/choose.ts'
import { DEVICE_OPTIONS, readBark, readDevice } from './bark-options.ts'
import { BARK_SPECTROGRAM_OPTIONS, type BarkSpectrogramOptions } from './bark-spectrogram.ts'
import { readFrameLengths, readScaling } from './frame-options.ts'
import { PAD_MODES } from './framing.ts'
import type { InverseBarkScaleOptions } from './inverse-options.ts'
import type { JointSpec } from './joint.ts'
import {
  expected,
  MOST,
  readBoolean,
  readChoice,
  readInteger,
  readNumber,
  readOptions,
  readWarnings,
  type Warn,
} from './options.ts'
import type { SolverName } from './report.ts'
import { readWindow } from './windows.ts'

/** The options of the {@link BarkSpectrogram} that made the bands, and how to go back. */
export interface InverseBarkSpectrogramOptions extends BarkSpectrogramOptions {
  /**
   * `'joint'` (default) looks for magnitudes and phases together, as far as the bands leave them open. `'griffin-lim'`
   * keeps the magnitudes that it starts from, as others do.
   */
  method?: 'joint' | 'griffin-lim' | undefined
  /** Which magnitudes it starts from: those of an {@link InverseBarkScale} with this solver. Default `'maxent'`. */
  solver?: SolverName | undefined
  /** How often phases and magnitudes are taken up again, at least 0. Default 100; 32 are nearly as good. */
  iterations?: number | undefined
  /** Which phases it starts from: those that the magnitudes suggest (default), random ones, or 0. */
  phase?: 'pghi' | 'random' | 'zero' | undefined
  /**
   * Whether `'joint'` looks for a voice's pitch, and puts into the magnitudes what harmonics it tells of. Default true;
   * takes at least 8 iterations.
   */
  pitch?: boolean | undefined
  /**
   * By what part of itself `'joint'` may miss a band, 0 to 1. Default 0, for bands of real sound; what is right for those
   * that a model has made is told in docs/algorithms.md.
   */
  bandTolerance?: number | undefined
  /** Of phases that are random: all with `'random'`, with `'pghi'` those 80 dB under the loudest. Default 0. */
  seed?: number | undefined
  /**
   * Samples of the result, as many as have the bands' number of frames: with center and an even nFft from (time - 1) *
   * hopLength - 2 * pad (default, also for null) to hopLength - 1 more.
   */
  length?: number | null | undefined
}

const OWN = ['method', 'solver', 'iterations', 'phase', 'pitch', 'bandTolerance', 'seed', 'length'] as const
export const MOST_ITERATIONS = 100000

export interface InverseBarkSpectrogramSettings {
  spec: JointSpec
  method: 'joint' | 'griffin-lim'
  solver: SolverName
  seed: number
  length: number | undefined
  workers: Placement
  warn: Warn
  /** For who makes the magnitudes, where that is another. */
  bark: Omit<InverseBarkScaleOptions, 'solver' | 'seed'>
}

/** Throws TypeError or RangeError that names the option. */
export function readInverseBarkSpectrogram(options: unknown): InverseBarkSpectrogramSettings {
  const known = [...BARK_SPECTROGRAM_OPTIONS, ...OWN, ...DEVICE_OPTIONS]
  const read = readOptions<InverseBarkSpectrogramOptions>('InverseBarkSpectrogram', options, known)
  const { nFft, winLength, hopLength } = readFrameLengths(read)
  const power = readNumber('power', read.power, 2, 0)
  if (power === 0) throw new RangeError(expected('power', 'a finite number > 0', power))
  const method = readChoice('method', read.method, ['joint', 'griffin-lim'], 'joint')
  const nStft = Math.floor(nFft / 2) + 1
  const { nBarks, sampleRate, fMin, fMax, barkScale, filterbank, device, threads, workerUrl, onWarning } = read
  const bark = { nBarks, sampleRate, fMin, fMax, barkScale, filterbank }
  const spec: JointSpec = {
    bank: readBark(read, nStft),
    nFft,
    hopLength,
    window: readWindow(read.windowFn, read.wkwargs, winLength),
    scaling: readScaling(read.normalized),
    center: readBoolean('center', read.center, true),
    padMode: readChoice('padMode', read.padMode, PAD_MODES, 'reflect'),
    pad: readInteger('pad', read.pad, 0, 0, MOST),
    power,
    isHeld: method === 'griffin-lim',
    iterations: readInteger('iterations', read.iterations, 100, 0, MOST_ITERATIONS),
    phase: readChoice('phase', read.phase, ['pghi', 'random', 'zero'], 'pghi'),
    pitch: readBoolean('pitch', read.pitch, true),
    bandTolerance: readNumber('bandTolerance', read.bandTolerance, 0, 0, 1),
  }
  return {
    spec,
    method,
    solver: readChoice('solver', read.solver, ['maxent', 'nnls', 'sgd'], 'maxent'),
    seed: readInteger('seed', read.seed, 0, 0),
    length: read.length == null ? undefined : readInteger('length', read.length, undefined, 1),
    workers: readDevice({ device, threads, workerUrl }, 'InverseBarkSpectrogram'),
    warn: readWarnings(onWarning),
    // the worker at the URL is another
    bark: { ...bark, nStft, threads: workerUrl === undefined ? threads : 1, onWarning },
  }
}

/** Why windows are refused. */
export function unreached(hopLength: number): string {
  return `windowFn: expected windows that ${hopLength} samples apart (hopLength) are nowhere all 0`
}
