import type { FilterbankSpec, Projection } from './backend.ts'
import { chooseProjection } from './backends/choose.ts'
import {
  BARK_OPTIONS,
  type BarkOptions,
  DEVICE_OPTIONS,
  type DeviceOptions,
  readBark,
  readDevice,
  warnOfEmptyBands,
} from './bark-options.ts'
import { readCount, readOptions, readSignal, readWarnings, type Warn } from './options.ts'
import { run, type Steps } from './steps.ts'
import { dense, newFloats, readSource, type Source, settle, type Tensor, type TensorLike } from './tensor.ts'
import { checkSpectrogram, readFrames } from './values.ts'

export interface BarkScaleOptions extends BarkOptions, DeviceOptions {
  /** Number of bins: n_fft // 2 + 1, from 1 to 65 536. Default 201, as upstream. */
  nStft?: number | undefined
}

export interface ForwardOptions {
  /** Rejects the call with `signal.reason` when it aborts. */
  signal?: AbortSignal | undefined
}

/**
 * From linear frequency to Bark bands: torchaudio.prototype.transforms.BarkScale.
 *
 * Multiplies a spectrogram by the triangular filterbank of {@link barkscaleFbanks}.
 */
export class BarkScale {
  readonly #spec: FilterbankSpec
  readonly #projection: Projection
  readonly #warn: Warn

  /** @throws TypeError or RangeError that names the option */
  constructor(options: BarkScaleOptions = {}) {
    const known = ['nStft', ...BARK_OPTIONS, ...DEVICE_OPTIONS] as const
    const read = readOptions<BarkScaleOptions>('BarkScale', options, known)
    this.#spec = readBark(read, readCount('nStft', read.nStft, 201))
    readDevice(read, 'BarkScale')
    this.#warn = readWarnings(read.onWarning)
    this.#projection = chooseProjection(this.#spec)
    warnOfEmptyBands(this.#projection.bank.emptyBands, this.#spec.nBands, this.#spec.nBins, this.#warn)
  }

  /** The filterbank, float32 [nStft, nBarks]; a copy. */
  get filterbank(): Tensor {
    return { data: this.#projection.bank.dense(), shape: [this.#spec.nBins, this.#spec.nBands] }
  }

  /**
   * @param spectrogram [..., nStft, time], power or magnitude, any number of leading dimensions
   * @returns [..., nBarks, time]
   * @throws TypeError or RangeError that names the argument; `signal.reason` on abort
   */
  async forward(spectrogram: TensorLike, options: ForwardOptions = {}): Promise<Tensor> {
    const { signal } = readOptions<ForwardOptions>('forward', options, ['signal'])
    readSignal(signal)?.throwIfAborted()
    const source = await settle(readSource('spectrogram', spectrogram), signal)
    const status = { stage: 'bark-scale', iteration: 0, of: 1, frames: 0, loss: null }
    return run(this.#steps(source), { signal, status })
  }

  *#steps(source: Source): Steps<Tensor> {
    const { nBins, nBands } = this.#spec
    const { lead, batch, time } = readFrames('spectrogram', source, nBins, 'bins')
    const values = yield* dense(source)
    yield* checkSpectrogram('spectrogram', values, source.shape, this.#warn)
    const data = newFloats('spectrogram', batch * nBands * time)
    yield* this.#projection.project(values, data, batch, time)
    return { data, shape: [...lead, nBands, time] }
  }
}
