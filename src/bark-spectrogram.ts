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

const SOUND = SPECTROGRAM_OPTIONS.filter((name) => name !== 'onesided')

/**
 * From sound to Bark bands: torchaudio.prototype.transforms.BarkSpectrogram, which is {@link Spectrogram} and then
 * {@link BarkScale}.
 */
export class BarkSpectrogram {
  readonly #spectrogram: Spectrogram
  readonly #barkScale: BarkScale

  /** @throws TypeError or RangeError that names the option */
  constructor(options: BarkSpectrogramOptions = {}) {
    const known = [...SOUND, ...BARK_OPTIONS, ...DEVICE_OPTIONS] as (keyof BarkSpectrogramOptions)[]
    const read = readOptions<BarkSpectrogramOptions>('BarkSpectrogram', options, known)
    if (read.power === null) throw new TypeError(expected('power', 'a finite number > 0', null))
    const only = (names: readonly string[]): object =>
      Object.fromEntries(Object.entries(read).filter(([name]) => names.includes(name)))
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
    return this.#barkScale.forward(await this.#spectrogram.forward(waveform, options), options)
  }
}
