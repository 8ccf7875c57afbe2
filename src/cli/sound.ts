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
  if (!kind) return decodeWav(bytes, { onWarning })
  if (kind.kind === 'ogg' && text(bytes, 28, 8) === 'OpusHead') {
    throw new FileError(file, 'this is Opus; of ogg files those with Vorbis are read')
  }
  const decoder = await openDecoder(file, kind)
  try {
    const { channelData, samplesDecoded, sampleRate, errors } = await decoder(bytes)
    if (samplesDecoded === 0 || channelData.length === 0) {
      throw new FileError(file, `expected ${kind.kind} sound, got none${errors?.[0] ? ` (${errors[0].message})` : ''}`)
    }
    if (errors?.length) onWarning(`${file}: parts of it could not be decoded (${errors[0]!.message})`)
    const data = new Float32Array(channelData.length * samplesDecoded)
    for (const [i, samples] of channelData.entries()) data.set(samples.subarray(0, samplesDecoded), i * samplesDecoded)
    return { waveform: { data, shape: [channelData.length, samplesDecoded] }, sampleRate }
  } finally {
    decoder.free()
  }
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
