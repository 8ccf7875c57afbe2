/**
 * What bands were made with, beside their .npy file as JSON: the options that `new InverseBarkSpectrogram` takes, so that
 * the way back needs none. The .npy file itself stays what NumPy reads.
 */
import type { BarkSpectrogramOptions, InverseBarkSpectrogramOptions } from '../index.ts'
import { FileError, isMissing, kebab, UsageError } from './errors.ts'
import { isOrdinary, readInput } from './files.ts'

export interface Made {
  options: BarkSpectrogramOptions & Pick<InverseBarkSpectrogramOptions, 'length'>
  /** The file that says so; undefined where there is none. */
  from: string | undefined
}

/** Where the options of bands in `file` are; standard output, devices and pipes have no such place. */
export function optionsBeside(file: string): string | undefined {
  return isOrdinary(file) ? `${file}.json` : undefined
}

/** The file's text: all options, so that it means the same when a default changes. */
export function optionsText(settings: BarkSpectrogramOptions, length: number): string {
  const { sampleRate = 16000, nFft = 400, winLength = nFft } = settings
  const sound = { nFft, winLength, hopLength: Math.floor((winLength ?? nFft) / 2), pad: 0, windowFn: 'hann', power: 2 }
  const ends = { normalized: false, center: true, padMode: 'reflect' }
  const bank = { nBarks: 128, fMin: 0, fMax: Math.floor(sampleRate / 2), barkScale: 'traunmuller' }
  const all = { sampleRate, ...sound, ...ends, ...bank, filterbank: 'torchaudio', ...settings, length }
  return `${JSON.stringify(all, null, 2)}\n`
}

/** @throws FileError that names the file with the options */
export async function readOptionsBeside(file: string): Promise<Made> {
  const none = { options: {}, from: undefined }
  if (file === '-') return none
  const from = `${file}.json`
  let text: string
  try {
    text = new TextDecoder().decode(await readInput(from))
  } catch (error) {
    if (isMissing(error)) return none
    throw error
  }
  return { options: await checked(from, text), from }
}

async function checked(from: string, text: string): Promise<Made['options']> {
  const what = 'options of BarkSpectrogram as JSON'
  let read: Made['options']
  try {
    read = JSON.parse(text)
  } catch (error) {
    throw new FileError(from, `expected ${what} (${(error as Error).message})`, error)
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) {
    throw new FileError(from, `expected ${what}, { "nFft": 1024, ... }`)
  }
  const { length, ...options } = read
  if (length != null && !(Number.isSafeInteger(length) && length > 0)) {
    throw new FileError(from, `length: expected an integer >= 1, got ${JSON.stringify(length)}`)
  }
  const { BarkSpectrogram } = await import('../index.ts')
  try {
    new BarkSpectrogram({ ...options, onWarning() {} })
  } catch (error) {
    throw new FileError(from, (error as Error).message, error)
  }
  return read
}

/**
 * What is typed and what is written beside the bands have to be the same, where it is both.
 * @throws UsageError that names both
 */
export function checkAgreement({ options, from }: Made, typed: Record<string, unknown>): void {
  if (from === undefined) return
  for (const [name, value] of Object.entries(options)) {
    const given = typed[name]
    if (given === undefined || JSON.stringify(given) === JSON.stringify(value)) continue
    const show = (x: unknown): string => (typeof x === 'object' ? JSON.stringify(x) : String(x))
    const flag = given === false ? `--no-${kebab(name)}` : `--${kebab(name)} ${show(given)}`
    const both = `${flag} is given, and ${from} says ${name} ${show(value)}`
    throw new UsageError(`${both}; leave the option out, or take the file away`)
  }
}
