/** Every solver on the same bands: how long it takes, how well it meets them, how near it comes to the original. */
import path from 'node:path'
import type { InverseBarkScaleOptions, Report, Tensor } from '../index.ts'
import { size } from '../tensor.ts'
import { bankOf, type Input, spectrogramOf } from './bark-input.ts'
import { given, INVERSE_FLAGS } from './class-options.ts'
import type { Context } from './command.ts'
import { nameOf } from './files.ts'
import { describe } from './progress.ts'
import { type BandFit, bandFit, type Likeness, likeness } from './quality.ts'
import { unsolvedWarning } from './summary.ts'

export const SOLVERS = ['sgd', 'nnls', 'maxent'] as const
export type SolverName = (typeof SOLVERS)[number]

/** A solve is run again while it is quick: code that has just been loaded takes several times as long at first. */
export const MOST_SOLVES = 5
const QUICK_MS = 200

/** What a solver did. */
export interface Result extends BandFit, Partial<Likeness> {
  solver: SolverName
  /** Of its fastest solve. */
  elapsedMs: number
  report: Report
}

interface Solution {
  spectrogram: Tensor
  report: Report
  elapsedMs: number
}

/** Hands out each solver's result with its spectrogram as it comes; likeness is there where there is an original. */
export async function* solveAll(context: Context, input: Input): AsyncGenerator<Result & { spectrogram: Tensor }> {
  const { BarkScale } = await import('../index.ts')
  const { file, signal, warn } = context
  const { bark, waveform, settings, nStft } = input
  const { power = 2 } = settings
  const bank = { ...bankOf(input), onWarning() {} }
  const original = waveform && (await spectrogramOf(waveform, settings, signal))
  const [nBands, frames] = bark.shape.slice(-2) as [number, number]
  const channels = size(bark.shape.slice(0, -2))
  for (const solver of SOLVERS) {
    const { spectrogram, report, elapsedMs } = await solve(context, input, solver)
    const warning = unsolvedWarning(report, channels * frames)
    if (warning) warn(`${nameOf(file)}: ${warning}`)
    const bands = await new BarkScale(bank).forward(spectrogram, { signal })
    const fit = bandFit(bark.data, bands.data, { channels, rows: nBands, frames })
    const layout = { channels, rows: nStft, frames }
    const near = original && likeness(original.data, spectrogram.data, layout, power)
    yield { solver, elapsedMs, ...fit, ...near, report, spectrogram }
  }
}

async function solve(
  { file, options, progress, signal, warn }: Context,
  input: Input,
  solver: SolverName,
): Promise<Solution> {
  const { InverseBarkScale } = await import('../index.ts')
  const name = nameOf(file)
  const inverse = new InverseBarkScale({
    ...(given(options, INVERSE_FLAGS) as Partial<InverseBarkScaleOptions>),
    ...bankOf(input),
    solver,
    onWarning: (message) => warn(`${name}: ${message}`),
  })
  try {
    const first = await inverse.solve(input.bark, {
      signal,
      onProgress: (told) => progress.say(`${solver}: ${describe(told)} - ${path.basename(name)}`),
    })
    let elapsedMs = first.report.elapsedMs
    for (let i = 1, spent = elapsedMs; i < MOST_SOLVES && spent < QUICK_MS; i++) {
      const { report } = await inverse.solve(input.bark, { signal })
      spent += report.elapsedMs
      elapsedMs = Math.min(elapsedMs, report.elapsedMs)
    }
    return { ...first, elapsedMs }
  } finally {
    inverse.dispose()
  }
}
