import { chooseGriffinLim } from './backends/choose.ts'
import { DEVICE_OPTIONS, type DeviceOptions, readDevice } from './bark-options.ts'
import { FRAME_OPTIONS, type FrameOptions, readFrameLengths } from './frame-options.ts'
import {
  expected,
  readBoolean,
  readFunction,
  readInteger,
  readNumber,
  readOptions,
  readSignal,
  readWarnings,
} from './options.ts'
import { type OnProgress, run, type Status, type Steps } from './steps.ts'
import type { GriffinLimSolver } from './stft.ts'
import { dense, newFloats, readSource, type Source, settle, type Tensor, type TensorLike } from './tensor.ts'
import { checkFinite, greatest, readFrames } from './values.ts'
import { readWindow } from './windows.ts'

/** The options of torchaudio.transforms.GriffinLim, with its defaults. */
export interface GriffinLimOptions extends FrameOptions, DeviceOptions {
  /** Iterations, at least 0. Default 32. */
  nIter?: number | undefined
  /** What the magnitudes were raised to, above 0: 2 (default) for a power spectrogram, 1 for magnitudes. */
  power?: number | undefined
  /** 0 is the algorithm of Griffin and Lim; towards 1 it converges faster, below 1. Default 0.99. */
  momentum?: number | undefined
  /**
   * Samples of the result, as many as have the spectrogram's number of frames: for an even nFft from (time - 1) *
   * hopLength (default, also for null) to one below time * hopLength. More than nFft // 2, unless nIter is 0.
   */
  length?: number | null | undefined
  /** Whether phases start at random (default), or at 0. */
  randInit?: boolean | undefined
  /** Seed of the random start, as `torch.manual_seed` takes it (modulo 2^32). Default 0. */
  seed?: number | undefined
}

/** Options of a single call. */
export interface GriffinLimCallOptions {
  /** Rejects the call with `signal.reason` when it aborts. */
  signal?: AbortSignal | undefined
  /** Called about twenty times a second, and at the end, with the iterations done, on average over the frames. */
  onProgress?: OnProgress | undefined
  /** In place of the constructor's. */
  seed?: number | undefined
}

/** The largest magnitude whose spectra's squares are sure to be numbers in float32. */
const MOST_MAGNITUDE = 1e15

/**
 * From magnitudes to sound: torchaudio.transforms.GriffinLim.
 *
 * The fast Griffin-Lim algorithm in float32: phases are those of the signal that the last ones gave, with momentum
 * (D. W. Griffin, J. S. Lim, IEEE Trans. ASSP 32 (1984), 236-243; N. Perraudin, P. Balazs, P. L. Søndergaard, WASPAA
 * 2013). The start is that of torch under the same seed, the same numbers come out everywhere, and silence gives silence.
 *
 * In memory at a time, beside spectrogram and result, is for each bin 48 bytes for every four frames of a window over the
 * frames, of 130 000 / nFft frames (at least 32) and nFft / hopLength for each iteration, each rounded up to fours; and with
 * a random start 2.5 kB for each bin.
 */
