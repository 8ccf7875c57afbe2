import type { BarkSpectrogramOptions } from '../../index.ts'
import { writeNpy } from '../../npy.ts'
import { optionsBeside, optionsText } from '../bark-file.ts'
import { BARK_FLAGS, flagOf, given, SOUND_FLAGS } from '../class-options.ts'
import type { Command, Context, Outcome } from '../command.ts'
import { aboutOption, inFile } from '../errors.ts'
import { nameOf, readInput, writeOutput } from '../files.ts'
import { checkOutputs, OUTPUT_FLAGS, outputOf, outputsOf, plotOf } from '../outputs.ts'
import { drawFigure } from '../picture.ts'
import { decodeSound } from '../sound.ts'

const FLAGS = [...SOUND_FLAGS, ...BARK_FLAGS]
const SUFFIX = 'bark'

async function run({ file, options, progress, signal, warn }: Context): Promise<Outcome> {
  const { BarkSpectrogram } = await import('../../index.ts')
  const name = nameOf(file)
  const output = outputOf(file, SUFFIX, options)
  const plot = plotOf(file, SUFFIX, options)
  try {
    const { waveform, sampleRate } = await decodeSound(name, await readInput(file), warn)
    const settings = { ...given(options, FLAGS), sampleRate } as BarkSpectrogramOptions
    const transform = new BarkSpectrogram({ ...settings, onWarning: (message) => warn(`${name}: ${message}`) })
    const bark = await transform.forward(waveform, { signal })
    const beside = optionsBeside(output)
    await writeOutput(output, writeNpy(bark))
    if (beside) await writeOutput(beside, optionsText(settings, waveform.shape.at(-1)!))
    if (plot) {
      progress.say(`${name}: drawing`)
      await writeOutput(plot, await drawFigure({ name, waveform, bark, settings, signal }, plot))
    }
    return {
      json: { output, options: beside, plot, sampleRate, shape: bark.shape },
      text: `${name} -> ${output}  ${bark.shape.join(' x ')}${beside ? `, options in ${beside}` : ''}`,
    }
  } catch (error) {
    throw inFile(name, error)
  }
}

export const bark: Command = {
  name: 'bark',
  description: 'Make Bark spectrograms of sounds (.npy), with their options beside them (.npy.json)',
  flags: [...OUTPUT_FLAGS, ...FLAGS.map((flag) => [flagOf(flag), flag.help] as const)],
  examples: [
    'unbark bark examples/speech.wav -o speech.npy --n-fft 1024',
    'unbark bark examples/speech.wav -o speech.npy --plot speech.png --n-fft 1024 --hop-length 128 --n-barks 40',
  ],
  outputs(file, options) {
    const [output, ...plot] = outputsOf(file, SUFFIX, options)
    return [output!, optionsBeside(output!), ...plot].filter((place) => place !== undefined)
  },
  async check(files, options) {
    checkOutputs(files, options, (file) => this.outputs(file, options))
    const { BarkSpectrogram } = await import('../../index.ts')
    try {
      new BarkSpectrogram({ ...given(options, FLAGS), sampleRate: 192000, onWarning() {} })
    } catch (error) {
      throw aboutOption(error)
    }
  },
  run,
}
