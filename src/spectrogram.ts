import { chooseStft } from './backends/choose.ts'
import { DEVICE_OPTIONS, type DeviceOptions, readDevice } from './bark-options.ts'
import type { ForwardOptions } from './bark-scale.ts'
import { type FrameOptions, type Normalized, readFrameLengths, readScaling } from './frame-options.ts'
import { type Framing, PAD_MODES, PaddedSignals, type PadMode } from './framing.ts'
import {
  expected,
  MOST,
  readBoolean,
  readChoice,
  readInteger,
  readOptions,
  readSignal,
  readWarnings,
} from './options.ts'
import { run, type Steps } from './steps.ts'
import type { Stft } from './stft.ts'
import { dense, newFloats, readSource, type Source, settle, size, type Tensor, type TensorLike } from './tensor.ts'
import { checkFinite } from './values.ts'
import { readWindow } from './windows.ts'

/** The options of torchaudio.transforms.Spectrogram, with its defaults. */
export interface SpectrogramOptions extends FrameOptions, DeviceOptions {
  /** Zeros before and after the signal, 0 to 65 536. Default 0. */
  pad?: number | undefined
  /** What the magnitude is raised to: 2 (default) for power, 1 for magnitude, any other number above 0; null for complex values. */
  power?: number | null | undefined
  /**
   * `'window'` or true divides by the root of the window's energy, `'frame_length'` by that of `nFft`. Default false.
   */
  normalized?: Normalized | undefined
  /** Whether frame t has its middle at sample t * hopLength (default), or its beginning. */
  center?: boolean | undefined
  /** What lies beyond the ends with `center`. Default `'reflect'`. */
  padMode?: PadMode | undefined
  /** Whether only bins 0 to nFft // 2 are given (default), or all. */
  onesided?: boolean | undefined
}

/** The names of {@link SpectrogramOptions} without those of a device. */
export const SPECTROGRAM_OPTIONS = [
  'nFft',
  'winLength',
  'hopLength',
  'pad',
  'windowFn',
  'power',
  'normalized',
  'wkwargs',
  'center',
  'padMode',
  'onesided',
] as const

/**
 * From sound to a spectrogram: torchaudio.transforms.Spectrogram.
 *
 * A short-time Fourier transform in float32 as torch.stft computes it, within 1e-6 of the largest value.
 */
export class Spectrogram {
  readonly #framing: Framing
  readonly #stft: Stft

  /** @throws TypeError or RangeError that names the option */
  constructor(options: SpectrogramOptions = {}) {
    const known = [...SPECTROGRAM_OPTIONS, ...DEVICE_OPTIONS] as const
    const read = readOptions<SpectrogramOptions>('Spectrogram', options, known)
    const { nFft, winLength, hopLength } = readFrameLengths(read, MOST)
    const pad = readInteger('pad', read.pad, 0, 0, MOST)
    const power = readPower(read.power)
    const scaling = readScaling(read.normalized)
    const center = readBoolean('center', read.center, true)
    const padMode = readChoice<PadMode>('padMode', read.padMode, PAD_MODES, 'reflect')
    const onesided = readBoolean('onesided', read.onesided, true)
    readDevice(read, 'Spectrogram')
    readWarnings(read.onWarning)
    const window = readWindow(read.windowFn, read.wkwargs, winLength)
    this.#framing = { nFft, hopLength, pad, center, padMode }
    this.#stft = chooseStft({ nFft, window, scaling, power, onesided })
    if (!this.#stft.isScalable) {
      throw new RangeError('windowFn: expected a window that is not all 0 to normalize by, got zeros')
    }
  }

  /** The window, float32 [winLength]. */
  get window(): Tensor {
    return { data: this.#stft.window.slice(), shape: [this.#stft.window.length] }
  }

  /**
   * @param waveform [..., time], finite samples, any number of leading dimensions
   * @returns [..., freq, time], or with `power: null` complex values [..., freq, time, 2] as torch.view_as_real has them
   * @throws TypeError or RangeError that names the argument; `signal.reason` on abort
   */
  async forward(waveform: TensorLike, options: ForwardOptions = {}): Promise<Tensor> {
    const { signal } = readOptions<ForwardOptions>('forward', options, ['signal'])
    readSignal(signal)?.throwIfAborted()
    const source = await settle(readSource('waveform', waveform), signal)
    const status = { stage: 'spectrogram', iteration: 0, of: 1, frames: 0, loss: null }
    return run(this.#steps(source), { signal, status })
  }

  *#steps(source: Source): Steps<Tensor> {
    const { shape } = source
    if (shape.length === 0) throw new RangeError(expected('waveform.shape', '[..., time]', shape))
    const lead = shape.slice(0, -1)
    const values = yield* dense(source)
    const signals = new PaddedSignals(values, size(lead), shape.at(-1)!, this.#framing)
    yield* checkFinite('waveform', values, shape)
    const { rows, width } = this.#stft
    const data = newFloats('waveform', signals.items * rows * signals.frames * width)
    yield* this.#stft.spectrogram(signals, data)
    return { data, shape: [...lead, rows, signals.frames, ...(width === 2 ? [2] : [])] }
  }
}

function readPower(power: unknown): number | null {
  if (power === undefined) return 2
  if (power === null) return null
  const range = 'a finite number > 0, or null for complex values'
  if (typeof power !== 'number') throw new TypeError(expected('power', range, power))
  if (!(power > 0 && power < Infinity)) throw new RangeError(expected('power', range, power))
  return power
}
