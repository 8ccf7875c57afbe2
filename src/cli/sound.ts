/** What a file is by its first bytes, and sound of any kind: WAV by unbark itself, the rest by optional decoders. */
import { type Clip, decodeWav } from '../audio/index.ts'
import { FileError } from './errors.ts'

interface Decoded {
  channelData: Float32Array[]
  samplesDecoded: number
  sampleRate: number
  errors?: { message: string }[]
}

interface Decoder {
  ready: Promise<unknown>
  decode?(bytes: Uint8Array): Decoded
  decodeFile?(bytes: Uint8Array): Promise<Decoded>
  free(): void
}

/** Kinds of sound by their first bytes, the package that reads each, and what it exports. */
const KINDS = [
  {
    kind: 'mp3',
    matches: (b: Uint8Array): boolean => text(b, 0, 3) === 'ID3' || (b[0] === 0xff && (b[1]! & 0xe6) === 0xe2),
    package: 'mpg123-decoder',
    name: 'MPEGDecoder',
  },
  {
    kind: 'flac',
    matches: (b: Uint8Array): boolean => text(b, 0, 4) === 'fLaC',
    package: '@wasm-audio-decoders/flac',
    name: 'FLACDecoder',
  },
  {
    kind: 'ogg',
    matches: (b: Uint8Array): boolean => text(b, 0, 4) === 'OggS',
    package: '@wasm-audio-decoders/ogg-vorbis',
    name: 'OggVorbisDecoder',
  },
] as const

/** Whether these are the bytes of a .npy file. */
export function isNpy(bytes: Uint8Array): boolean {
  return bytes[0] === 0x93 && text(bytes, 1, 5) === 'NUMPY'
}

/** `'wav'`, `'mp3'`, `'flac'` or `'ogg'` by the first bytes; undefined for what is no sound that is known. */
export function kindOfSound(bytes: Uint8Array): string | undefined {
  if (/^(RIFF|RF64|BW64)$/.test(text(bytes, 0, 4))) return 'wav'
  return KINDS.find(({ matches }) => bytes.length > 4 && matches(bytes))?.kind
}

/**
 * Decodes the sound of a file.
 * @throws FileError that names the package to install where there is no decoder
 */
export async function decodeSound(
  file: string,
  bytes: Uint8Array,
  onWarning: (message: string) => void,
): Promise<Clip> {
  const kind = KINDS.find(({ matches }) => bytes.length > 4 && matches(bytes))
  if (!kind) return decodeWav(bytes, { onWarning: (message) => onWarning(`${file}: ${message}`) })
  if (kind.kind === 'ogg' && text(bytes, 28, 8) === 'OpusHead') {
    throw new FileError(file, 'this is Opus; of ogg files those with Vorbis are read')
  }
  const decoder = await openDecoder(file, kind)
  try {
    const { channelData, samplesDecoded, sampleRate, errors } = await silently(() => decoder(bytes))
    if (samplesDecoded === 0 || channelData.length === 0)
      throw new FileError(file, `expected ${kind.kind} sound, got none`)
    const promised = kind.kind === 'flac' ? samplesOfFlac(bytes) : 0
    if (errors?.length || samplesDecoded < promised) {
      const of = promised > 0 ? ` of ${promised}` : ''
      onWarning(`${file}: it is damaged or cut short; ${samplesDecoded}${of} samples could be decoded`)
    }
    // the decoder of mp3 gives two equal channels for one
    const channels = kind.kind === 'mp3' && isMonoMp3(bytes) ? channelData.slice(0, 1) : channelData
    const data = new Float32Array(channels.length * samplesDecoded)
    for (const [i, samples] of channels.entries()) data.set(samples.subarray(0, samplesDecoded), i * samplesDecoded)
    return { waveform: { data, shape: [channels.length, samplesDecoded] }, sampleRate }
  } catch (error) {
    if (error instanceof FileError) throw error
    throw new FileError(file, `expected ${kind.kind} sound, got something that cannot be decoded`, error)
  } finally {
    decoder.free()
  }
}

/** Without what decoders print of damaged files, line by line. */
async function silently<T>(work: () => T | Promise<T>): Promise<T> {
  const { error, warn } = console
  console.error = console.warn = () => {}
  try {
    return await work()
  } finally {
    Object.assign(console, { error, warn })
  }
}

/** Samples that the STREAMINFO block promises (RFC 9639, section 8.2); 0 where they are not known. */
function samplesOfFlac(bytes: Uint8Array): number {
  if (bytes.length < 26) return 0
  return (bytes[21]! & 15) * 2 ** 32 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(22)
}

/** Whether the first frame says that there is one channel (ISO/IEC 11172-3, 2.4.2.3). */
function isMonoMp3(bytes: Uint8Array): boolean {
  let at = 0
  if (text(bytes, 0, 3) === 'ID3') at = 10 + bytes.subarray(6, 10).reduce((size, byte) => size * 128 + (byte & 127), 0)
  while (at + 4 <= bytes.length && !(bytes[at] === 0xff && (bytes[at + 1]! & 0xe6) === 0xe2)) at++
  return at + 4 <= bytes.length && bytes[at + 3]! >> 6 === 3
}

type Decode = ((bytes: Uint8Array) => Decoded | Promise<Decoded>) & { free(): void }

async function openDecoder(
  file: string,
  { kind, package: name, name: className }: (typeof KINDS)[number],
): Promise<Decode> {
  let found: Record<string, new () => Decoder>
  try {
    found = await import(name)
  } catch (error) {
    throw new FileError(
      file,
      `${kind} files are read by the package ${name}; install it with npm install ${name}`,
      error,
    )
  }
  const decoder = new found[className]!()
  await decoder.ready
  const decode = (bytes: Uint8Array) => (decoder.decodeFile ? decoder.decodeFile(bytes) : decoder.decode!(bytes))
  return Object.assign(decode, { free: () => decoder.free() })
}

function text(bytes: Uint8Array, from: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(from, from + length))
}
