/** The table of `invert --compare`, and what its columns mean; no line is wider than 80 characters but for names. */
import { size } from '../tensor.ts'
import type { Input } from './bark-input.ts'
import { type Column, fixed, likenessColumns } from './likeness-text.ts'
import { duration } from './progress.ts'
import { BAND_FLOOR, type Likeness } from './quality.ts'
import { MOST_SOLVES, type Result } from './solve-all.ts'
import { count, short } from './summary.ts'
import { glossary, table } from './table.ts'

export interface Comparison {
  name: string
  input: Pick<Input, 'bark' | 'settings' | 'nStft'>
  results: readonly Result[]
  /** Files that were written. */
  written: readonly string[]
}

export function comparisonText({ name, input, results, written }: Comparison): string {
  const { bark, settings, nStft } = input
  const { power = 2 } = settings
  // there is an original where there is likeness
  const likeness = results[0]!.convergence === undefined ? [] : (likenessColumns(power) as Column<Result & Likeness>[])
  const columns = [...bandColumns(results), ...(likeness as Column<Result>[])]
  const rows = [
    ['solver', ...columns.map(({ head }) => head)],
    ...results.map((result) => [result.solver, ...columns.map(({ cell }) => cell(result))]),
  ]
  const [bands, frames] = bark.shape.slice(-2) as [number, number]
  const channels = size(bark.shape.slice(0, -2))
  const many = channels === 1 ? '' : `, ${channels} channels`
  const head = `${name}: ${count(frames, 'frame')}${many}, ${count(bands, 'band')} -> ${count(nStft, 'bin')}`
  const meanings = columns.map(({ head, meaning }) => [head, meaning] as const)
  const parts = [head, table(rows), glossary(meanings)]
  if (written.length > 0) parts.push(`written: ${written.join(', ')}`)
  return parts.join('\n\n')
}

function bandColumns(results: readonly Result[]): Column<Result>[] {
  const { iterations, stopReason } = results.find(({ solver }) => solver === 'sgd')!.report
  return [
    {
      head: 'time',
      cell: ({ elapsedMs }) => duration(elapsedMs),
      meaning: `of a solve; where it is quick, the fastest of up to ${MOST_SOLVES}`,
    },
    {
      head: 'steps',
      cell: ({ report }) => String(report.iterations),
      meaning: `iterations of sgd, which ended after ${iterations} (${stopReason});\npasses of nnls and maxent over the frame that took most`,
    },
    {
      head: 'loss',
      cell: ({ loss }) => short(loss),
      meaning: 'sum over bands (B - y)^2, mean over frames; y: bands of the result',
    },
    {
      head: 'worst band',
      cell: ({ worstBand }) => short(worstBand),
      meaning: `largest |B - y| / B, of bands above ${BAND_FLOOR} of their frame's loudest`,
    },
  ]
}

/** A solver's figures in one line, for the picture; it is broken between them alone. */
export function measured({ loss, worstBand, convergence, distanceDb, l1 }: Result): string {
  const parts = [`loss ${short(loss)}`, `worst band ${short(worstBand)}`]
  if (convergence !== undefined) {
    parts.push(`convergence ${fixed(convergence, 3)}`, `distance ${fixed(distanceDb!, 1)} dB`)
    parts.push(`relative L1 ${fixed(l1!, 3)}`)
  }
  return parts.map((part) => part.replaceAll(' ', '\u00a0')).join(', ')
}
