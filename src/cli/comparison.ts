/** `invert --compare`: a table of all solvers, and their spectrograms side by side. */
import { writeNpy } from '../npy.ts'
import { readBark } from './bark-input.ts'
import { solvedBy } from './caption.ts'
import { given, INVERSE_FLAGS } from './class-options.ts'
import type { Context, Outcome } from './command.ts'
import { comparisonText, measured } from './comparison-text.ts'
import { inFile, UsageError } from './errors.ts'
import { nameOf, writeOutput } from './files.ts'
import { placed, plotOf } from './outputs.ts'
import { type Drawn, drawFigure } from './picture.ts'
import { FLOOR_DB } from './quality.ts'
import { type Result, SOLVERS, type SolverName, solveAll } from './solve-all.ts'

const SUFFIX = 'compare'

/** Spectrograms are written with `--out-dir` alone, one a solver. */
export function outputsOfComparison(file: string, options: Record<string, unknown>): string[] {
  const plot = plotOf(file, SUFFIX, options)
  const all = SOLVERS.map((solver) => spectrogramOf(file, solver, options))
  return [...all, plot].filter((output) => output !== undefined)
}

function spectrogramOf(file: string, solver: SolverName, options: Record<string, unknown>): string | undefined {
  return options['outDir'] === undefined ? undefined : placed(file, `${solver}.npy`, options)
}

/** Throws UsageError for options that make no sense beside `--compare`. */
export function checkComparison(files: string[], { solver, output, jobs = 1 }: Record<string, unknown>): void {
  if (solver !== undefined) throw new UsageError('--solver: --compare takes every solver; leave one of the two out')
  if (output !== undefined) {
    throw new UsageError('--output: --compare has a spectrogram of every solver; --out-dir keeps them all')
  }
  if (files.length > 1 && jobs !== 1) {
    throw new UsageError('--jobs: --compare takes file by file, so that no time is that of a busy machine')
  }
}

export async function compare(context: Context): Promise<Outcome> {
  const { file, options, progress, signal } = context
  const name = nameOf(file)
  const plot = plotOf(file, SUFFIX, options)
  try {
    progress.say(`${name}: reading`)
    const input = await readBark(context)
    const { bark, waveform, settings, nStft } = input
    const results: (Result & { output?: string })[] = []
    const drawn: Drawn[] = []
    for await (const { spectrogram, ...result } of solveAll(context, input)) {
      const output = spectrogramOf(file, result.solver, options)
      if (output) await writeOutput(output, writeNpy(spectrogram))
      results.push(output ? { ...result, output } : result)
      const said = solvedBy(result.report, given(options, INVERSE_FLAGS), measured(result))
      if (plot) drawn.push({ title: result.solver, spectrogram, said })
    }
    if (plot) {
      progress.say(`${name}: drawing`)
      await writeOutput(plot, await drawFigure({ name, waveform, bark, results: drawn, settings, signal }, plot))
    }
    const shape = [...bark.shape.slice(0, -2), nStft, bark.shape.at(-1)]
    const written = outputsOfComparison(file, options)
    return {
      json: { plot, sampleRate: settings.sampleRate, shape, floorDb: FLOOR_DB, solvers: results },
      text: comparisonText({ name, input, results, written }),
    }
  } catch (error) {
    throw inFile(name, error)
  }
}
