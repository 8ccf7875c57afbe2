/** Where results go: `-o`, `--out-dir`, or beside the input. */
import path from 'node:path'
import process from 'node:process'
import { UsageError } from './errors.ts'
import { identityOf, isStandardOutput } from './files.ts'

export const OUTPUT_FLAGS = [
  ['-o, --output <file>', 'where the result goes; - is standard output (default: beside the input)'],
  ['--out-dir <folder>', 'where results go, each named after its input'],
  ['--plot <file>', 'a picture, .png or .svg; with several inputs png or svg alone'],
] as const

/** The output of an input: `speech.wav` and `bark` make `speech.bark.npy`. */
export function outputOf(file: string, suffix: string, options: Record<string, unknown>, kind = 'npy'): string {
  if (options['output'] !== undefined) return String(options['output'])
  if (file === '-' && options['outDir'] === undefined) return '-'
  return placed(file, `${suffix}.${kind}`, options)
}

/** The picture of an input, undefined where none is wanted. */
export function plotOf(file: string, suffix: string, options: Record<string, unknown>): string | undefined {
  const { plot } = options
  if (plot === undefined) return undefined
  return plot === 'png' || plot === 'svg' ? placed(file, `${suffix}.${plot}`, options) : String(plot)
}

/** Both. */
export function outputsOf(file: string, suffix: string, options: Record<string, unknown>, kind = 'npy'): string[] {
  const plot = plotOf(file, suffix, options)
  return [outputOf(file, suffix, options, kind), ...(plot === undefined ? [] : [plot])]
}

/** In the folder for results, or beside the input. */
export function placed(file: string, suffix: string, { outDir }: Record<string, unknown>): string {
  const name = file === '-' ? 'standard-input' : path.basename(file).replace(/\.[^.]+$/, '')
  const folder = outDir !== undefined ? String(outDir) : file === '-' ? '.' : path.dirname(file)
  return path.join(folder, `${name}.${suffix}`)
}

/** Checks the output flags, and that no two results get the same place. */
export function checkOutputs(
  files: string[],
  options: Record<string, unknown>,
  outputs: (file: string) => string[],
): void {
  const { output, outDir, plot, json } = options
  if (output !== undefined && outDir !== undefined)
    throw new UsageError('--output and --out-dir: expected one of the two')
  if (output !== undefined && files.length > 1)
    throw new UsageError('--output: expected one input with it, or --out-dir')
  if (plot !== undefined) {
    const kind = /^(png|svg)$|\.(?:png|svg)$/.exec(String(plot))
    if (!kind) throw new UsageError(`--plot: expected a file that ends in .png or .svg, got ${plot}`)
    if (files.length > 1 && !kind[1]) throw new UsageError('--plot: expected png or svg alone with several inputs')
  }
  if (files.filter((file) => file === '-').length > 1) throw new UsageError('-: standard input can be read once')
  const all = files.flatMap(outputs)
  const places = all.map(identityOf)
  const twice = places.findIndex((place, i) => places.indexOf(place) !== i)
  if (twice >= 0) throw new UsageError(`${all[twice]}: two results would go there`)
  const inputs = new Set(files.filter((file) => file !== '-').map(identityOf))
  const lost = places.findIndex((place) => inputs.has(place))
  if (lost >= 0) throw new UsageError(`${all[lost]}: the result would replace its input; give another --output`)
  if (all.some(isStandardOutput)) {
    if (json) throw new UsageError('--json: standard output is taken by the result; give --output a file')
    if (process.stdout.isTTY) throw new UsageError('standard output is the terminal; pipe it, or give --output a file')
  }
}
