/** From the kept rows to what people read: peers.md, the plot, and the README's section on speed. */

import { writeText } from '../quality/results.mjs'
import { table } from '../quality/sound-tables.mjs'
import { ahead } from './ahead.mjs'
import { asked } from './asked.mjs'
import { duration, fixed } from './figures.mjs'
import { QUIET } from './others.mjs'
import { partNames } from './parts.mjs'
import { plot } from './plot.mjs'
import { rewriteReadme } from './readme.mjs'
import { readPart } from './results.mjs'
import { folderOf } from './run.mjs'
import { sections } from './tables.mjs'

const percent = (x) => `${(100 * x).toFixed(1)} %`
const noiseIn = (parts) => Math.max(...Object.values(parts).flatMap(({ head }) => Object.values(head.noise)))

/** Parts that were measured while other programs were at work. */
const loud = (parts) => Object.entries(parts).filter(([, { head }]) => head.others > QUIET)

const broken = (parts) => Object.entries(parts).filter(([, { head }]) => head.missing > 0)

function heading(parts) {
  const { head } = Object.values(parts)[0]
  const versions = Object.entries(head.versions).map(([name, version]) => `${name} ${version}`)
  const policies = Object.entries(head.waitingMs).map(([name, ms]) => `${name} ${duration(ms)}`)
  const noise = Object.entries(head.noise).map(([what, x]) => `${what} ${percent(x)}`)
  const disturbed = loud(parts).map(([part, { head }]) => `${part} ${percent(head.others)}`)
  const minutes = Object.values(parts).reduce((sum, { head }) => sum + head.seconds, 0) / 60
  return [
    `${head.machine}. Commit ${Object.values(parts)
      .map((p) => p.head.commit)
      .at(-1)}, ${head.date}, ${fixed(minutes, 0)} minutes, a ${head.mode} run. ${versions.join(', ')}.`,
    `torch: ${head.blas.torch}; NumPy: ${head.blas.numpy.join(', ')}. OMP_WAIT_POLICY: ${head.waiting ?? 'the default'}, as measured the fastest (${policies.join(', ')}).`,
    `Noise, the same against itself: ${noise.join('; ')}.`,
    ...(disturbed.length > 0
      ? [
          `**A draft: other programs were at work, and took of a core: ${disturbed.join(', ')}.** Ratios may be off by as much, and two threads of torch by more.`,
        ]
      : []),
    ...broken(parts).map(
      ([part, { head }]) => `**Not whole: ${part} was broken off, and lacks ${head.missing} cases.**`,
    ),
  ].join('\n\n')
}

function askedTable(rows) {
  const number = (x) => (x >= 100 ? x.toFixed(0) : x.toPrecision(3))
  return table(
    ['asked (above 1: unbark is ahead)', 'is', 'asked', ''],
    rows.map((r) => [r.asked, number(r.value), r.bound, r.isMet ? 'yes' : '**no**']),
  )
}

/** @returns the text of peers.md */
export function publish(mode) {
  const folder = folderOf(mode)
  const parts = Object.fromEntries(partNames.map((part) => [part, readPart(part, folder)]).filter(([, found]) => found))
  if (Object.keys(parts).length === 0) throw new Error(`bench/${folder} has no results of bench:peers yet`)
  const wins = ahead(parts, noiseIn(parts))
  const text = `${[
    '# unbark beside torchaudio, librosa and libsonare',
    'Made by `npm run bench:peers`; [how](../../docs/benchmarks.md). Times are medians.',
    heading(parts),
    '## What is asked',
    askedTable(asked(parts)),
    '## Where a peer is ahead',
    wins.length > 0 ? wins.map((each) => `* ${each}`).join('\n') : 'Nowhere beyond the noise.',
    ...Object.entries(parts).map(([part, found]) => sections[part](found)),
  ].join('\n\n')}\n`
  writeText('peers.md', text, folder)
  if (parts.growth) writeText('peers.svg', plot(parts.growth.rows), folder)
  if (folder === 'results') rewriteReadme(parts, { isDraft: loud(parts).length + broken(parts).length > 0 })
  return text
}
