/** The table of `roundtrip`, and what its columns mean; no line is wider than 80 characters but for names. */
import type { SoundReport } from '../index.ts'
import { size } from '../tensor.ts'
import type { Input } from './bark-input.ts'
import { type Column, fixed, likenessColumns, valuesOf } from './likeness-text.ts'
import { duration } from './progress.ts'
import type { Likeness } from './quality.ts'
import { count } from './summary.ts'
import { glossary, table } from './table.ts'

/** Milliseconds of a round trip, but for the picture. */
export interface Times {
  /** Reading and decoding, and making the bands. */
  reading: number
  sound: number
  /** The figures. */
  measuring: number
  writing: number
}

export interface RoundTrip {
  name: string
  input: Input
  /** Of the result. */
  samples: number
  report: SoundReport
  likeness: Likeness
  times: Times
  /** Files that were written. */
  written: readonly string[]
}

export function roundTripText(trip: RoundTrip): string {
  const { name, input, samples, report, likeness, written } = trip
  const { bark, settings } = input
  const { sampleRate = 16000, power = 2 } = settings
  const [bands, frames] = bark.shape.slice(-2) as [number, number]
  const channels = size(bark.shape.slice(0, -2))
  const many = channels === 1 ? '' : `, ${channels} channels`
  const seconds = duration((1000 * samples) / sampleRate)
  const columns: Column<Likeness>[] = [...ownColumns(trip, valuesOf(power)), ...likenessColumns(power)]
  return [
    `${name}: ${seconds} at ${sampleRate} Hz${many}, ${count(frames, 'frame')}, ${count(bands, 'band')}`,
    table([
      ['method', ...columns.map(({ head }) => head)],
      [report.method, ...columns.map(({ cell }) => cell(likeness))],
    ]),
    glossary(columns.map(({ head, meaning }) => [head, meaning] as const)),
    `written: ${written.join(', ')}`,
  ].join('\n\n')
}

function ownColumns({ report, times }: RoundTrip, values: string): Column<Likeness>[] {
  const { magnitudes, phase, iterations, pitch } = report.stages
  const total = times.reading + times.sound + times.measuring + times.writing
  const threads = report.threads === 1 ? '' : ` (of all ${report.threads} threads together)`
  const stages = `magnitudes ${duration(magnitudes)}, phases ${duration(phase)}, pitch ${duration(pitch)}`
  return [
    {
      head: 'time',
      cell: () => duration(times.sound),
      meaning: [
        `of the sound: ${stages},`,
        `${count(report.iterations, 'iteration')} ${duration(iterations)}${threads};`,
        `with reading, these figures and writing ${duration(total)}`,
      ].join('\n'),
    },
    {
      head: 'bands',
      cell: () => fixed(report.bandConvergence ?? 0, 4),
      meaning: `|| B - b || / || B ||, B bands of the original, b of the result;\n${values}, of the channel where it is greatest`,
    },
  ]
}
