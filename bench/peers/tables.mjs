/** A run's rows as Markdown, a section for each part. */
import { table, unique } from '../quality/sound-tables.mjs'
import { duration, fixed, size, small, times, whole } from './figures.mjs'
import { find } from './results.mjs'

const END = { own: '', plain: '†', auto: '‡' }
const NOTE =
  '† stopped at the time limit and extrapolated by iterations to where unbark plain (the same rounding) stops; ‡ to where unbark auto (float64) does. A result that was stopped is not rated: sgd stands for it, whose difference after equal iterations is in the first table.'
const rated = (row) => row.endFrom === undefined || row.endFrom === 'own'

function iterations(rows, threads) {
  const here = rows.filter((r) => r.threads === threads && r.who === 'torchaudio')
  const lines = here.map(({ frames, nBarks, power, ...their }) => {
    const at = (who) => find(rows, { frames, nBarks, power, threads, who }) ?? {}
    const [plain, auto, nnls, maxent] = ['sgd, plain', 'sgd, auto', 'nnls', 'maxent'].map(at)
    return [
      frames,
      nBarks,
      power,
      duration(their.iterationMs),
      duration(plain.iterationMs),
      times(their.iterationMs / plain.iterationMs),
      small(plain.sameSeed),
      `${duration(their.ms)}${END[their.endFrom]}`,
      whole(their.iterations),
      whole(plain.iterations),
      `${duration(auto.ms)}, ${whole(auto.iterations)}`,
      times(their.ms / auto.ms),
      duration(nnls.ms),
      duration(maxent.ms),
      times(their.ms / maxent.ms),
    ]
  })
  const head = [
    'frames',
    'bands',
    'power',
    'torchaudio, iteration',
    'sgd plain, iteration',
    'ratio',
    'difference, same seed',
    'torchaudio to its stop',
    'iterations',
    'plain stops at',
    'sgd auto to its stop',
    'ratio',
    'nnls',
    'maxent',
    'torchaudio / maxent',
  ]
  return table(head, lines)
}

const measures = (row) => [small(row.loss), fixed(row.convergence, 3), fixed(row.distanceDb, 1), fixed(row.l1, 3)]

function quality(rows) {
  const lines = rows
    .filter((r) => r.threads === 1 && r.loss !== undefined && rated(r))
    .map((r) => [r.frames, r.nBarks, r.power, r.who, whole(r.iterations), ...measures(r)])
  return table(
    ['frames', 'bands', 'power', '', 'iterations', 'loss', 'convergence', 'distance, dB', 'relative L1'],
    lines,
  )
}

function float64(rows) {
  return table(
    ['', 'iterations', 'from float64'],
    rows.map((r) => [r.who, whole(r.iterations), small(r.fromFloat64)]),
  )
}

function inverses(rows) {
  const lines = rows.map((r) => [
    r.signal,
    r.threads,
    r.who,
    `${duration(r.ms)}${END[r.endFrom] ?? ''}`,
    ...(rated(r) ? measures(r) : ['', '', '', '']),
  ])
  return table(['sound', 'threads', '', 'time', 'loss', 'convergence', 'distance, dB', 'relative L1'], lines)
}

function transforms(rows) {
  const who = ['torchaudio', 'librosa', 'libsonare']
  const lines = unique(rows.map(({ what, threads }) => `${what}|${threads}`)).map((key) => {
    const [what, threads] = [key.split('|')[0], Number(key.split('|')[1])]
    const at = (name) => find(rows, { what, threads, who: name }) ?? {}
    const own = at('unbark').ms
    const cells = who.map((name) => (at(name).ms ? `${duration(at(name).ms)} (${times(at(name).ms / own)})` : ''))
    return [what, threads, duration(own), ...cells, small(at('torchaudio').difference)]
  })
  return table(['', 'threads', 'unbark', ...who.map((name) => `${name} (over unbark)`), 'from torchaudio'], lines)
}

function sound(rows) {
  const lines = rows.map((r) => [
    r.setting,
    `${r.signal}, ${fixed(r.seconds, 1)} s`,
    r.who,
    `${duration(r.ms)}${r.isWhole === false ? '‡' : ''}`,
    fixed(r.PESQ, 2),
    fixed(r.ESTOI, 3),
    fixed(r.bSC, 4),
    fixed(r.LSD, 2),
  ])
  return table(['hop/bands/power', 'sound', '', 'time', 'PESQ', 'ESTOI', 'bSC', 'LSD, dB'], lines)
}

/** Time, and time per unit: constant where it is linear. */
function growth(rows) {
  return unique(rows.map((r) => r.along))
    .map((along) => {
      const here = rows.filter((r) => r.along === along)
      const who = unique(here.map((r) => r.who))
      const perUnit = along === 'threads' ? '' : ', and per unit'
      const lines = unique(here.map((r) => r.at)).map((at) => [
        whole(at),
        ...who.map((name) => {
          const row = find(here, { at, who: name })
          if (row === undefined) return ''
          const memory = row.bytes === undefined ? '' : `; ${size(row.bytes)}, of it ${size(row.above)} above`
          return `${duration(row.ms)}${perUnit === '' ? '' : ` (${duration(row.ms / at)})`}${memory}`
        }),
      ])
      const peaks = along === 'frames' ? '; then the peak of the process, and how much of it came with this call' : ''
      return `Time by ${along}${perUnit}${peaks}:\n\n${table([along, ...who], lines)}`
    })
    .join('\n\n')
}

function cost(rows) {
  const processes = rows.filter((r) => r.startMs !== undefined)
  const lines = processes.map((r) => [r.who, duration(r.startMs), size(r.peakBytes), size(r.aboveBytes)])
  const installed = rows.filter((r) => r.installBytes !== undefined).map((r) => [r.who, size(r.installBytes)])
  return `${table(['', 'start to first result', 'peak', 'of it above the first call'], lines)}\n\n${table(['', 'installed'], installed)}`
}

export const sections = {
  grid: ({ rows }) =>
    [1, 2]
      .map((threads) => `## InverseBarkScale, threads ${threads}\n\n${iterations(rows, threads)}`)
      .concat(`${NOTE}\n\n## How near the results are\n\n${quality(rows)}`)
      .join('\n\n'),
  float64: ({ rows }) =>
    `## From the same iteration in float64\n\nHalf a minute, 128 bands, power 2; twenty frames.\n\n${float64(rows)}`,
  inverses: ({ rows }) =>
    `## Every way back from bands\n\n128 bands, power 2. libsonare has mel bands of its own of the same sound, and no loss in Bark.\n\n${inverses(rows)}`,
  transforms: ({ rows }) => `## Transforms, half a minute\n\n${transforms(rows)}`,
  sound: ({ rows }) => `## Bands to sound, one thread\n\n${sound(rows)}`,
  growth: ({ rows }) =>
    `## How cost grows\n\n![Time and memory by frames, bins, bands and iterations](peers.svg)\n\n${growth(rows)}`,
  cost: ({ rows }) => `## Processes and installs\n\n${cost(rows)}`,
}