export class GriffinLim {
  readonly #settings: {
    nFft: number
    hopLength: number
    nIter: number
    power: number
    length: number | undefined
    randInit: boolean
    seed: number
  }
  readonly #solver: GriffinLimSolver

  /** @throws TypeError or RangeError that names the option */
  constructor(options: GriffinLimOptions = {}) {
    const own = ['nIter', 'power', 'momentum', 'length', 'randInit', 'seed'] as const
    const read = readOptions<GriffinLimOptions>('GriffinLim', options, [...FRAME_OPTIONS, ...own, ...DEVICE_OPTIONS])
    const { nFft, winLength, hopLength } = readFrameLengths(read)
    const nIter = readInteger('nIter', read.nIter, 32, 0)
    const power = readNumber('power', read.power, 2, 0)
    if (power === 0) throw new RangeError(expected('power', 'a finite number > 0', power))
    const momentum = readNumber('momentum', read.momentum, 0.99, 0)
    if (momentum >= 1) throw new RangeError(expected('momentum', 'a number from 0 to below 1', momentum))
    const length = read.length == null ? undefined : readInteger('length', read.length, undefined, 1)
    const randInit = readBoolean('randInit', read.randInit, true)
    const seed = readInteger('seed', read.seed, 0, 0)
    readDevice(read, 'GriffinLim')
    readWarnings(read.onWarning)
    const window = readWindow(read.windowFn, read.wkwargs, winLength)
    this.#settings = { nFft, hopLength, nIter, power, length, randInit, seed }
    const weight = momentum / (1 + momentum)
    this.#solver = chooseGriffinLim({ nFft, hopLength, window, power, iterations: nIter, momentum: weight })
  }

  /** The window, float32 [winLength]. */
  get window(): Tensor {
    return { data: this.#solver.window.slice(), shape: [this.#solver.window.length] }
  }

  /**
   * @param spectrogram [..., nFft // 2 + 1, time], at least 0, any number of leading dimensions
   * @returns [..., samples]
   * @throws TypeError or RangeError that names the argument, `windowFn` where windows leave a sample out;
   *   `signal.reason` on abort
   */
  async forward(spectrogram: TensorLike, options: GriffinLimCallOptions = {}): Promise<Tensor> {
    const read = readOptions<GriffinLimCallOptions>('forward', options, ['signal', 'onProgress', 'seed'])
    const signal = readSignal(read.signal)
    const onProgress = readFunction('onProgress', read.onProgress, undefined)
    const seed = readInteger('seed', read.seed, this.#settings.seed, 0)
    signal?.throwIfAborted()
    const source = await settle(readSource('spectrogram', spectrogram), signal)
    const status = { stage: 'griffin-lim', iteration: 0, of: this.#settings.nIter, frames: 0, loss: null }
    return run(this.#steps(source, seed, status), { signal, onProgress, status })
  }

  *#steps(source: Source, seed: number, status: Status): Steps<Tensor> {
    const { nFft, power, randInit, nIter } = this.#settings
    const { lead, batch, time } = readFrames('spectrogram', source, Math.floor(nFft / 2) + 1, 'bins')
    const samples = this.#samples(time)
    const values = yield* dense(source)
    const { least } = yield* checkFinite('spectrogram', values, source.shape)
    if (least < 0) throw new RangeError(expected('spectrogram', 'values >= 0', least))
    const most = yield* greatest(values)
    if (most > MOST_MAGNITUDE ** power) {
      throw new RangeError(expected('spectrogram', `magnitudes up to ${MOST_MAGNITUDE}, raised to ${power}`, most))
    }
    const data = newFloats('spectrogram', batch * samples)
    status.frames = batch * time
    const problem = { spectrogram: values, items: batch, frames: time, samples, seed: randInit ? seed : null }
    for (const part of this.#solver.waveforms(problem, data)) {
      status.iteration = Math.floor(part * nIter)
      yield undefined
    }
    return { data, shape: [...lead, samples] }
  }

  /** Samples of the result for so many frames. */
  #samples(frames: number): number {
    const { nFft, hopLength, nIter, length } = this.#settings
    if (frames === 0) throw new RangeError('spectrogram: expected at least one frame, got none')
    const edge = Math.floor(nFft / 2)
    // an odd frame has one more sample behind its middle
    const least = (frames - 1) * hopLength + (nFft % 2)
    const most = least + hopLength - 1
    const samples = length ?? least
    if (nIter > 0 && (samples < least || samples > most)) {
      const range = `a number from ${Math.max(1, least)} to ${most} for ${frames} frames`
      throw new RangeError(expected('length', range, samples))
    }
    if (nIter > 0 && samples <= edge) {
      const needed = `more than ${edge} samples, which nFft ${nFft} reflects at the ends`
      const got = `${frames} frames of ${samples} samples`
      throw new RangeError(`spectrogram: expected frames for ${needed}, got ${got}`)
    }
    if (samples < 1) throw new RangeError('spectrogram: expected frames for at least one sample, got one frame')
    if (!this.#solver.reaches(frames, samples)) {
      throw new RangeError(
        `windowFn: expected windows that ${hopLength} samples apart (hopLength) are nowhere all 0, within ${samples} samples`,
      )
    }
    return samples
  }
}
