/** What is asked of unbark beside its peers, and what a run says to it. */
import { find } from './results.mjs'
import { HALF_MINUTE } from './settings.mjs'

const least = (values) => Math.min(...values)
const iterationRatio = (rows, values) => {
  const at = (who) => find(rows, { ...values, who })?.iterationMs
  return at('torchaudio') / at('sgd, plain')
}
export const cells = (rows) => rows.filter(({ who }) => who === 'torchaudio')
export const keyOf = ({ frames, nBarks, power, threads }) => ({ frames, nBarks, power, threads })

/** torchaudio's iteration over unbark's, for every cell of the grid that is picked. */
const ratios = (grid, pick) =>
  cells(grid)
    .filter(pick)
    .map((row) => iterationRatio(grid, keyOf(row)))

function ofGrid({ rows }) {
  const all = [400, HALF_MINUTE].flatMap((frames) => {
    const of = (pick) => least(ratios(rows, (r) => r.frames === frames && r.threads === 1 && pick(r)))
    const name = `sgd plain, an iteration of ${frames} frames, one thread`
    return [
      { asked: `${name}, 128 bands: 20x faster`, value: of(({ nBarks }) => nBarks === 128), bound: 20 },
      { asked: `${name}, the least over bands: 20x faster`, value: of(() => true), bound: 20 },
    ]
  })
  all.push({
    asked: 'sgd plain, never slower an iteration at any size of the grid',
    value: least(ratios(rows, () => true)),
    bound: 1,
  })
  for (const threads of [1, 2]) {
    const at = (who) => find(rows, { frames: HALF_MINUTE, nBarks: 128, power: 2, threads, who })?.ms
    all.push({
      asked: `sgd auto, torchaudio's default run on half a minute, threads ${threads}: 300x`,
      value: at('torchaudio') / at('sgd, auto'),
      bound: 300,
    })
  }
  const at = (who) => find(rows, { frames: HALF_MINUTE, nBarks: 128, power: 2, threads: 1, who })?.ms
  all.push({
    asked: "maxent against torchaudio's default run, one thread: 30 000x",
    value: at('torchaudio') / at('maxent'),
    bound: 30_000,
  })
  return all
}

function ofFloat64({ rows }) {
  const at = (who) => find(rows, { who })?.fromFloat64
  const value = at('torchaudio') / at('sgd, auto')
  return [
    { asked: `sgd auto closer to float64 than torchaudio, after ${rows[0].iterations} iterations`, value, bound: 1 },
  ]
}

function ofInverses({ rows }) {
  const long = rows.filter((r) => r.signal.startsWith('speech, ') && r.threads === 1)
  const maxent = find(long, { who: 'maxent' })
  const all = []
  for (const [who, bound] of [
    ['librosa nnls', 3000],
    ['libsonare', 800],
  ]) {
    const peer = find(long, { who })
    if (!peer) continue
    all.push({ asked: `maxent against ${who}, one thread: ${bound}x`, value: peer.ms / maxent.ms, bound })
  }
  for (const who of ['sgd, auto', 'librosa nnls', 'pseudo-inverse', 'libsonare']) {
    const peer = find(long, { who })
    if (!peer) continue
    const name = who === 'sgd, auto' ? "torchaudio's whole run (as sgd auto has it)" : who
    all.push({
      asked: `maxent better than ${name} by spectral convergence`,
      value: peer.convergence / maxent.convergence,
      bound: 1,
    })
    all.push({
      asked: `maxent better than ${name} by log-spectral distance`,
      value: peer.distanceDb / maxent.distanceDb,
      bound: 1,
    })
  }
  return all
}

function ofTransforms({ rows }) {
  return rows
    .filter(({ who, threads }) => who === 'torchaudio' && threads === 1)
    .map(({ what, ms }) => ({
      asked: `${what}: not slower than torchaudio, one thread`,
      value: ms / find(rows, { what, threads: 1, who: 'unbark' }).ms,
      bound: 1,
    }))
}

function ofSound({ rows }) {
  return rows
    .filter(({ who }) => !who.startsWith('unbark'))
    .flatMap((peer) => {
      const own = find(rows, { setting: peer.setting, signal: peer.signal, who: 'unbark' })
      const name = `${peer.setting}, ${peer.signal}, against ${peer.who}`
      return [
        { asked: `${name}: PESQ`, value: own.PESQ / peer.PESQ, bound: 1 },
        { asked: `${name}: ESTOI`, value: own.ESTOI / peer.ESTOI, bound: 1 },
        { asked: `${name}: convergence of the bands`, value: peer.bSC / own.bSC, bound: 1 },
        { asked: `${name}: time`, value: peer.ms / own.ms, bound: 1 },
      ]
    })
}

const OF = { grid: ofGrid, float64: ofFloat64, inverses: ofInverses, transforms: ofTransforms, sound: ofSound }

/** @returns rows { asked, value, bound, isMet }; above 1 is always unbark's side */
export function asked(parts) {
  return Object.entries(OF)
    .flatMap(([part, of]) => (parts[part] ? of(parts[part]) : []))
    .filter(({ value }) => Number.isFinite(value)) // a trial has not every size
    .map((row) => ({ ...row, isMet: row.value >= row.bound }))
}
