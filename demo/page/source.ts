/** What is inverted: sound, or bands that somebody else's model has made. */
import type { Tensor } from 'unbark'
import { load } from 'unbark/audio'
import { readNpy } from 'unbark/npy'
import type { Source } from './messages.ts'

/** Bytes of the largest array of bands: a `.npy` is read at once. */
const MOST_BYTES = 2 ** 30
/** Samples that are mixed before a step. */
const STEP = 2 ** 17

export interface Opened {
  source: Source
  /** [channels, samples], or [items, bands, frames]. */
  tensor: Tensor
}

export async function openSound(blob: Blob): Promise<Opened> {
  const warnings: string[] = []
  const { waveform, sampleRate } = await load(blob, { onWarning: (text) => warnings.push(text) })
  return { source: { kind: 'sound', ...shapeOf(waveform), sampleRate, warnings }, tensor: waveform }
}

export async function openBands(blob: Blob): Promise<Opened> {
  if (blob.size > MOST_BYTES) throw new RangeError(`npy: expected at most 1 GiB, got ${blob.size} bytes`)
  const { data, shape } = readNpy(await blob.arrayBuffer())
  const [bands = 0, frames = 0] = shape.slice(-2)
  if (shape.length < 2 || bands === 0 || frames === 0)
    throw new RangeError(`npy: expected bands of shape [..., bands, frames], got [${shape.join(', ')}]`)
  const channels = data.length / (bands * frames)
  const source: Source = { kind: 'bands', channels, length: frames, sampleRate: 0, bands, warnings: [] }
  return { source, tensor: { data, shape: [channels, bands, frames] } }
}

/** Samples that come a piece at a time. */
export class Arriving {
  readonly #waveform: Tensor
  readonly #sampleRate: number

  constructor(channels: number, length: number, sampleRate: number) {
    this.#waveform = { data: new Float32Array(channels * length), shape: [channels, length] }
    this.#sampleRate = sampleRate
  }

  take(channel: number, at: number, values: Float32Array): void {
    this.#waveform.data.set(values, channel * this.#waveform.shape[1]! + at)
  }

  opened(): Opened {
    const source: Source = { kind: 'sound', ...shapeOf(this.#waveform), sampleRate: this.#sampleRate, warnings: [] }
    return { source, tensor: this.#waveform }
  }
}

function shapeOf({ shape }: Tensor): { channels: number; length: number } {
  const [channels = 0, length = 0] = shape
  if (channels === 0 || length === 0) throw new RangeError('expected sound, got a file without samples')
  return { channels, length }
}

/** The mean of all channels, [1, samples]. */
export function* mixed({ data, shape }: Tensor): Generator<undefined, Tensor> {
  const [channels = 1, length = 0] = shape
  if (channels === 1) return { data, shape }
  const out = new Float32Array(length)
  for (let from = 0; from < length; from += STEP) {
    const to = Math.min(from + STEP, length)
    for (let c = 0; c < channels; c++)
      for (let t = from; t < to; t++) out[t] = out[t]! + data[c * length + t]! / channels
    yield
  }
  return { data: out, shape: [1, length] }
}
