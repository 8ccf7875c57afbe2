/**
 * Where a WAV file keeps its samples and what they are: the walk over its chunks.
 *
 * Sources: Microsoft/IBM, Multimedia Programming Interface and Data Specifications 1.0 (RIFF, WAVE, 1991);
 * Microsoft, WAVEFORMATEXTENSIBLE; EBU Tech 3306 (RF64) and ITU-R BS.2088 (BW64) for sizes beyond 4 GiB.
 */

import { latin1 } from '../bytes.ts'
import { looksLike } from '../looks-like.ts'
import { expected, type OnWarning } from '../options.ts'
import type { Reading } from './reading.ts'

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

/** Enough to say what a file is. */
const HEAD = 64

/** Chunks before the samples are a few; some thousands mean that somebody wants to be waited for. */
const MOST_CHUNKS = 10000

/**
 * Reads the layout of a file that is `total` bytes long: the headers of its chunks, and what is in those that matter.
 * Throws RangeError beginning with `name`; warns where the samples are cut.
 */
export function* readLayout(total: number, name: string, warn: OnWarning): Reading<WavLayout> {
  const head = yield [0, Math.min(total, HEAD)]
  if (!/^(RIFF|RF64|BW64).{4}WAVE/s.test(latin1(head))) {
    throw new RangeError(`${name}: expected a WAV file, got ${looksLike(head)}`)
  }
  let riff = viewOf(head).getUint32(4, true)
  let longData = UNKNOWN
  let format: WavFormat | undefined
  let data: { start: number; size: number } | undefined
  let at = 12
  for (let chunks = 0; !format || !data; chunks++) {
    const missing = format ? 'a data chunk' : 'a fmt chunk'
    const start = at + 8
    if (start > total) throw new RangeError(`${name}: expected ${missing}, got the end of the file`)
    if (chunks === MOST_CHUNKS) throw new RangeError(`${name}: expected ${missing}, got ${chunks} other chunks`)
    const header = yield [at, start]
    const id = latin1(header.subarray(0, 4))
    let size = viewOf(header).getUint32(4, true)
    if (!/^[ -~]{4}$/.test(id)) throw new RangeError(expected(name, `the name of a chunk at byte ${at}`, id))
    if (id === 'data') {
      if (size === UNKNOWN) size = longData
      data ??= { start, size }
    } else if (start + size > total) {
      throw new RangeError(expected(name, `${size} bytes in chunk ${JSON.stringify(id)}`, total - start))
    } else if (id === 'fmt ' || id === 'ds64') {
      const body = viewOf(yield [start, start + Math.min(size, 40)])
      if (id === 'fmt ') format ??= readFormat(body, name)
      else [riff, longData] = readLongSizes(body, name)
    }
    at = start + size + (size % 2) // chunks begin at even bytes
  }
  // an empty file and one that was piped both say 0; the first kind's RIFF size is right
  if (data.size === 0 && Math.abs(riff + 8 - total) > 1) data.size = UNKNOWN
  return { ...format, start: data.start, frames: wholeFrames(data, format, total, name, warn) }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
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
  if (chunk.byteLength < 28) throw tooShort(name, 'a ds64', 28, chunk)
  const uint64 = (at: number): number => chunk.getUint32(at, true) + chunk.getUint32(at + 4, true) * 2 ** 32
  return [uint64(0), uint64(8)]
}

function tooShort(name: string, which: string, least: number, chunk: DataView): RangeError {
  return new RangeError(expected(name, `${which} chunk of at least ${least} bytes`, chunk.byteLength))
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
  if (chunk.byteLength < 16) throw tooShort(name, 'a fmt', 16, chunk)
  let code = chunk.getUint16(0, true)
  const channels = chunk.getUint16(2, true)
  const sampleRate = chunk.getUint32(4, true)
  const blockAlign = chunk.getUint16(12, true)
  const bitsPerSample = chunk.getUint16(14, true)
  if (code === EXTENSIBLE) {
    if (chunk.byteLength < 40) throw tooShort(name, 'an extensible fmt', 40, chunk)
    const subtype = latin1(new Uint8Array(chunk.buffer, chunk.byteOffset + 26, 14))
    if (subtype !== SUBTYPE)
      throw new RangeError(`${name}: expected an extensible sub format of PCM or float, got an unknown one`)
    code = chunk.getUint16(24, true)
  }
  if (code !== PCM && code !== FLOAT) {
    const compression = `compression ${code} (${compressions[code] ?? 'unknown'})`
    throw new RangeError(`${name}: expected PCM or float samples, got ${compression}`)
  }
  if (channels === 0) throw new RangeError(expected(name, 'at least 1 channel', 0))
  if (sampleRate === 0) throw new RangeError(expected(name, 'a sample rate of at least 1 Hz', 0))
  const [kind, widths] = code === PCM ? ['PCM', [8, 16, 24, 32]] : ['float', [32, 64]]
  if (!widths.includes(bitsPerSample)) {
    throw new RangeError(expected(name, `${widths.join(', ')} bits a ${kind} sample`, bitsPerSample))
  }
  const frame = (channels * bitsPerSample) / 8
  if (blockAlign !== frame) {
    const what = `${frame} bytes a frame of ${channels} x ${bitsPerSample} bits`
    throw new RangeError(expected(name, what, blockAlign))
  }
  return { channels, sampleRate, bitsPerSample, encoding: code === PCM ? 'pcm' : 'float', blockAlign }
}
