import { BARK_OPTIONS, type BarkOptions, DEVICE_OPTIONS } from './bark-options.ts'
import { BarkScale, type ForwardOptions } from './bark-scale.ts'
import { expected, readOptions } from './options.ts'
import { SPECTROGRAM_OPTIONS, Spectrogram, type SpectrogramOptions } from './spectrogram.ts'
import type { Tensor, TensorLike } from './tensor.ts'

/** The options of {@link Spectrogram}, without complex values, and of {@link BarkScale}. */
export interface BarkSpectrogramOptions extends Omit<SpectrogramOptions, 'power' | 'onesided'>, BarkOptions {
  /** What the magnitude is raised to, above 0: 2 (default) for power, 1 for magnitude. */
  power?: number | undefined
}

const SOUND = SPECTROGRAM_OPTIONS.filter((name) => name !== 'onesided') as (keyof BarkSpectrogramOptions)[]

/** The names of {@link BarkSpectrogramOptions} without those of a device. */
export const BARK_SPECTROGRAM_OPTIONS: readonly (keyof BarkSpectrogramOptions)[] = [...SOUND, ...BARK_OPTIONS]

/**
 * From sound to Bark bands: torchaudio.prototype.transforms.BarkSpectrogram, which is {@link Spectrogram} and then
 * {@link BarkScale}.
 */
export class BarkSpectrogram {
  readonly #spectrogram: Spectrogram
  readonly #barkScale: BarkScale

  /** @throws TypeError or RangeError that names the option */
  constructor(options: BarkSpectrogramOptions = {}) {
    const known = [...BARK_SPECTROGRAM_OPTIONS, ...DEVICE_OPTIONS]
    const read = readOptions<BarkSpectrogramOptions>('BarkSpectrogram', options, known)
    if (read.power === null) throw new TypeError(expected('power', 'a finite number > 0', null))
    const only = (names: readonly (keyof BarkSpectrogramOptions)[]): object =>
      Object.fromEntries(names.filter((name) => read[name] !== undefined).map((name) => [name, read[name]]))
    this.#spectrogram = new Spectrogram(only([...SOUND, ...DEVICE_OPTIONS]))
    const nStft = Math.floor((read.nFft ?? 400) / 2) + 1
    this.#barkScale = new BarkScale({ ...only([...BARK_OPTIONS, ...DEVICE_OPTIONS]), nStft })
  }

  /** The filterbank, float32 [nFft // 2 + 1, nBarks]. */
  get filterbank(): Tensor {
    return this.#barkScale.filterbank
  }

  /** The window, float32 [winLength]. */
  get window(): Tensor {
    return this.#spectrogram.window
  }

  /**
   * @param waveform [..., time], finite samples, any number of leading dimensions
   * @returns [..., nBarks, frames]
   * @throws TypeError or RangeError that names the argument; `signal.reason` on abort
   */
  async forward(waveform: TensorLike, options: ForwardOptions = {}): Promise<Tensor> {
    const spectrogram = await this.#spectrogram.forward(waveform, options)
    try {
      return await this.#barkScale.forward(spectrogram, options)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      throw new RangeError(`waveform: expected samples whose spectrogram is finite in float32 (${error.message})`)
    }
  }
}
