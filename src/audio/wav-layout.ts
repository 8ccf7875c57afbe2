/**
 * Where a WAV file keeps its samples and what they are: the walk over its chunks.
 *
 * Sources: Microsoft/IBM, Multimedia Programming Interface and Data Specifications 1.0 (RIFF, WAVE, 1991);
 * Microsoft, WAVEFORMATEXTENSIBLE; EBU Tech 3306 (RF64) and ITU-R BS.2088 (BW64) for sizes beyond 4 GiB.
 */

import { latin1, looksLike } from '../bytes.ts'
import type { OnWarning } from '../options.ts'

export interface WavFormat {
  channels: number
  /** Hz */
  sampleRate: number
  bitsPerSample: number
  encoding: 'pcm' | 'float'
  /** Bytes of a frame, that is of one sample in every channel. */
  blockAlign: number
}

export interface WavLayout extends WavFormat {
  /** The byte where the first frame begins. */
  start: number
  /** Whole frames that are there. */
  frames: number
}

/** What a writer leaves in a size that it never came back to, or that is too large for 32 bits (RF64). */
const UNKNOWN = 0xffffffff

/**
 * Reads the layout from the first bytes of a file that is `total` bytes long. Returns undefined where more than the
 * `head` is needed. Nothing is allocated. Throws RangeError beginning with `name`; warns where the samples are cut.
 */
export function readLayout(head: Uint8Array, total: number, name: string, warn: OnWarning): WavLayout | undefined {
  const form = latin1(head.subarray(0, 4))
  if (total < 12 || !/^(RIFF|RF64|BW64)$/.test(form) || latin1(head.subarray(8, 12)) !== 'WAVE') {
    throw new RangeError(`${name}: expected a WAV file, got ${looksLike(head)}`)
  }
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  let riff = view.getUint32(4, true)
  let longData = UNKNOWN
  let format: WavFormat | undefined
  let data: { start: number; size: number } | undefined
  for (let at = 12; !format || !data; ) {
    const start = at + 8
    if (start > total) throw fail(name, `a ${format ? 'data' : 'fmt'} chunk, got the end of the file`)
    if (start > head.length) return undefined
    const id = latin1(head.subarray(at, at + 4))
    const size = view.getUint32(at + 4, true)
    if (!/^[ -~]{4}$/.test(id)) throw fail(name, `the name of a chunk at byte ${at}, got ${JSON.stringify(id)}`)
    if (id === 'data') {
      data ??= { start, size: size === UNKNOWN ? longData : size }
    } else if (start + size > total) {
      throw fail(name, `${size} bytes in chunk ${JSON.stringify(id)}, got ${total - start}`)
    } else if (id === 'fmt ' || id === 'ds64') {
      const used = Math.min(size, 40)
      if (start + used > head.length) return undefined
      const chunk = new DataView(view.buffer, view.byteOffset + start, used)
      if (id === 'fmt ') format ??= readFormat(chunk, name)
      else [riff, longData] = readLongSizes(chunk, name)
    }
    at = start + size + (size & 1) // chunks begin at even bytes
  }
  // an empty file and one that was piped both say 0; the first kind's RIFF size is right
  if (data.size === 0 && Math.abs(riff + 8 - total) > 1) data.size = UNKNOWN
  return { ...format, start: data.start, frames: wholeFrames(data, format, total, name, warn) }
}

function fail(name: string, what: string): RangeError {
  return new RangeError(`${name}: expected ${what}`)
}

/** Frames of the data chunk as far as they are there; a streamed one goes to the end of the file. */
function wholeFrames(
  data: { start: number; size: number },
  { blockAlign }: WavFormat,
  total: number,
  name: string,
  warn: OnWarning,
): number {
  const there = total - data.start
  const bytes = data.size === UNKNOWN ? there : Math.min(data.size, there)
  const frames = Math.floor(bytes / blockAlign)
  if (data.size !== UNKNOWN && data.size > there) {
    warn(`${name}: the data chunk promises ${data.size} bytes, the file holds ${there}; ${frames} frames are read`)
  } else if (bytes % blockAlign !== 0) {
    warn(`${name}: the last ${bytes % blockAlign} bytes are no whole frame of ${blockAlign} bytes and are left out`)
  }
  return frames
}

/** The RIFF size and the data size of a ds64 chunk. Beyond 2^53 any file ends, so rounding does not matter. */
function readLongSizes(chunk: DataView, name: string): [riff: number, data: number] {
  if (chunk.byteLength < 28) throw fail(name, `a ds64 chunk of at least 28 bytes, got ${chunk.byteLength}`)
  const uint64 = (at: number): number => chunk.getUint32(at, true) + chunk.getUint32(at + 4, true) * 2 ** 32
  return [uint64(0), uint64(8)]
}

const PCM = 1
const FLOAT = 3
const EXTENSIBLE = 0xfffe

const compressions: Record<number, string> = {
  2: 'Microsoft ADPCM',
  6: 'A-law',
  7: 'mu-law',
  17: 'IMA ADPCM',
  49: 'GSM 6.10',
  80: 'MPEG layer 1 or 2',
  85: 'MP3',
  255: 'AAC',
  353: 'Windows Media Audio',
  61868: 'FLAC',
}

/** KSDATAFORMAT_SUBTYPE_*: the code, then these fourteen bytes. */
const SUBTYPE = '\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71'

function readFormat(chunk: DataView, name: string): WavFormat {
  if (chunk.byteLength < 16) throw fail(name, `a fmt chunk of at least 16 bytes, got ${chunk.byteLength}`)
  let code = chunk.getUint16(0, true)
  const channels = chunk.getUint16(2, true)
  const sampleRate = chunk.getUint32(4, true)
  const blockAlign = chunk.getUint16(12, true)
  const bitsPerSample = chunk.getUint16(14, true)
  if (code === EXTENSIBLE) {
    if (chunk.byteLength < 40) throw fail(name, `an extensible fmt chunk of at least 40 bytes, got ${chunk.byteLength}`)
    const subtype = latin1(new Uint8Array(chunk.buffer, chunk.byteOffset + 26, 14))
    if (subtype !== SUBTYPE) throw fail(name, 'an extensible sub format of PCM or float, got an unknown one')
    code = chunk.getUint16(24, true)
  }
  if (code !== PCM && code !== FLOAT) {
    throw fail(name, `PCM or float samples, got compression ${code} (${compressions[code] ?? 'unknown'})`)
  }
  if (channels === 0) throw fail(name, 'at least 1 channel, got 0')
  if (sampleRate === 0) throw fail(name, 'a sample rate of at least 1 Hz, got 0')
  const [kind, widths] = code === PCM ? ['PCM', [8, 16, 24, 32]] : ['float', [32, 64]]
  if (!widths.includes(bitsPerSample)) {
    throw fail(name, `${widths.join(', ')} bits a ${kind} sample, got ${bitsPerSample}`)
  }
  const frame = (channels * bitsPerSample) / 8
  if (blockAlign !== frame) {
    throw fail(name, `${frame} bytes a frame of ${channels} x ${bitsPerSample} bits, got ${blockAlign}`)
  }
  return { channels, sampleRate, bitsPerSample, encoding: code === PCM ? 'pcm' : 'float', blockAlign }
}
