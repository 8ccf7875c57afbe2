/** What is inverted: the bands of a .npy file, or those of a sound. */
import type { BarkSpectrogramOptions, Tensor } from '../index.ts'
import { readNpy } from '../npy.ts'
import { BARK_FLAGS, given, SOUND_FLAGS } from './class-options.ts'
import type { Context } from './command.ts'
import { UsageError } from './errors.ts'
import { nameOf, readInput } from './files.ts'
import { decodeSound, isNpy } from './sound.ts'

export interface Input {
  bark: Tensor
  /** The sound that the bands are of, where there is one. */
  waveform?: Tensor
  settings: BarkSpectrogramOptions
  nStft: number
}

export async function readBark({ file, options, signal, warn }: Context): Promise<Input> {
  const name = nameOf(file)
  const bytes = await readInput(file)
  const settings = given(options, [...SOUND_FLAGS, ...BARK_FLAGS]) as BarkSpectrogramOptions
  if (isNpy(bytes)) {
    const bark = readNpy(bytes)
    const nStft = binsOf(options)
    if (nStft === undefined) throw new UsageError(`${name}: --n-stft or --n-fft is needed to invert a .npy file`)
    const { sampleRate = 16000 } = options as { sampleRate?: number }
    return { bark, settings: { nBarks: bark.shape.at(-2) || 128, ...settings, sampleRate }, nStft }
  }
  if (options['nStft'] !== undefined)
    throw new UsageError(`${name}: --n-stft is for .npy files; give --n-fft with sound`)
  if (options['sampleRate'] !== undefined) {
    throw new UsageError(`${name}: --sample-rate is for .npy files; a sound file has its own`)
  }
  const { BarkSpectrogram } = await import('../index.ts')
  const { waveform, sampleRate } = await decodeSound(name, bytes, warn)
  const sound = { ...settings, sampleRate }
  const bark = await new BarkSpectrogram({ ...sound, onWarning() {} }).forward(waveform, { signal })
  return { bark, waveform, settings: sound, nStft: binsOf(options) ?? 201 }
}

/** Bins by `--n-stft` or `--n-fft`. */
export function binsOf({ nStft, nFft }: Record<string, unknown>): number | undefined {
  if (nStft !== undefined) return nStft as number
  return nFft === undefined ? undefined : Math.floor((nFft as number) / 2) + 1
}

/** The spectrogram that the bands of a sound were made from. */
export async function originalOf(
  waveform: Tensor,
  settings: BarkSpectrogramOptions,
  signal: AbortSignal,
): Promise<Tensor> {
  const { Spectrogram } = await import('../index.ts')
  const sound = given({ ...settings }, SOUND_FLAGS)
  return await new Spectrogram({ ...sound, onWarning() {} }).forward(waveform, { signal })
}
