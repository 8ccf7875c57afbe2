/** WAV bytes to samples. */

import { allocate, readBytes } from '../bytes.ts'
import { expected, type OnWarning, readBoolean, readInteger, readOptions, readWarnings } from '../options.ts'
import type { Tensor } from '../tensor.ts'
import { type Reading, readMemory } from './reading.ts'
import { readLayout, type WavFormat } from './wav-layout.ts'

/** A waveform and how fast it runs. */
export interface Clip {
  /** [channels, time], or [time, channels] where `channelsFirst` is false */
  waveform: Tensor
  /** Hz */
  sampleRate: number
}

/** torchaudio.load's arguments. */
export interface LoadOptions {
  /** Frames to skip at the beginning; an offset at or beyond the end gives no frames. Default 0. */
  frameOffset?: number | undefined
  /** Most frames to read, at least 0; -1 (the default) reads all that follow. */
  numFrames?: number | undefined
  /** true (the default): integer samples are scaled to [-1, 1). false: as they are stored. */
  normalize?: boolean | undefined
  /** true (the default): [channels, time]. false: [time, channels]. */
  channelsFirst?: boolean | undefined
  /** Takes warnings, such as the one for a file that was cut. Default `console.warn`. */
  onWarning?: OnWarning | undefined
}

/** The options, checked. */
export interface Wanted {
  frameOffset: number
  numFrames: number
  normalize: boolean
  channelsFirst: boolean
  warn: OnWarning
}

export function readWanted(who: string, options: unknown): Wanted {
  const names = ['frameOffset', 'numFrames', 'normalize', 'channelsFirst', 'onWarning'] as const
  const given = readOptions<LoadOptions>(who, options, names)
  return {
    frameOffset: readInteger('frameOffset', given.frameOffset, 0, 0),
    numFrames: readNumFrames(given.numFrames),
    normalize: readBoolean('normalize', given.normalize, true),
    channelsFirst: readBoolean('channelsFirst', given.channelsFirst, true),
    warn: readWarnings(given.onWarning),
  }
}

function readNumFrames(value: unknown): number {
  if (value === undefined || value === -1) return -1
  const what = '-1 or an integer >= 0'
  if (typeof value !== 'number') throw new TypeError(expected('numFrames', what, value))
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(expected('numFrames', what, value))
  return value
}

/**
 * Decodes a WAV file that is in memory: PCM of 8, 16, 24 and 32 bits, float of 32 and 64 bits, WAVE_FORMAT_EXTENSIBLE
 * of those, RF64 and BW64.
 *
 * Values are float32 as `load` gives them, see there. A data chunk of unknown length (0 or 0xffffffff, as written to a
 * pipe) is read to the end; one that promises more than there is, as far as whole frames go, with a warning.
 *
 * @throws RangeError `wav: expected ...` for anything that is no such file, before anything is allocated for it, and for
 *   more samples than fit into memory
 * @throws TypeError or RangeError naming the option that is outside its domain
 */
export function decodeWav(bytes: ArrayBuffer | Uint8Array, options: LoadOptions = {}): Clip {
  const wanted = readWanted('decodeWav', options)
  const file = readBytes('wav', bytes)
  return readMemory(file, readClip(file.length, 'wav', wanted))
}

/** Bytes of frames that are decoded at once: some milliseconds. */
const PIECE = 2 ** 20

/** Reads the frames that are wanted and there from a file of `size` bytes. Errors begin with `name`. */
export function* readClip(size: number, name: string, wanted: Wanted): Reading<Clip> {
  const layout = yield* readLayout(size, name, wanted.warn)
  const { channels, sampleRate, blockAlign, start, frames } = layout
  const first = Math.min(wanted.frameOffset, frames)
  const time = Math.min(wanted.numFrames === -1 ? Infinity : wanted.numFrames, frames - first)
  const advice = '; read fewer with frameOffset and numFrames'
  const data = allocate(name, 'samples', channels * time, Float32Array, advice)
  const most = Math.floor(PIECE / blockAlign)
  const from = start + first * blockAlign
  for (let t = 0; t < time; t += most) {
    const bytes = yield [from + t * blockAlign, from + Math.min(t + most, time) * blockAlign]
    decodeFrames(bytes, layout, wanted, data, t)
  }
  return { waveform: { data, shape: wanted.channelsFirst ? [channels, time] : [time, channels] }, sampleRate }
}

/** Decodes frames, and nothing else, to where the frame `t` of `data` is. */
function decodeFrames(
  bytes: Uint8Array,
  { channels, bitsPerSample, encoding, blockAlign }: WavFormat,
  { normalize, channelsFirst }: Wanted,
  data: Float32Array,
  t: number,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const width = bitsPerSample / 8
  const kind = encoding === 'float' ? -width : width
  const scale = encoding === 'pcm' && normalize ? 2 ** (1 - bitsPerSample) : 1
  const zero = encoding === 'pcm' && bitsPerSample === 8 && normalize ? 128 : 0
  const [frame, channel] = channelsFirst ? [1, data.length / channels] : [channels, 1]
  for (let c = 0; c < channels; c++) {
    let to = t * frame + c * channel
    for (let at = c * width; at < bytes.length; at += blockAlign, to += frame) {
      data[to] = (sample(view, at, kind) - zero) * scale
    }
  }
}

/** `kind` is the width in bytes, negative for float. */
function sample(view: DataView, at: number, kind: number): number {
  switch (kind) {
    case 1:
      return view.getUint8(at)
    case 2:
      return view.getInt16(at, true)
    case 3:
      return view.getUint16(at, true) + view.getInt8(at + 2) * 65536
    case 4:
      return view.getInt32(at, true)
    case -4:
      return view.getFloat32(at, true)
    default:
      return view.getFloat64(at, true)
  }
}
