/** Audio from a file, a URL, a Blob or bytes, as torchaudio.load reads it. */
import { readSource } from './reading.ts'
import { openSource } from './source.ts'
import { type Clip, type LoadOptions, readClip, readWanted } from './wav.ts'

/**
 * Loads a WAV file (see `decodeWav` for the kinds) with the meaning of torchaudio.load.
 *
 * `source` is a path (Node, Deno, Bun), a URL as string or object (http, https, data, blob, file), a Blob or File, or
 * the bytes. Of files and Blobs little more than the header and the frames that are wanted is read, piece by piece. The
 * event loop gets its turns meanwhile; leave the bytes unchanged until it is done.
 *
 * The waveform is float32 in every case. With `normalize: true` integer samples of b bits are divided by 2^(b-1), after
 * 128 is taken from 8-bit ones, and so lie in [-1, 1); the highest 32-bit ones round to 1. With `normalize: false` they
 * keep the numbers that the file stores: 0 to 255 for 8 bits, else -2^(b-1) to 2^(b-1) - 1. There torchaudio returns
 * uint8, int16 and int32 tensors, and 24-bit samples as int32 over the whole range of int32, that is times 256; here
 * they are not shifted, and 32-bit ones are rounded to float32's 24 bits. Float samples are never scaled nor clipped,
 * and those of 64 bits are rounded to float32; NaN and infinite ones come as they are.
 *
 * @returns `{ waveform, sampleRate }`: [channels, time] (or [time, channels]), and Hz
 * @throws TypeError or RangeError naming the option that is outside its domain
 * @throws RangeError that begins with the file's name (`wav` for a Blob or bytes) for what is no such WAV file, and for
 *   more samples than fit into memory
 * @throws Error that begins with the file's name where it cannot be read
 */
export async function load(
  source: string | URL | Blob | ArrayBuffer | Uint8Array,
  options: LoadOptions = {},
): Promise<Clip> {
  const wanted = readWanted('load', options)
  const file = await openSource(source)
  try {
    return await readSource(file, readClip(file.size, file.name, wanted))
  } finally {
    await file.close()
  }
}
