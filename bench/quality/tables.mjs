/** The rows of a quality run as Markdown: medians, one setting by itself, and where an exact solver loses. */
import { FLOOR_DB } from '../../src/cli/quality.ts'
import { median } from '../clock.mjs'
import { BANDS, POWERS, SIZES } from './measure.mjs'
import { names } from './solvers.mjs'

const MEASURES = [
  ['convergence', 'spectral convergence', 3],
  ['distanceDb', 'log-spectral distance', 1],
  ['l1', 'relative L1', 3],
]
const number = (x, digits) => (Number.isFinite(x) ? x.toFixed(digits) : 'infinite')
const setting = ({ signal, nFft, nBarks, power, barkScale }) => `${signal} ${nFft}/${nBarks} p${power} ${barkScale}`

const row = (cells) => `| ${cells.join(' | ')} |`
const table = (head, lines) => [row(head), row(head.map(() => '---')), ...lines.map(row)].join('\n')

/** Three measures of a solver, medians over rows: sgd's start is a million times as loud as the near-silence. */
const three = (rows) => MEASURES.map(([key, , digits]) => number(median(rows.map((r) => r[key])), digits)).join(' / ')

/** A line for every n_fft, number of bands and power; each cell the median over scales and signals. */
function medians(rows) {
  const lines = SIZES.flatMap((nFft) =>
    BANDS.flatMap((nBarks) =>
      POWERS.map((power) => {
        const here = rows.filter((r) => r.nFft === nFft && r.nBarks === nBarks && r.power === power)
        return [nFft, nBarks, power, ...names.map((name) => three(here.filter((r) => r.solver === name)))]
      }),
    ),
  )
  return table(['n_fft', 'bands', 'power', ...names], lines)
}

/** Each signal with n_fft 1024, 128 bands, power 2 and the default scale, with times and bands. */
function oneSetting(rows) {
  const here = rows.filter((r) => r.nFft === 1024 && r.nBarks === 128 && r.power === 2 && r.barkScale === 'traunmuller')
  const lines = here.map((r) => [
    r.signal,
    r.solver,
    `${((1000 * r.ms) / r.frames).toFixed(1)} us`,
    r.loss.toExponential(1),
    r.worstBand.toExponential(1),
    ...MEASURES.map(([key, , digits]) => number(r[key], digits)),
  ])
  return table(['signal', 'solver', 'a frame', 'loss', 'worst band', ...MEASURES.map(([, name]) => name)], lines)
}

/** Where `ours` is worse than `theirs` by a measure, beyond one part in a thousand. */
function losses(rows, ours, theirs, [key, name, digits]) {
  const other = new Map(rows.filter((r) => r.solver === theirs).map((r) => [setting(r), r[key]]))
  const mine = rows.filter((r) => r.solver === ours)
  const lost = mine.filter((r) => r[key] > other.get(setting(r)) * 1.001)
  const listed = lost
    .map((r) => ({ what: setting(r), is: r[key], than: other.get(setting(r)) }))
    .toSorted((a, b) => b.is / b.than - a.is / a.than)
    .map(({ what, is, than }) => `  * ${what}: ${number(is, digits)} against ${number(than, digits)}`)
  const head = `* ${ours} against ${theirs}, ${name}: better or equal on ${mine.length - lost.length} of ${mine.length}`
  return [head, ...listed].join('\n')
}

export function report(rows, { iterations, machine }) {
  const exact = names.filter((name) => name === 'nnls' || name === 'maxent')
  const summary = exact.flatMap((ours) =>
    ['pseudo-inverse', 'sgd'].flatMap((theirs) => MEASURES.map((measure) => losses(rows, ours, theirs, measure))),
  )
  const missing = ['nnls', 'maxent'].filter((name) => !names.includes(name))
  return `${[
    `${machine}, one thread. Six signals, hop n_fft / 2. Of sgd at most ${iterations} iterations (torchaudio's default: 100000).`,
    `Each cell: ${MEASURES.map(([, name]) => name).join(' / ')} (in dB, floor ${FLOOR_DB} dB below the loudest).`,
    ...missing.map((name) => `Not in this build: ${name}.`),
    '## Medians over signals and scales',
    medians(rows),
    '## n_fft 1024, 128 bands, power 2, traunmuller',
    oneSetting(rows),
    '## Where an exact solver loses',
    summary.length > 0 ? summary.join('\n') : 'No exact solver in this build.',
  ].join('\n\n')}\n`
}
