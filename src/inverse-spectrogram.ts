import { chooseIstft } from './backends/choose.ts'
import { DEVICE_OPTIONS, type DeviceOptions, readDevice } from './bark-options.ts'
import { FRAME_OPTIONS, type FrameOptions, type Normalized, readFrameLengths, readScaling } from './frame-options.ts'
import { PAD_MODES, type PadMode } from './framing.ts'
import {
  MOST,
  readBoolean,
  readChoice,
  readInteger,
  readOptions,
  readSignal,
  readWarnings,
  show,
  type Warn,
} from './options.ts'
import { run, type Steps } from './steps.ts'
import type { Istft } from './stft.ts'
import { dense, newFloats, readSource, type Source, settle, size, type Tensor, type TensorLike } from './tensor.ts'
import { checkFinite } from './values.ts'
import { readWindow } from './windows.ts'

/** The options of torchaudio.transforms.InverseSpectrogram, with its defaults: those of the Spectrogram to invert. */
export interface InverseSpectrogramOptions extends FrameOptions, DeviceOptions {
  /** Zeros that were put before and after the signal; taken off where a length is asked for, as upstream. Default 0. */
  pad?: number | undefined
  /** What the spectrogram was divided by. Default false. */
  normalized?: Normalized | undefined
  /** Whether frame t has its middle at sample t * hopLength (default), or its beginning. */
  center?: boolean | undefined
  /** Has no effect, as upstream: what was beyond the ends is cut off. */
  padMode?: PadMode | undefined
  /** Whether the spectrogram has bins 0 to nFft // 2 (default), or all nFft, of which the others are not read. */
  onesided?: boolean | undefined
}

/** The options of a single call. */
export interface InverseSpectrogramCallOptions {
  /** Rejects the call with `signal.reason` when it aborts. */
  signal?: AbortSignal | undefined
  /**
   * Samples of the result, at least 1; what the frames do not reach is 0. Default (also for null) all that they do, with
   * `center` up to the middle of the last: (frames - 1) * hopLength for an even nFft.
   */
  length?: number | null | undefined
}

/**
 * From a complex spectrogram back to sound: torchaudio.transforms.InverseSpectrogram.
 *
 * The inverse short-time Fourier transform in float32 as torch.istft computes it: the signal whose spectrogram is nearest
 * to the one given (D. W. Griffin, J. S. Lim, IEEE Trans. ASSP 32 (1984), 236-243). Of an unchanged spectrogram that is
 * the signal that it came from, within 1e-6 of full scale unless windows hardly overlap.
 */
export class InverseSpectrogram {
  readonly #settings: { nFft: number; hopLength: number; pad: number; center: boolean; rows: number }
  readonly #istft: Istft
  readonly #warn: Warn

  /** @throws TypeError or RangeError that names the option */
  constructor(options: InverseSpectrogramOptions = {}) {
    const known = [...FRAME_OPTIONS, 'pad', 'normalized', 'center', 'padMode', 'onesided', ...DEVICE_OPTIONS] as const
    const read = readOptions<InverseSpectrogramOptions>('InverseSpectrogram', options, known)
    const { nFft, winLength, hopLength } = readFrameLengths(read)
    const pad = readInteger('pad', read.pad, 0, 0, MOST)
    const scaling = readScaling(read.normalized)
    const center = readBoolean('center', read.center, true)
    readChoice<PadMode>('padMode', read.padMode, PAD_MODES, 'reflect')
    const onesided = readBoolean('onesided', read.onesided, true)
    readDevice(read, 'InverseSpectrogram')
    this.#warn = readWarnings(read.onWarning)
    const window = readWindow(read.windowFn, read.wkwargs, winLength)
    this.#settings = { nFft, hopLength, pad, center, rows: onesided ? Math.floor(nFft / 2) + 1 : nFft }
    this.#istft = chooseIstft({ nFft, hopLength, window, scaling, center })
  }

  /** The window, float32 [winLength]. */
  get window(): Tensor {
    return { data: this.#istft.window.slice(), shape: [this.#istft.window.length] }
  }

  /**
   * @param spectrogram [..., freq, time, 2], finite complex values as torch.view_as_real has them and as `Spectrogram`
   *   gives them with `power: null`; any number of leading dimensions, at least one frame
   * @returns [..., samples]
   * @throws TypeError or RangeError that names the argument, `windowFn` where windows leave a sample out;
   *   `signal.reason` on abort
   */
  async forward(spectrogram: TensorLike, options: InverseSpectrogramCallOptions = {}): Promise<Tensor> {
    const read = readOptions<InverseSpectrogramCallOptions>('forward', options, ['signal', 'length'])
    const signal = readSignal(read.signal)
    const length = read.length == null ? undefined : readInteger('length', read.length, undefined, 1)
    signal?.throwIfAborted()
    const source = await settle(readSource('spectrogram', spectrogram), signal)
    const status = { stage: 'inverse-spectrogram', iteration: 0, of: 1, frames: 0, loss: null }
    return run(this.#steps(source, length), { signal, status })
  }

  *#steps(source: Source, length: number | undefined): Steps<Tensor> {
    const { rows, pad } = this.#settings
    const { lead, frames } = readComplex(source.shape, rows)
    const all = length === undefined ? this.#natural(frames) : length + 2 * pad
    this.#checkReach(frames, all, length !== undefined)
    const values = yield* dense(source)
    yield* checkFinite('spectrogram', values, source.shape)
    const samples = length ?? all
    const data = newFloats('spectrogram', size(lead) * samples)
    const problem = {
      spectrogram: values,
      items: size(lead),
      rows,
      frames,
      samples,
      pad: length === undefined ? 0 : pad,
    }
    yield* this.#istft.waveforms(problem, data)
    return { data, shape: [...lead, samples] }
  }

  /** Samples where no length is asked for. */
  #natural(frames: number): number {
    const samples = this.#reached(frames) - (this.#settings.center ? Math.floor(this.#settings.nFft / 2) : 0)
    if (samples > 0) return samples
    const { nFft } = this.#settings
    throw new RangeError(`length: expected a number of samples, since one centred frame of nFft ${nFft} gives none`)
  }

  /** Samples from the first that frames reach to the end of the last. */
  #reached(frames: number): number {
    const { nFft, hopLength, center } = this.#settings
    return (frames - 1) * hopLength + nFft - (center ? Math.floor(nFft / 2) : 0)
  }

  #checkReach(frames: number, samples: number, isAsked: boolean): void {
    const { hopLength, center } = this.#settings
    if (!this.#istft.reaches(frames, samples)) {
      const end = isAsked && samples > this.#natural(frames) ? ', or a shorter length' : ''
      const begin = center ? '' : ', or center true'
      throw new RangeError(
        `windowFn: expected windows that ${hopLength} samples apart (hopLength) are nowhere all 0${begin}${end}`,
      )
    }
    const reached = this.#reached(frames)
    if (samples > reached) {
      this.#warn(`length: expected at most ${reached} samples for ${frames} frames, got ${samples}; the rest is 0`)
    }
  }
}

function readComplex(shape: number[], rows: number): { lead: number[]; frames: number } {
  const [freq, frames, parts] = shape.slice(-3)
  if (shape.length < 3 || parts !== 2 || freq !== rows || !(frames! >= 1)) {
    const what = `[..., ${rows}, time >= 1, 2], complex values`
    throw new RangeError(`spectrogram.shape: expected ${what}, got ${show(shape)}`)
  }
  return { lead: shape.slice(0, -3), frames: frames! }
}
