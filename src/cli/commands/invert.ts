import path from 'node:path'
import type { BarkSpectrogramOptions, InverseBarkScaleOptions, Report, Tensor } from '../../index.ts'
import { readNpy, writeNpy } from '../../npy.ts'
import { BARK_FLAGS, flagOf, given, INVERSE_FLAGS, SOUND_FLAGS } from '../class-options.ts'
import type { Command, Context, Outcome } from '../command.ts'
import { aboutOption, inFile, UsageError } from '../errors.ts'
import { nameOf, readInput, writeOutput } from '../files.ts'
import { checkOutputs, OUTPUT_FLAGS, outputOf, outputsOf, plotOf } from '../outputs.ts'
import { drawFigure } from '../picture.ts'
import { describe, duration } from '../progress.ts'
import { decodeSound, isNpy } from '../sound.ts'

const SOLVER_FLAGS = [...BARK_FLAGS, ...INVERSE_FLAGS]
const SUFFIX = 'spec'

/** What is inverted, and the sound it comes from where there is one. */
interface Input {
  bark: Tensor
  waveform?: Tensor
  settings: BarkSpectrogramOptions
  nStft: number
}

async function readBark({ file, options, signal, warn }: Context): Promise<Input> {
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
  const { BarkSpectrogram } = await import('../../index.ts')
  const { waveform, sampleRate } = await decodeSound(name, bytes, warn)
  const sound = { ...settings, sampleRate }
  const bark = await new BarkSpectrogram({ ...sound, onWarning() {} }).forward(waveform, { signal })
  return { bark, waveform, settings: sound, nStft: binsOf(options) ?? 201 }
}

/** Bins by `--n-stft` or `--n-fft`. */
function binsOf({ nStft, nFft }: Record<string, unknown>): number | undefined {
  if (nStft !== undefined) return nStft as number
  return nFft === undefined ? undefined : Math.floor((nFft as number) / 2) + 1
}

async function run(context: Context): Promise<Outcome> {
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
    await writeOutput(output, writeNpy(spectrogram))
    if (plot) {
      progress.say(`${name}: drawing`)
      const found = {
        name,
        waveform,
        bark,
        spectrogram,
        settings,
        solver: given(options, INVERSE_FLAGS),
        report,
        signal,
      }
      await writeOutput(plot, await drawFigure(found, plot))
    }
    return {
      json: { output, plot, sampleRate, shape: spectrogram.shape, report },
      text: `${name} -> ${output}  ${spectrogram.shape.join(' x ')}, ${summary(report)}`,
    }
  } catch (error) {
    throw inFile(name, error)
  }
}

function summary({ device, backend, iterations, loss, stopReason, elapsedMs }: Report): string {
  const lossText = loss === null ? '' : `, loss ${loss.toPrecision(3)}`
  return `${iterations} iterations in ${duration(elapsedMs)}${device === 'gpu' ? ` by ${backend}` : ''} (${stopReason}${lossText})`
}

export const invert: Command = {
  name: 'invert',
  description: 'Turn Bark spectrograms (.npy), or sounds by way of them, into linear-frequency spectrograms',
  flags: [
    ...OUTPUT_FLAGS,
    ['--n-stft <count>', 'bins of the result, of a .npy file; or --n-fft'],
    ['--sample-rate <Hz>', 'of a .npy file (16000); a sound file has its own'],
    ...[...SOLVER_FLAGS, ...SOUND_FLAGS].map((flag) => [flagOf(flag), flag.help] as const),
  ],
  examples: [
    'unbark invert examples/speech.wav -o speech.spec.npy --n-fft 1024',
    'unbark invert examples/speech.wav -o speech.spec.npy --n-fft 1024 --plot speech.png',
    'unbark bark examples/speech.wav -o - --n-fft 1024 | unbark invert - -o speech.spec.npy --n-fft 1024 --max-iter 500',
    'unbark invert examples/*.wav --out-dir spectrograms --jobs 2 --n-fft 1024 --max-iter 500',
  ],
  outputs: (file, options) => outputsOf(file, SUFFIX, options),
  async check(files, options) {
    checkOutputs(files, options, (file) => this.outputs(file, options))
    const { BarkSpectrogram, InverseBarkScale } = await import('../../index.ts')
    try {
      const sampleRate = (options['sampleRate'] as number | undefined) ?? 192000
      const nStft = binsOf(options) ?? 201
      new BarkSpectrogram({ ...given(options, [...SOUND_FLAGS, ...BARK_FLAGS]), sampleRate, onWarning() {} })
      new InverseBarkScale({ ...given(options, SOLVER_FLAGS), nStft, sampleRate, onWarning() {} })
    } catch (error) {
      throw aboutOption(error)
    }
  },
  run,
}
