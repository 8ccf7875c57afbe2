/** What is inverted: the bands of a .npy file, or those of a sound. */
import type { BarkSpectrogramOptions, InverseBarkScaleOptions, Tensor } from '../index.ts'
import { readNpy } from '../npy.ts'
import { checkAgreement, type Made, readOptionsBeside } from './bark-file.ts'
import { BARK_FLAGS, given, SOUND_FLAGS } from './class-options.ts'
import type { Context } from './command.ts'
import { FileError, UsageError } from './errors.ts'
import { nameOf, readInput } from './files.ts'
import { decodeSound, isNpy } from './sound.ts'

export interface Input {
  bark: Tensor
  /** The sound that the bands are of, where there is one. */
  waveform?: Tensor
  settings: BarkSpectrogramOptions
  nStft: number
  /** Samples of the sound that the bands are of, where they are known, and the file that says so if it is another. */
  length?: number | undefined
  lengthFrom?: string | undefined
}

export interface SoundInput extends Input {
  waveform: Tensor
}

export async function readBark(context: Context): Promise<Input> {
  const bytes = await readInput(context.file)
  return isNpy(bytes) ? await bandsOfArray(context, bytes) : await bandsOfSound(context, bytes)
}

async function bandsOfArray({ file, options }: Context, bytes: Uint8Array): Promise<Input> {
  const name = nameOf(file)
  const bark = readNpy(bytes)
  const made = await readOptionsBeside(file)
  checkAgreement(made, options)
  const { length, ...written } = made.options
  const typed = given(options, [...SOUND_FLAGS, ...BARK_FLAGS]) as BarkSpectrogramOptions
  const { sampleRate = written.sampleRate ?? 16000 } = options as { sampleRate?: number }
  const settings = { nBarks: bark.shape.at(-2) || 128, ...written, ...typed, sampleRate }
  const nStft = checkBins(name, made, binsOf({ ...settings, nStft: options['nStft'] }), options)
  if (made.from !== undefined && bark.shape.length >= 2 && bark.shape.at(-2) !== settings.nBarks) {
    const both = `it has ${bark.shape.at(-2)} bands, and ${made.from} says nBarks ${settings.nBarks}`
    throw new FileError(name, `${both}; correct that file, or take it away`)
  }
  const own = options['length'] as number | undefined
  return { bark, settings, nStft, length: own ?? length ?? undefined, lengthFrom: own ? undefined : made.from }
}

function checkBins(
  name: string,
  { options: { nFft }, from }: Made,
  bins: number | undefined,
  { nStft, audio }: Record<string, unknown>,
): number {
  if (bins === undefined) {
    const task = audio === undefined ? '--n-stft or --n-fft is needed to invert' : '--n-fft is needed to make sound of'
    throw new UsageError(`${name}: ${task} a .npy file`)
  }
  const written = binsOf({ nFft })
  if (nStft !== undefined && written !== undefined && written !== nStft) {
    throw new UsageError(`--n-stft ${nStft} is given, and ${from} says nFft ${nFft}, which has ${written} bins`)
  }
  return bins
}

/** @throws FileError, UsageError */
export async function bandsOfSound({ file, options, signal, warn }: Context, bytes: Uint8Array): Promise<SoundInput> {
  const name = nameOf(file)
  if (options['nStft'] !== undefined)
    throw new UsageError(`${name}: --n-stft is for .npy files; give --n-fft with sound`)
  for (const [flag, option] of [
    ['--sample-rate', 'sampleRate'],
    ['--length', 'length'],
  ] as const) {
    if (options[option] === undefined) continue
    throw new UsageError(`${name}: ${flag} is for .npy files; a sound file has its own`)
  }
  const { BarkSpectrogram } = await import('../index.ts')
  const { waveform, sampleRate } = await decodeSound(name, bytes, warn)
  const settings = { ...given(options, [...SOUND_FLAGS, ...BARK_FLAGS]), sampleRate } as BarkSpectrogramOptions
  const bark = await new BarkSpectrogram({ ...settings, onWarning() {} }).forward(waveform, { signal })
  return { bark, waveform, settings, nStft: binsOf(options) ?? 201, length: waveform.shape.at(-1) }
}

/** Bins by `--n-stft` or `--n-fft`. */
export function binsOf({ nStft, nFft }: Record<string, unknown>): number | undefined {
  if (nStft !== undefined) return nStft as number
  return nFft === undefined ? undefined : Math.floor((nFft as number) / 2) + 1
}

/** The bank's options, for the classes that go one way or the other. */
export function bankOf({ settings, nStft }: Input): { nStft: number } & Partial<InverseBarkScaleOptions> {
  const { nBarks, sampleRate } = settings
  return { ...given({ ...settings }, BARK_FLAGS), nStft, nBarks, sampleRate }
}

/** The spectrogram of a sound, as the one that its bands were made from. */
export async function spectrogramOf(
  waveform: Tensor,
  settings: BarkSpectrogramOptions,
  signal: AbortSignal,
): Promise<Tensor> {
  const { Spectrogram } = await import('../index.ts')
  const sound = given({ ...settings }, SOUND_FLAGS)
  return await new Spectrogram({ ...sound, onWarning() {} }).forward(waveform, { signal })
}
