/** Where a peer is ahead of unbark: in how many comparisons of each kind, and where by most. */
import { cells, keyOf } from './asked.mjs'
import { duration, times } from './figures.mjs'
import { find } from './results.mjs'

const OURS = ['maxent', 'nnls', 'sgd, auto']
const fixed = (x) => x.toFixed(3)

/** Comparisons of one kind as { place, ours, theirs }, less being better; `sign` -1 where more is. */
class Tally {
  #kinds = new Map()
  add(kind, place, ours, theirs, { show = duration, edge = 1, sign = 1 } = {}) {
    if (ours === undefined || theirs === undefined) return
    if (!this.#kinds.has(kind)) this.#kinds.set(kind, { show, all: 0, lost: [] })
    const of = this.#kinds.get(kind)
    of.all++
    const lead = sign > 0 ? ours / theirs : theirs / ours
    if (lead > edge) of.lost.push({ place, ours, theirs, lead })
  }
  lines() {
    return [...this.#kinds]
      .filter(([, { lost }]) => lost.length > 0)
      .map(([kind, { all, lost, show }]) => {
        const most = lost.toSorted((a, b) => b.lead - a.lead)[0]
        const where = `${most.place}: ${show(most.theirs)} against ${show(most.ours)}, ${times(most.lead)}`
        return `${kind}: ahead in ${lost.length} of ${all}${lost.length > 1 ? ', by most' : ''} at ${where}`
      })
  }
}

function ofTransforms(tally, rows, edge) {
  for (const { what, threads, who, ms } of rows) {
    const own = find(rows, { what, threads, who: 'unbark' })
    if (who !== 'unbark') tally.add(`${who}, ${what}`, `threads ${threads}`, own.ms, ms, { edge })
  }
}

function ofGrid(tally, rows, edge) {
  for (const row of cells(rows)) {
    const at = (who) => find(rows, { ...keyOf(row), who })
    const place = `${row.frames} frames, ${row.nBarks} bands, power ${row.power}, threads ${row.threads}`
    tally.add('torchaudio, an iteration', place, at('sgd, plain').iterationMs, row.iterationMs, { edge })
    tally.add("torchaudio, a run to its own stop, against 'auto'", place, at('sgd, auto').ms, row.ms, { edge })
  }
}

function ofInverses(tally, rows, edge) {
  for (const row of rows.filter(({ who }) => !OURS.includes(who))) {
    const own = find(rows, { signal: row.signal, threads: row.threads, who: 'maxent' })
    const place = `${row.signal}, threads ${row.threads}`
    tally.add(`${row.who}, time against maxent`, place, own.ms, row.ms, { edge })
    if (row.endFrom && row.endFrom !== 'own') continue
    for (const [key, name] of [
      ['loss', 'loss'],
      ['convergence', 'spectral convergence'],
      ['distanceDb', 'log-spectral distance'],
      ['l1', 'relative L1'],
    ]) {
      const show = key === 'loss' ? (x) => x.toExponential(1) : fixed
      tally.add(`${row.who}, ${name} against maxent`, place, own[key], row[key], { show })
    }
  }
}

function ofGrowth(tally, rows, edge) {
  for (const { along, at, who, ms } of rows) {
    const own = (name) => find(rows, { along, at, who: name })?.ms
    if (who === 'pseudo-inverse')
      tally.add('pseudo-inverse, time against maxent, by size', `${at} ${along}`, own('maxent'), ms, { edge })
    if (who === 'torchaudio, an iteration')
      tally.add('torchaudio, an iteration, by size', `${at} ${along}`, own('sgd, an iteration'), ms, { edge })
  }
}

function ofSound(tally, rows, edge) {
  for (const row of rows.filter(({ who }) => !who.startsWith('unbark'))) {
    const own = find(rows, { setting: row.setting, signal: row.signal, who: 'unbark' })
    const place = `${row.setting}, ${row.signal}`
    tally.add(`${row.who}, bands to sound, time`, place, own.ms, row.ms, { edge })
    for (const [key, sign] of [
      ['PESQ', -1],
      ['ESTOI', -1],
      ['bSC', 1],
      ['LSD', 1],
    ])
      tally.add(`${row.who}, bands to sound, ${key}`, place, own[key], row[key], { show: fixed, sign })
  }
}

const OF = { transforms: ofTransforms, grid: ofGrid, inverses: ofInverses, growth: ofGrowth, sound: ofSound }

/** @param noise times that differ by less count as equal */
export function ahead(parts, noise) {
  const tally = new Tally()
  for (const [part, of] of Object.entries(OF)) if (parts[part]) of(tally, parts[part].rows, 1 + noise)
  return tally.lines()
}
