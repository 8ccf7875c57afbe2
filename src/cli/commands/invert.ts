import path from 'node:path'
import type { InverseBarkScaleOptions } from '../../index.ts'
import { writeNpy } from '../../npy.ts'
import { size } from '../../tensor.ts'
import { checkAudio, invertToSound, outputsOfSound } from '../bands-to-sound.ts'
import { bankOf, binsOf, readBark } from '../bark-input.ts'
import { solvedBy } from '../caption.ts'
import { AUDIO_FLAGS, BARK_FLAGS, flagOf, given, INVERSE_FLAGS, SOUND_FLAGS } from '../class-options.ts'
import type { Command, Context, Outcome } from '../command.ts'
import { checkComparison, compare, outputsOfComparison } from '../comparison.ts'
import { aboutOption, inFile } from '../errors.ts'
import { nameOf, writeOutput } from '../files.ts'
import { checkOutputs, OUTPUT_FLAGS, outputOf, outputsOf, plotOf } from '../outputs.ts'
import { drawFigure } from '../picture.ts'
import { describe } from '../progress.ts'
import { SOLVERS } from '../solve-all.ts'
import { checkSoundOptions } from '../sounding.ts'
import { summary, unsolvedWarning } from '../summary.ts'

const SOLVER_FLAGS = [...BARK_FLAGS, ...INVERSE_FLAGS]
/** Those of sound that have not been said. */
const SOUND_ALONE = AUDIO_FLAGS.filter(({ name }) => INVERSE_FLAGS.every((flag) => flag.name !== name))
const SUFFIX = 'spec'

function isComparison({ compare }: Record<string, unknown>): boolean {
  return compare === true
}

function isSound({ audio }: Record<string, unknown>): boolean {
  return audio !== undefined
}

async function run(context: Context): Promise<Outcome> {
  if (isComparison(context.options)) return await compare(context)
  if (isSound(context.options)) return await invertToSound(context)
  const { file, options, progress, signal, warn } = context
  const name = nameOf(file)
  const output = outputOf(file, SUFFIX, options)
  const plot = plotOf(file, SUFFIX, options)
  try {
    progress.say(`${name}: reading`)
    const { InverseBarkScale } = await import('../../index.ts')
    const input = await readBark(context)
    const { bark, waveform, settings, nStft } = input
    const inverse = new InverseBarkScale({
      ...(given(options, INVERSE_FLAGS) as Partial<InverseBarkScaleOptions>),
      ...bankOf(input),
      onWarning: (message) => warn(`${name}: ${message}`),
    })
    const { spectrogram, report } = await inverse.solve(bark, {
      signal,
      onProgress: (told) => progress.say(`${describe(told)} - ${path.basename(name)}`),
    })
    const frames = size(spectrogram.shape) / nStft
    const warning = unsolvedWarning(report, frames)
    if (warning) warn(`${name}: ${warning}`)
    await writeOutput(output, writeNpy(spectrogram))
    if (plot) {
      progress.say(`${name}: drawing`)
      const results = [{ title: 'Inverted', spectrogram, said: solvedBy(report, given(options, INVERSE_FLAGS)) }]
      await writeOutput(plot, await drawFigure({ name, waveform, bark, results, settings, signal }, plot))
    }
    return {
      json: { output, plot, sampleRate: settings.sampleRate, shape: spectrogram.shape, report },
      text: `${name} -> ${output}  ${spectrogram.shape.join(' x ')}, ${summary(report, frames)}`,
    }
  } catch (error) {
    throw inFile(name, error)
  }
}

export const invert: Command = {
  name: 'invert',
  description: 'Turn Bark spectrograms (.npy), or sounds by way of them, into linear-frequency ones or sound',
  flags: [
    ...OUTPUT_FLAGS,
    ['--compare', 'a table of all solvers; --out-dir keeps their spectrograms, --plot draws them'],
    ['--audio <file>', 'sound in place of a spectrogram, .wav or -; with several inputs wav alone'],
    ['--n-stft <count>', 'bins of the result, of a .npy file without .npy.json; or --n-fft'],
    ['--sample-rate <Hz>', 'of a .npy file (what .npy.json says, or 16000); a sound file has its own'],
    ['--length <count>', 'with --audio: samples of the result (what .npy.json says, or the fewest)'],
    ...[...SOLVER_FLAGS, ...SOUND_FLAGS].map((flag) => [flagOf(flag), flag.help] as const),
    ...SOUND_ALONE.map((flag) => [flagOf(flag), `with --audio: ${flag.help}`] as const),
  ],
  examples: [
    'unbark invert examples/speech.wav -o speech.spec.npy --n-fft 1024',
    'unbark invert examples/speech.wav -o speech.spec.npy --n-fft 1024 --plot speech.png',
    'unbark invert examples/speech.wav -o speech.spec.npy --n-fft 1024 --solver maxent',
    'unbark invert examples/speech.wav --compare --n-fft 1024 --max-iter 5000 --plot compared.png',
    'unbark bark examples/speech.wav -o - --n-fft 1024 | unbark invert - -o speech.spec.npy --n-fft 1024 --max-iter 500',
    'unbark bark examples/speech.wav -o bands.npy --n-fft 1024 && unbark invert bands.npy --audio bands.wav',
    'unbark invert examples/speech.wav --audio speech.out.wav --n-fft 1024 --hop-length 256',
    'unbark invert examples/*.wav --out-dir spectrograms --jobs 2 --n-fft 1024 --max-iter 500',
  ],
  isAnswer: isComparison,
  outputs(file, options) {
    if (isSound(options)) return outputsOfSound(file, options)
    return isComparison(options) ? outputsOfComparison(file, options) : outputsOf(file, SUFFIX, options)
  },
  async check(files, options) {
    checkAudio(files, options)
    if (isComparison(options)) checkComparison(files, options)
    checkOutputs(files, options, (file) => this.outputs(file, options))
    const { BarkSpectrogram, InverseBarkScale } = await import('../../index.ts')
    try {
      if (isSound(options)) return await checkSoundOptions(options)
      const sampleRate = (options['sampleRate'] as number | undefined) ?? 192000
      const nStft = binsOf(options) ?? 201
      new BarkSpectrogram({ ...given(options, [...SOUND_FLAGS, ...BARK_FLAGS]), sampleRate, onWarning() {} })
      const solvers = isComparison(options) ? SOLVERS.map((solver) => ({ solver })) : [{}]
      for (const solver of solvers) {
        new InverseBarkScale({ ...given(options, SOLVER_FLAGS), ...solver, nStft, sampleRate, onWarning() {} })
      }
    } catch (error) {
      throw aboutOption(error)
    }
  },
  run,
}
