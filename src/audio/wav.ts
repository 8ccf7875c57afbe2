/** WAV bytes to samples. */

import { readBytes } from '../bytes.ts'
import { expected, type OnWarning, readBoolean, readInteger, readOptions, readWarnings } from '../options.ts'
import type { Tensor } from '../tensor.ts'
import { readLayout, type WavFormat, type WavLayout } from './wav-layout.ts'

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
  frameOffset?: number
  /** Most frames to read, at least 1; -1 (the default) reads all that follow. */
  numFrames?: number
  /** true (the default): integer samples are scaled to [-1, 1). false: as they are stored. */
  normalize?: boolean
  /** true (the default): [channels, time]. false: [time, channels]. */
  channelsFirst?: boolean
  /** Takes warnings, such as the one for a file that was cut. Default `console.warn`. */
  onWarning?: OnWarning
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
 * @throws RangeError `wav: expected ...` for anything that is no such file, before anything is allocated for it
 * @throws TypeError or RangeError naming the option that is outside its domain
 */
export function decodeWav(bytes: ArrayBuffer | Uint8Array, options: LoadOptions = {}): Clip {
  const wanted = readWanted('decodeWav', options)
  const file = readBytes('wav', bytes)
  const layout = readLayout(file, file.length, 'wav', wanted.warn)! // the head is the whole file
  const [from, to] = byteRange(layout, wanted)
  return decodeFrames(file.subarray(from, to), layout, wanted)
}

/** The bytes of the frames that are wanted and there. */
export function byteRange({ start, frames, blockAlign }: WavLayout, wanted: Wanted): [from: number, to: number] {
  const first = Math.min(wanted.frameOffset, frames)
  const last = wanted.numFrames === -1 ? frames : Math.min(first + wanted.numFrames, frames)
  return [start + first * blockAlign, start + last * blockAlign]
}

/** Decodes frames, and nothing else, of a known format. */
export function decodeFrames(bytes: Uint8Array, format: WavFormat, { normalize, channelsFirst }: Wanted): Clip {
  const { channels, sampleRate, bitsPerSample, encoding, blockAlign } = format
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const time = bytes.length / blockAlign
  const data = new Float32Array(channels * time)
  const width = bitsPerSample / 8
  const kind = encoding === 'float' ? -width : width
  const scale = encoding === 'pcm' && normalize ? 2 ** (1 - bitsPerSample) : 1
  const zero = encoding === 'pcm' && bitsPerSample === 8 && normalize ? 128 : 0
  const step = channelsFirst ? 1 : channels
  for (let c = 0; c < channels; c++) {
    let to = channelsFirst ? c * time : c
    for (let at = c * width; at < bytes.length; at += blockAlign, to += step) {
      data[to] = (sample(view, at, kind) - zero) * scale
    }
  }
  return { waveform: { data, shape: channelsFirst ? [channels, time] : [time, channels] }, sampleRate }
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
