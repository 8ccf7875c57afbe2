import path from 'node:path'
import type { InverseBarkScaleOptions } from '../../index.ts'
import { writeNpy } from '../../npy.ts'
import { size } from '../../tensor.ts'
import { binsOf, readBark } from '../bark-input.ts'
import { BARK_FLAGS, flagOf, given, INVERSE_FLAGS, SOUND_FLAGS } from '../class-options.ts'
import type { Command, Context, Outcome } from '../command.ts'
import { checkComparison, compare, outputsOfComparison } from '../comparison.ts'
import { aboutOption, inFile } from '../errors.ts'
import { nameOf, writeOutput } from '../files.ts'
import { checkOutputs, OUTPUT_FLAGS, outputOf, outputsOf, plotOf } from '../outputs.ts'
import { drawFigure } from '../picture.ts'
import { describe } from '../progress.ts'
import { SOLVERS } from '../solve-all.ts'
import { summary, unsolvedWarning } from '../summary.ts'

const SOLVER_FLAGS = [...BARK_FLAGS, ...INVERSE_FLAGS]
const SUFFIX = 'spec'

function isComparison({ compare }: Record<string, unknown>): boolean {
  return compare === true
}

async function run(context: Context): Promise<Outcome> {
  if (isComparison(context.options)) return await compare(context)
  const { file, options, progress, signal, warn } = context
  const name = nameOf(file)
  const output = outputOf(file, SUFFIX, options)
  const plot = plotOf(file, SUFFIX, options)
  try {
    progress.say(`${name}: reading`)
    const { InverseBarkScale } = await import('../../index.ts')
    const { bark, waveform, settings, nStft } = await readBark(context)
    const { nBarks, sampleRate } = settings
    const inverse = new InverseBarkScale({
      ...(given(options, SOLVER_FLAGS) as Partial<InverseBarkScaleOptions>),
      nStft,
      nBarks,
      sampleRate,
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
      const results = [{ title: 'Inverted', spectrogram, report }]
      const solver = given(options, INVERSE_FLAGS)
      const found = { name, waveform, bark, results, settings, solver, signal }
      await writeOutput(plot, await drawFigure(found, plot))
    }
    return {
      json: { output, plot, sampleRate, shape: spectrogram.shape, report },
      text: `${name} -> ${output}  ${spectrogram.shape.join(' x ')}, ${summary(report, frames)}`,
    }
  } catch (error) {
    throw inFile(name, error)
  }
}

export const invert: Command = {
  name: 'invert',
  description: 'Turn Bark spectrograms (.npy), or sounds by way of them, into linear-frequency spectrograms',
  flags: [
    ...OUTPUT_FLAGS,
    ['--compare', 'a table of all solvers; --out-dir keeps their spectrograms, --plot draws them'],
    ['--n-stft <count>', 'bins of the result, of a .npy file; or --n-fft'],
    ['--sample-rate <Hz>', 'of a .npy file (16000); a sound file has its own'],
    ...[...SOLVER_FLAGS, ...SOUND_FLAGS].map((flag) => [flagOf(flag), flag.help] as const),
  ],
  examples: [
    'unbark invert examples/speech.wav -o speech.spec.npy --n-fft 1024',
    'unbark invert examples/speech.wav -o speech.spec.npy --n-fft 1024 --plot speech.png',
    'unbark invert examples/speech.wav -o speech.spec.npy --n-fft 1024 --solver maxent',
    'unbark invert examples/speech.wav --compare --n-fft 1024 --max-iter 5000 --plot compared.png',
    'unbark bark examples/speech.wav -o - --n-fft 1024 | unbark invert - -o speech.spec.npy --n-fft 1024 --max-iter 500',
    'unbark invert examples/*.wav --out-dir spectrograms --jobs 2 --n-fft 1024 --max-iter 500',
  ],
  isAnswer: isComparison,
  outputs: (file, options) =>
    isComparison(options) ? outputsOfComparison(file, options) : outputsOf(file, SUFFIX, options),
  async check(files, options) {
    if (isComparison(options)) checkComparison(files, options)
    checkOutputs(files, options, (file) => this.outputs(file, options))
    const { BarkSpectrogram, InverseBarkScale } = await import('../../index.ts')
    try {
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
