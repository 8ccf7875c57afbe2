/** Samples to WAV bytes. */
import { allocate } from '../bytes.ts'
import { expected, readChoice, readInteger, readOptions } from '../options.ts'
import { readTensorSync, type TensorLike } from '../tensor.ts'

export interface EncodeOptions {
  /** Default 32 for float samples, 16 for PCM. */
  bitsPerSample?: 16 | 24 | 32 | undefined
  /** Default 'pcm' where `bitsPerSample` is 16 or 24, else 'float'. */
  encoding?: 'float' | 'pcm' | undefined
}

/**
 * Encodes a waveform, [channels, time] or [time], at `sampleRate` Hz as a WAV file: 32-bit float by default, stored as
 * it is; or PCM of 16, 24 or 32 bits, where 1 stands for 2^(bits-1), values are rounded to the nearest and clipped to
 * the range, and NaN becomes 0.
 *
 * @throws TypeError or RangeError naming the argument that is outside its domain
 */
export function encodeWav(clip: { waveform: TensorLike; sampleRate: number }, options: EncodeOptions = {}): Uint8Array {
  if (typeof clip !== 'object' || clip === null) throw new TypeError(expected('clip', '{ waveform, sampleRate }', clip))
  const [pcm, bits] = readEncoding(options)
  const { data, shape } = readTensorSync('waveform', clip.waveform)
  const sampleRate = readInteger('sampleRate', clip.sampleRate, undefined, 1, 0xffffffff)
  const [channels = 1, time = 0] = shape.length === 1 ? [1, shape[0]] : shape
  const most = Math.floor(0xffff / (bits / 8))
  if (shape.length < 1 || shape.length > 2 || channels < 1 || channels > most) {
    throw new RangeError(expected('waveform.shape', `[channels, time] with 1 to ${most} channels`, shape))
  }
  const header = wavHeader(pcm, bits, channels, time, sampleRate)
  const size = channels * time * (bits / 8)
  const length = header.length + size + (size & 1)
  if (length > 0xffffffff) throw new RangeError(`waveform: expected less than 4 GiB, got ${size} bytes`)
  const bytes = allocate('waveform', 'bytes', length, Uint8Array)
  bytes.set(header)
  const view = new DataView(bytes.buffer)
  let at = header.length
  for (let t = 0; t < time; t++) {
    for (let c = 0; c < channels; c++, at += bits / 8) {
      const value = data[c * time + t]!
      if (pcm) setInteger(view, at, bits, value)
      else view.setFloat32(at, value, true)
    }
  }
  return bytes
}

function readEncoding(options: EncodeOptions): [pcm: boolean, bits: number] {
  const given = readOptions<EncodeOptions>('encodeWav', options, ['bitsPerSample', 'encoding'])
  const bits = readChoice('bitsPerSample', given.bitsPerSample, [16, 24, 32], given.encoding === 'pcm' ? 16 : 32)
  const encoding = readChoice('encoding', given.encoding, ['float', 'pcm'], bits === 32 ? 'float' : 'pcm')
  if (encoding === 'float' && bits !== 32) throw new RangeError(expected('bitsPerSample', '32 for float samples', bits))
  return [encoding === 'pcm', bits]
}

type Field = string | [value: number, bytes: 2 | 4]

function wavHeader(pcm: boolean, bits: number, channels: number, time: number, sampleRate: number): Uint8Array {
  const blockAlign = (channels * bits) / 8
  const size = time * blockAlign
  const rates: Field[] = [
    [sampleRate, 4],
    [sampleRate * blockAlign, 4],
    [blockAlign, 2],
    [bits, 2],
  ]
  // what is not PCM has an extension, here of no bytes, and counts its frames in a fact chunk
  const chunks: Field[] = pcm
    ? ['fmt ', [16, 4], [1, 2], [channels, 2], ...rates]
    : ['fmt ', [18, 4], [3, 2], [channels, 2], ...rates, [0, 2], 'fact', [4, 4], [time, 4]]
  const riff = (pcm ? 36 : 50) + size + (size & 1)
  return pack(['RIFF', [riff, 4], 'WAVE', ...chunks, 'data', [size, 4]])
}

/** Tags and little-endian numbers, one after the other. */
function pack(fields: Field[]): Uint8Array {
  const bytes: number[] = []
  for (const field of fields) {
    if (typeof field === 'string') for (let i = 0; i < field.length; i++) bytes.push(field.charCodeAt(i))
    else for (let i = 0; i < field[1]; i++) bytes.push(Math.floor(field[0] / 256 ** i) % 256)
  }
  return Uint8Array.from(bytes)
}

function setInteger(view: DataView, at: number, bits: number, value: number): void {
  const one = 2 ** (bits - 1)
  const n = Math.max(-one, Math.min(one - 1, Math.round(value * one))) | 0 // NaN | 0 is 0
  if (bits === 32) view.setInt32(at, n, true)
  else view.setInt16(at, n, true) // takes the low 16 bits
  if (bits === 24) view.setInt8(at + 2, n >> 16)
}
