/** `invert --audio`: sound of bands, in place of their spectrogram. */
import { readBark } from './bark-input.ts'
import { INVERSE_FLAGS } from './class-options.ts'
import type { Context, Outcome } from './command.ts'
import { inFile, kebab, UsageError } from './errors.ts'
import { nameOf } from './files.ts'
import { placed, plotOf } from './outputs.ts'
import { checkSoundName, drawSound, makeSound, soundSummary, writeSound } from './sounding.ts'

const SUFFIX = 'sound'
/** Options of a spectrogram's solver that sound has no use for, and the other way round. */
const OF_SOLVER = INVERSE_FLAGS.map(({ name }) => name.split('.')[0]!).filter(
  (name) => !['solver', 'seed', 'device', 'threads'].includes(name),
)
const OF_SOUND = ['method', 'iterations', 'phase', 'pitch', 'bandTolerance', 'length']

/** Where the sound of an input goes. */
function soundOf(file: string, options: Record<string, unknown>): string {
  const audio = String(options['audio'])
  return audio === 'wav' ? placed(file, `${SUFFIX}.wav`, options) : audio
}

export function outputsOfSound(file: string, options: Record<string, unknown>): string[] {
  return [soundOf(file, options), plotOf(file, SUFFIX, options)].filter((output) => output !== undefined)
}

/** @throws UsageError for options that need `--audio`, or have no place beside it */
export function checkAudio(files: string[], options: Record<string, unknown>): void {
  const { audio, compare, output, outDir } = options
  const has = (name: string): boolean => options[name] !== undefined
  if (audio === undefined) {
    const alone = OF_SOUND.find(has)
    if (alone) throw new UsageError(`--${alone === 'pitch' ? 'no-' : ''}${kebab(alone)}: expected --audio with it`)
    return
  }
  if (compare) throw new UsageError('--compare and --audio: expected one of the two')
  if (output !== undefined) throw new UsageError('--output: with --audio the result is sound, and goes where that says')
  const useless = OF_SOLVER.find(has)
  if (useless) throw new UsageError(`--${kebab(useless)}: sound has no use for it; leave it or --audio out`)
  if (has('nStft')) throw new UsageError('--n-stft: expected --n-fft with --audio')
  checkSoundName('--audio', audio)
  if (audio !== 'wav' && (files.length > 1 || outDir !== undefined)) {
    throw new UsageError(`--audio: expected wav alone with ${outDir === undefined ? 'several inputs' : '--out-dir'}`)
  }
}

export async function invertToSound(context: Context): Promise<Outcome> {
  const { file, options, progress } = context
  const name = nameOf(file)
  const output = soundOf(file, options)
  const plot = plotOf(file, SUFFIX, options)
  try {
    progress.say(`${name}: reading`)
    const input = await readBark(context)
    const { sampleRate = 16000 } = input.settings
    const sound = await makeSound(context, input)
    await writeSound(output, sound.waveform, sampleRate)
    if (plot) await drawSound(plot, context, input, sound)
    const { waveform, report } = sound
    return {
      json: { output, plot, sampleRate, shape: waveform.shape, report },
      text: `${name} -> ${output}  ${soundSummary(sound, sampleRate)}`,
    }
  } catch (error) {
    throw inFile(name, error)
  }
}
