/** From bands to sound: where it goes, how it is made, and what is said of it. */
import path from 'node:path'
import { encodeWav } from '../audio/index.ts'
import type { InverseBarkSpectrogramOptions, Sound, SoundReport, Tensor } from '../index.ts'
import { size } from '../tensor.ts'
import { type Input, spectrogramOf } from './bark-input.ts'
import { soundedBy } from './caption.ts'
import { AUDIO_FLAGS, BARK_FLAGS, given, SOUND_FLAGS } from './class-options.ts'
import type { Context } from './command.ts'
import { FileError, UsageError } from './errors.ts'
import { nameOf, writeOutput } from './files.ts'
import { drawFigure } from './picture.ts'
import { describe, duration } from './progress.ts'
import { count, short } from './summary.ts'

/** Kinds of sound that are read, or that somebody may hope for, and are not written. */
const OTHERS = /\.(mp3|flac|ogg|oga|opus|m4a|aac|aiff?)$/i

/** @throws UsageError for a file that would not be what its name says */
export function checkSoundName(flag: string, file: unknown): void {
  if (OTHERS.test(String(file))) throw new UsageError(`${flag}: expected a file that ends in .wav, got ${file}`)
}

/** @throws TypeError or RangeError that names the option */
export async function checkSoundOptions(options: Record<string, unknown>): Promise<void> {
  const { InverseBarkSpectrogram } = await import('../index.ts')
  const { sampleRate = 192000 } = options as { sampleRate?: number }
  const all = given(options, [...SOUND_FLAGS, ...BARK_FLAGS, ...AUDIO_FLAGS])
  new InverseBarkSpectrogram({ ...all, length: options['length'] as number | undefined, sampleRate, onWarning() {} })
}

/** Makes sound of bands; of the right length, where that is known. */
export async function makeSound({ file, options, progress, signal, warn }: Context, input: Input): Promise<Sound> {
  const { InverseBarkSpectrogram } = await import('../index.ts')
  const name = nameOf(file)
  const { bark, settings, length, lengthFrom } = input
  const inverse = new InverseBarkSpectrogram({
    ...(given(options, AUDIO_FLAGS) as InverseBarkSpectrogramOptions),
    ...settings,
    length,
    onWarning: (message) => warn(`${name}: ${message}`),
  })
  try {
    return await inverse.solve(bark, {
      signal,
      onProgress: (told) => progress.say(`${describe(told)} - ${path.basename(name)}`),
    })
  } catch (error) {
    const { message } = error as Error
    throw lengthFrom && message.startsWith('length: ') ? new FileError(lengthFrom, message, error) : error
  } finally {
    inverse.dispose()
  }
}

/** Writes it as WAV: 32-bit float, which clips nothing. */
export async function writeSound(output: string, { data, shape }: Tensor, sampleRate: number): Promise<void> {
  await writeOutput(output, encodeWav({ waveform: { data, shape: channelsOf(shape) }, sampleRate }))
}

/** [channels, samples]: items of a batch are channels, but there is no telling of batches of several. */
function channelsOf(shape: number[]): number[] {
  const lead = shape.slice(0, -1)
  if (lead.filter((n) => n > 1).length > 1) {
    throw new RangeError(`bark.shape: expected [channels, bands, time] of sound, got batches of [${lead.join(', ')}]`)
  }
  return [size(lead), shape.at(-1)!]
}

/** Original where there is one, bands and result. */
export async function drawSound(plot: string, context: Context, input: Input, sound: Sound): Promise<void> {
  const { file, options, progress, signal } = context
  const { bark, waveform } = input
  const { nFft = 400, winLength } = input.settings
  const settings = { hopLength: Math.floor((winLength ?? nFft) / 2), ...input.settings }
  const name = nameOf(file)
  progress.say(`${name}: drawing`)
  const spectrogram = await spectrogramOf(sound.waveform, settings, signal)
  const said = soundedBy(sound.report, given(options, AUDIO_FLAGS))
  const results = [{ title: 'Result', spectrogram, said }]
  await writeOutput(plot, await drawFigure({ name, waveform, bark, results, settings, signal }, plot))
}

/** `3.3 s of sound in 120 ms (joint, 100 iterations, band convergence 0.0123)` */
export function soundSummary({ waveform, report }: Sound, sampleRate: number): string {
  const seconds = duration((1000 * waveform.shape.at(-1)!) / sampleRate)
  return `${seconds} of sound in ${duration(report.elapsedMs)} (${report.method}, ${count(report.iterations, 'iteration')}${bandsOf(report)})`
}

function bandsOf({ bandConvergence }: SoundReport): string {
  return bandConvergence === null ? '' : `, band convergence ${short(bandConvergence)}`
}
