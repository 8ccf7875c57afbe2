/** From a file to the worker: WAV and .npy as they are; other sound by what the browser decodes. */
import type { Client } from './client.ts'
import type { Source } from './messages.ts'

/** Bytes that tell what a file is, and samples per piece of what was decoded. */
const HEAD = 4096
const PIECE = 2 ** 18

export async function open(client: Client, blob: Blob): Promise<Source> {
  if (blob.size === 0) throw new RangeError('expected sound or a .npy file, got an empty file')
  const head = new Uint8Array(await blob.slice(0, HEAD).arrayBuffer())
  if (head[0] === 0x93 && text(head, 1, 5) === 'NUMPY') return await client.call('open', [blob, true])
  if (/^(RIFF|RF64|BW64)$/.test(text(head, 0, 4))) return await client.call('open', [blob, false])
  return await send(client, await decode(blob, rateOf(head) ?? 48000))
}

async function decode(blob: Blob, sampleRate: number): Promise<AudioBuffer> {
  const bytes = await blob.arrayBuffer()
  try {
    return await new OfflineAudioContext(1, 1, sampleRate).decodeAudioData(bytes)
  } catch {
    throw new RangeError('expected sound that this browser can decode (WAV, MP3, FLAC, Ogg ...) or a .npy file')
  }
}

/** A piece at a time: a whole channel of ten minutes would hold the page up. */
export async function send(client: Client, buffer: AudioBuffer): Promise<Source> {
  const { numberOfChannels, length, sampleRate } = buffer
  await client.call('begin', [numberOfChannels, length, sampleRate])
  for (let c = 0; c < numberOfChannels; c++) {
    for (let at = 0; at < length; at += PIECE) {
      const piece = new Float32Array(Math.min(PIECE, length - at))
      buffer.copyFromChannel(piece, c, at)
      await client.call('samples', [c, at, piece], [piece.buffer])
    }
  }
  return await client.call('end', [])
}

/**
 * The sample rate that a file says it has, so that the browser resamples nothing: FLAC (RFC 9639, 8.2), Vorbis and Opus in
 * Ogg, MPEG audio (ISO/IEC 11172-3, 2.4.2.3).
 */
function rateOf(head: Uint8Array): number | undefined {
  if (text(head, 0, 4) === 'fLaC') return checked((head[18]! << 12) | (head[19]! << 4) | (head[20]! >> 4))
  if (text(head, 0, 4) === 'OggS' && text(head, 29, 6) === 'vorbis')
    return checked(new DataView(head.buffer).getUint32(40, true))
  if (text(head, 0, 4) === 'OggS') return 48000
  let at = 0
  if (text(head, 0, 3) === 'ID3') at = 10 + head.subarray(6, 10).reduce((size, byte) => size * 128 + (byte & 127), 0)
  for (; at + 3 < head.length; at++) {
    if (head[at] !== 0xff || (head[at + 1]! & 0xe6) !== 0xe2) continue
    const version = (head[at + 1]! >> 3) & 3
    const rate = [44100, 48000, 32000][(head[at + 2]! >> 2) & 3]
    if (rate && version !== 1) return rate / (version === 3 ? 1 : version === 2 ? 2 : 4)
  }
  return undefined
}

/** Rates that every browser decodes to. */
function checked(rate: number): number | undefined {
  return rate >= 8000 && rate <= 96000 ? rate : undefined
}

function text(bytes: Uint8Array, from: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(from, from + length))
}
