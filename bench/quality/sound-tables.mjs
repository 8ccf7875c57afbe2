/** The rows of a sound run as Markdown: means of groups, every clip, and where the joint method loses. */
import { ABSENT, CASCADES, HAS_JOINT, PIPELINES, SAME_PRIOR } from './pipelines.mjs'
import { settings } from './settings.mjs'
import { FLOOR_DB } from './sound-measures.mjs'

const MEASURES = [
  ['bSC', 3],
  ['mSC', 3],
  ['LSD', 2],
]
/** Beyond this much above a cascade of the same prior, the joint method's mSC is listed. */
const MARGIN = 0.04

const row = (cells) => `| ${cells.join(' | ')} |`
export const table = (head, lines) => [row(head), row(head.map(() => '---')), ...lines.map(row)].join('\n')
export const mean = (values) => values.reduce((sum, x) => sum + x, 0) / values.length
export const unique = (values) => [...new Set(values)]

/** The value of a pipeline at a clip and setting; of several the best by `pick`. */
export function lookup(rows) {
  const found = new Map(rows.map((r) => [`${r.clip} ${r.setting} ${r.pipeline}`, r]))
  return (clip, setting, pipelines, measure, pick = Math.min) =>
    pick(...[pipelines].flat().map((pipeline) => found.get(`${clip} ${setting} ${pipeline}`)[measure]))
}

/** Pipelines by rows, settings by columns. */
function means(at, clips) {
  const lines = [...PIPELINES.map((name) => [name, name]), ['best of the eight', CASCADES]].map(
    ([label, pipelines]) => [
      label,
      ...settings.map(({ name }) =>
        MEASURES.map(([measure, digits]) =>
          mean(clips.map((clip) => at(clip, name, pipelines, measure))).toFixed(digits),
        ).join(' / '),
      ),
    ],
  )
  return table(['', ...settings.map(({ name }) => name)], lines)
}

/** Which of the eight is best, by each measure. */
function winners(at, clips) {
  const lines = clips.flatMap((clip) =>
    settings.map(({ name }) => [
      clip,
      name,
      ...MEASURES.map(([measure, digits]) => {
        const value = at(clip, name, CASCADES, measure)
        return `${value.toFixed(digits)}: ${CASCADES.find((c) => at(clip, name, c, measure) === value)}`
      }),
      ...(HAS_JOINT
        ? [MEASURES.map(([measure, digits]) => at(clip, name, 'joint', measure).toFixed(digits)).join(' / ')]
        : []),
    ]),
  )
  return table(['clip', 'setting', ...MEASURES.map(([measure]) => measure), ...(HAS_JOINT ? ['joint'] : [])], lines)
}

function losses(at, clips) {
  if (!HAS_JOINT) return ABSENT
  const lines = clips.flatMap((clip) =>
    settings
      .map(({ name }) => [name, ...['joint', 'joint, no pitch', SAME_PRIOR].map((who) => at(clip, name, who, 'mSC'))])
      .filter(([, joint, , prior]) => joint > prior + MARGIN)
      .map(([name, ...values]) => [clip, name, ...values.map((x) => x.toFixed(3))]),
  )
  return lines.length > 0 ? table(['clip', 'setting', 'joint', 'joint, no pitch', 'cascade'], lines) : 'Nowhere.'
}

export function report(rows, machine) {
  const at = lookup(rows)
  const groups = unique(rows.map((r) => r.group))
  const clipsOf = (group) => unique(rows.filter((r) => r.group === group).map((r) => r.clip))
  const all = unique(rows.map((r) => r.clip))
  return `${[
    `${machine}. n_fft 1024, Hann, 16 kHz; columns are hop/bands/power, names those of pipelines.mjs.`,
    `Each cell: spectral convergence of bands (bSC) / of magnitudes (mSC) / log-spectral distance in dB, with a floor ${FLOOR_DB} dB below the loudest (LSD). Less is better.`,
    'Best of the eight: per clip and measure, chosen with the original at hand.',
    ...(HAS_JOINT ? [] : [`**${ABSENT}**`]),
    ...groups.flatMap((group) => {
      const clips = clipsOf(group)
      return [`## Means: ${group}`, `${clips.length}: ${clips.join(', ')}.`, means(at, clips)]
    }),
    `## mSC of joint more than ${MARGIN} above that of the best cascade with its prior`,
    losses(at, all),
    '## Every clip: the best of the eight, and which it is',
    winners(at, all),
  ].join('\n\n')}\n`
}
