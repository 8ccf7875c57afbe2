import type { Tensor } from '../../index.ts'
import { size } from '../../tensor.ts'
import { bandsOfSound, type SoundInput, spectrogramOf } from '../bark-input.ts'
import { AUDIO_FLAGS, BARK_FLAGS, flagOf, SOUND_FLAGS } from '../class-options.ts'
import type { Command, Context, Outcome } from '../command.ts'
import { aboutOption, FileError, inFile } from '../errors.ts'
import { isStandardOutput, nameOf, readInput } from '../files.ts'
import { checkOutputs, OUTPUT_FLAGS, outputOf, outputsOf, plotOf } from '../outputs.ts'
import { FLOOR_DB, type Likeness, likeness } from '../quality.ts'
import { roundTripText, type Times } from '../round-trip-text.ts'
import { isNpy } from '../sound.ts'
import { checkSoundName, checkSoundOptions, drawSound, makeSound, writeSound } from '../sounding.ts'

const SUFFIX = 'roundtrip'

async function run(context: Context): Promise<Outcome> {
  const { file, options, progress, signal } = context
  const name = nameOf(file)
  const output = outputOf(file, SUFFIX, options, 'wav')
  const plot = plotOf(file, SUFFIX, options)
  try {
    progress.say(`${name}: reading`)
    const clock = stopwatch()
    const bytes = await readInput(file)
    if (isNpy(bytes)) {
      throw new FileError(name, `expected sound, got a NumPy array; unbark invert ${file} --audio makes sound of bands`)
    }
    const input = await bandsOfSound(context, bytes)
    const { sampleRate = 16000 } = input.settings
    const reading = clock()
    const sound = await makeSound(context, input)
    const made = clock()
    const near = await measure(input, sound.waveform, signal)
    const measuring = clock()
    await writeSound(output, sound.waveform, sampleRate)
    const times: Times = { reading, sound: made, measuring, writing: clock() }
    if (plot) await drawSound(plot, context, input, sound)
    const { waveform, report } = sound
    const [channels, samples] = waveform.shape as [number, number]
    const figures = { bandConvergence: report.bandConvergence, ...near, floorDb: FLOOR_DB }
    const written = outputsOf(file, SUFFIX, options, 'wav')
    return {
      json: { output, plot, sampleRate, channels, samples, bands: input.bark.shape, ...figures, times, report },
      text: roundTripText({ name, input, samples, report, likeness: near, times, written }),
    }
  } catch (error) {
    throw inFile(name, error)
  }
}

/** Apart, so that a picture of a long sound does not find these spectrograms still held. */
async function measure({ waveform, settings }: SoundInput, result: Tensor, signal: AbortSignal): Promise<Likeness> {
  const original = await spectrogramOf(waveform, settings, signal)
  const again = await spectrogramOf(result, settings, signal)
  const [rows, frames] = original.shape.slice(-2) as [number, number]
  const channels = size(original.shape.slice(0, -2))
  return likeness(original.data, again.data, { channels, rows, frames }, settings.power ?? 2)
}

/** Milliseconds since it was last asked. */
function stopwatch(): () => number {
  let last = performance.now()
  return () => {
    const before = last
    last = performance.now()
    return last - before
  }
}

export const roundtrip: Command = {
  name: 'roundtrip',
  description: 'Turn sounds into Bark bands and those into sound again, and say how near it comes',
  flags: [
    ...OUTPUT_FLAGS,
    ...[...AUDIO_FLAGS, ...SOUND_FLAGS, ...BARK_FLAGS].map((flag) => [flagOf(flag), flag.help] as const),
  ],
  // where the sound itself goes to standard output, the table does not
  isAnswer: (options, file) => !isStandardOutput(outputOf(file, SUFFIX, options, 'wav')),
  examples: [
    'unbark roundtrip examples/speech.wav -o out.wav --plot out.png',
    'unbark roundtrip examples/speech.wav -o out.wav --n-fft 1024 --hop-length 256 --n-barks 40',
    'unbark roundtrip examples/speech.wav -o lim.wav --method griffin-lim --solver nnls --iterations 32',
    'unbark roundtrip examples/*.wav --out-dir again --jobs 2 --json',
  ],
  outputs: (file, options) => outputsOf(file, SUFFIX, options, 'wav'),
  async check(files, options) {
    checkSoundName('--output', options['output'])
    checkOutputs(files, options, (file) => this.outputs(file, options))
    try {
      await checkSoundOptions(options)
    } catch (error) {
      throw aboutOption(error)
    }
  },
  run,
}
