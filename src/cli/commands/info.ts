import { readNpy } from '../../npy.ts'
import type { Command, Context, Outcome } from '../command.ts'
import { inFile } from '../errors.ts'
import { nameOf, readInput } from '../files.ts'
import { duration } from '../progress.ts'
import { decodeSound, isNpy, kindOfSound } from '../sound.ts'

interface Range {
  least: number
  most: number
  /** Values that are NaN or infinite. */
  notFinite: number
}

function rangeOf(data: Float32Array): Range {
  let [least, most, notFinite] = [Infinity, -Infinity, 0]
  for (const x of data) {
    if (!Number.isFinite(x)) notFinite++
    else {
      if (x < least) least = x
      if (x > most) most = x
    }
  }
  return { least, most, notFinite }
}

/** Power and magnitude are never negative; decibels nearly always are somewhere, and seldom beyond these. */
function looksLikeDecibels({ least, most }: Range): boolean {
  return least < -1 && least >= -400 && most <= 200
}

function describeRange({ least, most, notFinite }: Range): string {
  const range = least <= most ? `${least.toPrecision(4)} to ${most.toPrecision(4)}` : 'no values'
  return notFinite > 0 ? `${range}, and ${notFinite} that are not finite` : range
}

/** JSON has no infinities: those of an empty range become null. */
function jsonRange({ least, most, notFinite }: Range): Record<string, number | null> {
  return { min: least <= most ? least : null, max: least <= most ? most : null, notFinite }
}

async function run({ file, warn }: Context): Promise<Outcome> {
  const bytes = await readInput(file)
  const name = nameOf(file)
  try {
    return isNpy(bytes) ? aboutArray(name, bytes) : await aboutSound(name, bytes, warn)
  } catch (error) {
    throw inFile(name, error)
  }
}

function aboutArray(file: string, bytes: Uint8Array): Outcome {
  const { data, shape } = readNpy(bytes)
  const range = rangeOf(data)
  const decibels = looksLikeDecibels(range)
  const lines = [
    `${file}: NumPy array`,
    `  shape   ${shape.join(' x ') || 'a single value'}`,
    `  range   ${describeRange(range)}`,
  ]
  if (decibels) lines.push('  looks like decibels; unbark takes power or magnitude: 10 ** (x / 10), or 10 ** (x / 20)')
  return { json: { kind: 'npy', shape, ...jsonRange(range), decibels }, text: lines.join('\n') }
}

async function aboutSound(file: string, bytes: Uint8Array, warn: (message: string) => void): Promise<Outcome> {
  const { waveform, sampleRate } = await decodeSound(file, bytes, warn)
  const [channels, samples] = waveform.shape as [number, number]
  const range = rangeOf(waveform.data)
  const seconds = samples / sampleRate
  const kind = kindOfSound(bytes)!
  const text = `${file}: ${kind.toUpperCase()} sound
  rate      ${sampleRate} Hz
  channels  ${channels}
  length    ${duration(seconds * 1000)}, ${samples} samples
  range     ${describeRange(range)}`
  return { json: { kind, sampleRate, channels, samples, seconds, ...jsonRange(range) }, text }
}

export const info: Command = {
  name: 'info',
  description: 'Say what a sound or .npy file holds',
  flags: [],
  isAnswer: true,
  examples: ['unbark info examples/speech.wav', 'unbark info --json examples/speech.wav'],
  outputs: () => [],
  check: async () => {},
  run,
}
