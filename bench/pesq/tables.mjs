/** The rows of a PESQ run as Markdown: means a setting, differences to the best cascade, and every clip. */
import { ABSENT, CASCADES, HAS_JOINT } from '../quality/pipelines.mjs'
import { settings } from '../quality/settings.mjs'
import { lookup, mean, table, unique } from '../quality/sound-tables.mjs'

const MEASURES = [
  ['PESQ', 2],
  ['ESTOI', 3],
]
const COLUMNS = [
  ['torchaudio', 'torchaudio'],
  ['librosa', 'librosa'],
  ['best of the eight', CASCADES],
  ...(HAS_JOINT ? ['joint', 'joint, no pitch', 'joint, 32', 'stream'].map((name) => [name, name]) : []),
]
const signed = (x, digits) => `${x < 0 ? '' : '+'}${x.toFixed(digits)}`

/** Means of a group, and by how much joint is above the best cascade, on how many of the clips. */
function means(at, clips, [measure, digits]) {
  const lines = settings.map(({ name }) => {
    const each = (pipelines) => clips.map((clip) => at(clip, name, pipelines, measure, Math.max))
    const cells = COLUMNS.map(([, pipelines]) => mean(each(pipelines)).toFixed(digits))
    if (!HAS_JOINT) return [name, ...cells]
    const best = each(CASCADES)
    const gains = each('joint').map((x, i) => x - best[i])
    return [name, ...cells, signed(mean(gains), digits), `${gains.filter((x) => x > 0).length} of ${gains.length}`]
  })
  const last = HAS_JOINT ? ['joint - best of the eight', 'clips won'] : []
  return table(['setting', ...COLUMNS.map(([label]) => label), ...last], lines)
}

/** Means of every one of the eight. */
function cascades(at, clips) {
  const lines = CASCADES.map((cascade) => [
    cascade,
    ...settings
      .map(({ name }) =>
        MEASURES.map(([measure, digits]) =>
          mean(clips.map((clip) => at(clip, name, cascade, measure))).toFixed(digits),
        ),
      )
      .map((pair) => pair.join(' / ')),
  ])
  return table(['', ...settings.map(({ name }) => name)], lines)
}

function everyClip(at, clips) {
  const lines = clips.flatMap((clip) =>
    settings.map(({ name }) => [
      clip,
      name,
      ...COLUMNS.map(([, pipelines]) =>
        MEASURES.map(([measure, digits]) => at(clip, name, pipelines, measure, Math.max).toFixed(digits)).join(' / '),
      ),
    ]),
  )
  return table(['clip', 'setting', ...COLUMNS.map(([label]) => label)], lines)
}

export function report(rows, machine) {
  const at = lookup(rows)
  const groups = unique(rows.map((r) => r.group)).map((group) => {
    const clips = unique(rows.filter((r) => r.group === group).map((r) => r.clip))
    return [
      ...MEASURES.flatMap((measure) => [`## ${measure[0]}: ${group} (${clips.length})`, means(at, clips, measure)]),
      `## PESQ / ESTOI of the cascades: ${group}`,
      cascades(at, clips),
    ]
  })
  return `${[
    `${machine}. PESQ wideband (ITU-T P.862.2) and ESTOI, more is better. n_fft 1024, Hann, 16 kHz; settings are hop/bands/power.`,
    'Best of the eight: per clip and measure the best of the eight cascades of bench/quality/pipelines.mjs, chosen with the original at hand.',
    ...(HAS_JOINT ? [] : [`**${ABSENT}**`]),
    ...groups.flat(),
    '## PESQ / ESTOI of every clip',
    everyClip(at, unique(rows.map((r) => r.clip))),
  ].join('\n\n')}\n`
}
