/** The README's section on speed, between two comments that stay. */
import fs from 'node:fs'
import { table } from '../quality/sound-tables.mjs'
import { duration, fixed, size, times } from './figures.mjs'
import { find } from './results.mjs'
import { HALF_MINUTE } from './settings.mjs'

const README = new URL('../../README.md', import.meta.url)
export const [BEGIN, END] = ['<!-- speed: made by npm run bench:peers -->', '<!-- /speed -->']

/** Why a peer is ahead, where it is. */
const PRODUCT = 'one product of matrices, for which BLAS has wider vectors than WebAssembly'
const REASONS = [
  [/pseudo-inverse/, `the clipped pseudo-inverse is ${PRODUCT}, and solves a simpler problem`],
  [/BarkScale/, `\`BarkScale\` is ${PRODUCT}`],
]

function behind(rows) {
  const lost = rows.filter((row) => row.at(-1).startsWith('0.'))
  const reasons = lost.map(
    ([what, , , who]) => REASONS.find(([pattern]) => pattern.test(what + who))?.[1] ?? what.trim(),
  )
  return lost.length > 0
    ? ` Where the last column is below 1 the other is ahead: ${[...new Set(reasons)].join('; ')}.`
    : ''
}

/** What, unbark's, the peer's, and how many times as long the peer takes. */
function line(what, ours, theirs, who, mark = '') {
  if (ours === undefined || theirs === undefined) return []
  return [[what, duration(ours), `${duration(theirs)}${mark}`, who, times(theirs / ours)]]
}

function lines({ grid, inverses, transforms, sound }) {
  const cell = (who, threads, key) =>
    find(grid?.rows, { frames: HALF_MINUTE, nBarks: 128, power: 2, threads, who })?.[key]
  const long = (who) => find(inverses?.rows, { signal: `speech, ${HALF_MINUTE} frames`, threads: 1, who })?.ms
  const transform = (what, who) => find(transforms?.rows, { what, threads: 1, who })?.ms
  const mark = cell('torchaudio', 1, 'endFrom') === 'own' ? '' : '*'
  return [
    ...line(
      'an iteration of SGD, step by step',
      cell('sgd, plain', 1, 'iterationMs'),
      cell('torchaudio', 1, 'iterationMs'),
      'torchaudio',
    ),
    ...line(
      '  on two threads',
      cell('sgd, plain', 2, 'iterationMs'),
      cell('torchaudio', 2, 'iterationMs'),
      'torchaudio',
    ),
    ...line(
      "SGD, torchaudio's default run (`'sgd'`)",
      cell('sgd, auto', 1, 'ms'),
      cell('torchaudio', 1, 'ms'),
      'torchaudio',
      mark,
    ),
    ...line('  on two threads', cell('sgd, auto', 2, 'ms'), cell('torchaudio', 2, 'ms'), 'torchaudio', mark),
    ...line("`'maxent'` instead", cell('maxent', 1, 'ms'), cell('torchaudio', 1, 'ms'), 'torchaudio', mark),
    ...line("`'maxent'`", long('maxent'), long('librosa nnls'), 'librosa, `util.nnls`'),
    ...line("`'maxent'`", long('maxent'), long('libsonare'), 'libsonare, `melToStft`'),
    ...line("`'maxent'`", long('maxent'), long('pseudo-inverse, kept'), 'NumPy, clipped pseudo-inverse'),
    ...['Spectrogram, hop 512', 'BarkScale, 128 bands', 'GriffinLim, 32 iterations, hop 512'].flatMap((what) =>
      line(
        `\`${what.split(',')[0]}\`${what.slice(what.indexOf(','))}`,
        transform(what, 'unbark'),
        transform(what, 'torchaudio'),
        'torchaudio',
      ),
    ),
    ...['torchaudio', 'librosa', 'libsonare'].flatMap((who) => {
      const at = (name) => find(sound?.rows, { setting: '256/40/1', signal: 'speech', who: name }) ?? {}
      const row = at(who)
      const whole = row.isWhole === false ? '*' : ''
      return line(
        '40 bands to sound, hop 256',
        at('unbark').ms,
        row.ms,
        `${who}: PESQ ${fixed(row.PESQ, 2)}, unbark ${fixed(at('unbark').PESQ, 2)}`,
        whole,
      )
    }),
  ]
}

export function section(parts, { isDraft }) {
  const { head } = Object.values(parts)[0]
  const rows = lines(parts)
  const install = (who) => size(find(parts.cost?.rows, { who })?.installBytes)
  const start = (who) => duration(find(parts.cost?.rows, { who })?.startMs)
  return [
    `Half a minute of speech (16 kHz, n_fft 1024, hop 512, 128 bands, power 2), one thread where nothing else is said, on ${head.machine}; torch ${head.versions.torch}, librosa ${head.versions.librosa}, libsonare ${head.versions.libsonare}:`,
    table(['', 'unbark', 'the other', 'which', 'longer by'], rows),
    `\\* stopped early, and extrapolated by iterations.${behind(rows)}` +
      (parts.cost
        ? ` Installed, unbark takes ${install('unbark')}, torchaudio ${install('torchaudio')}, librosa ${install('librosa')}; from the start of a process to a first result ${start('maxent')}, ${start('torchaudio, 100 iterations')} and ${start('librosa nnls, 8 frames')}.`
        : ''),
    ...(isDraft ? ['**A draft: measured while other programs were at work, or not to the end.**'] : []),
    '`npm run bench:peers` measures it again ([how](docs/benchmarks.md), [every figure](bench/results/peers.md)).',
  ].join('\n\n')
}

export function rewriteReadme(parts, options) {
  const text = fs.readFileSync(README, 'utf8')
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)]
  if (from < 0 || to < from) throw new Error(`README.md: expected the lines ${BEGIN} and ${END}`)
  fs.writeFileSync(README, `${text.slice(0, from + BEGIN.length)}\n\n${section(parts, options)}\n\n${text.slice(to)}`)
}
