import { chooseStream } from './backends/choose.ts'
import { warnOfEmptyBands } from './bark-options.ts'
import { BARK_SPECTROGRAM_OPTIONS, type BarkSpectrogramOptions } from './bark-spectrogram.ts'
import { MOST_ITERATIONS, readInverseBarkSpectrogram, unreached } from './inverse-bark-spectrogram-options.ts'
import { expected, type OnWarning, readInteger, readOptions, type Warn } from './options.ts'
import type { Stream, StreamSpec } from './stream.ts'
import { type NumberArray, newFloats } from './tensor.ts'
import { notFinite, warnOfNegative } from './values.ts'

/**
 * The options of the {@link BarkSpectrogram} that made the bands, and how to go back. What lay beyond the signal's ends
 * (`padMode`) is left open; with `center: false` the first samples, where the window is small, are weak.
 */
export interface BarkStreamOptions extends Omit<BarkSpectrogramOptions, 'pad'> {
  /** Frames that are waited for before one becomes sound, 0 to 63. Default 3. */
  lookAhead?: number | undefined
  /** How often phases and magnitudes are taken up again at each frame, at least 1. Default 32. */
  iterations?: number | undefined
  /** Whether a voice's pitch is looked for in the bands and in what has been heard. Default true. */
  pitch?: boolean | undefined
  /** As for {@link InverseBarkSpectrogram}. */
  bandTolerance?: number | undefined
  /** Receives warnings, each once. Default `console.warn`. */
  onWarning?: OnWarning | undefined
}

export const BARK_STREAM_OPTIONS: readonly (keyof BarkStreamOptions)[] = [
  ...BARK_SPECTROGRAM_OPTIONS.filter((name) => name !== 'pad'),
  ...(['lookAhead', 'iterations', 'pitch', 'bandTolerance', 'onWarning'] as const),
]
const MOST_AHEAD = 63

/**
 * From Bark bands to sound while they come: a frame in, a hop of samples out, on the calling thread. It iterates as
 * {@link InverseBarkSpectrogram} does, on the newest frames only, over the sound that is out already.
 *
 * The samples of all pushes and of `flush`, one behind the other, are those of the signal that the frames are of, from its
 * first on: with center and an even nFft (frames - 1) * hopLength. Its first frames give nothing yet.
 *
 * ```ts
 * const stream = new BarkStream({ sampleRate: 16000, nFft: 1024, hopLength: 256, nBarks: 80 })
 * for await (const frame of frames) play(stream.push(frame))
 * play(stream.flush())
 * ```
 */
export class BarkStream {
  readonly nBarks: number
  readonly hopLength: number
  /** Samples from when one goes into the frames, at its own time, to when it comes out, at most. */
  readonly latency: number
  readonly #spec: StreamSpec
  readonly #stream: Stream
  readonly #warn: Warn
  /** Samples before the first of the result, and hops that they take. */
  readonly #edge: number
  readonly #early: number
  readonly #hop: Float32Array
  readonly #nothing = new Float32Array(0)
  #frames = 0
  #closed = 0

  /** @throws TypeError or RangeError that names the option */
  constructor(options: BarkStreamOptions = {}) {
    const read = readOptions<BarkStreamOptions>('BarkStream', options, BARK_STREAM_OPTIONS)
    const { lookAhead: ahead, iterations, pitch, ...rest } = read
    const lookAhead = readInteger('lookAhead', ahead, 3, 0, MOST_AHEAD)
    const how = { iterations: readInteger('iterations', iterations, 32, 1, MOST_ITERATIONS), pitch }
    const settings = readInverseBarkSpectrogram({ ...rest, ...how })
    const { nFft, hopLength, bank, center } = settings.spec
    this.#edge = center ? Math.floor(nFft / 2) : 0
    this.#early = Math.ceil(this.#edge / hopLength)
    // without a centre only the first sample lies elsewhere
    const spec = { ...settings.spec, center: true, lookAhead, lead: this.#early * hopLength - this.#edge }
    this.#spec = spec
    this.#warn = settings.warn
    this.#stream = chooseStream(spec)
    if (!this.#stream.reaches) {
      throw new RangeError(unreached(hopLength))
    }
    warnOfEmptyBands(this.#stream.emptyBands, bank.nBands, bank.nBins, this.#warn)
    this.nBarks = bank.nBands
    this.hopLength = hopLength
    this.latency = nFft - this.#edge + (lookAhead + this.#early) * hopLength
    this.#hop = new Float32Array(hopLength)
  }

  /**
   * Takes the next frame.
   * @param frame nBarks values, to the `power`; below 0 counts as 0
   * @returns hopLength samples, or none where the first is still to come; valid until the next call
   * @throws RangeError that says what is wrong with the frame, which then has not been taken
   */
  push(frame: NumberArray): Float32Array {
    this.#check(frame)
    this.#frames++
    return this.#stream.push(frame, this.#hop) && ++this.#closed > this.#early ? this.#hop : this.#nothing
  }

  /** The samples that are left, after which the stream is as new. */
  flush(): Float32Array {
    const { hopLength } = this
    const total = this.#frames && Math.max(0, (this.#frames - 1) * hopLength + this.#spec.nFft - 2 * this.#edge)
    const given = Math.max(0, this.#closed - this.#early) * hopLength
    const out = newFloats('flush', total - given)
    for (; this.#closed < this.#frames; this.#closed++) {
      this.#stream.close(out, (this.#closed - this.#early) * hopLength - given)
    }
    this.reset()
    return out
  }

  /** Forgets all frames. */
  reset(): void {
    this.#stream.reset()
    this.#frames = 0
    this.#closed = 0
  }

  #check(frame: NumberArray): void {
    const { nBarks } = this
    if (frame?.length !== nBarks) {
      throw new RangeError(expected('frame.length', `${nBarks} (nBarks)`, frame?.length))
    }
    let least = 0
    for (let k = 0; k < nBarks; k++) {
      const x = Math.fround(frame[k]!)
      if (!(Math.abs(x) < Infinity)) throw notFinite('frame', frame, k, [nBarks])
      if (x < least) least = x
    }
    if (least < 0) warnOfNegative('frame', least, this.#warn)
  }
}
