/** Ratios of peers' times to unbark's, each round's by itself, against the kept ones. */
import { table } from '../quality/sound-tables.mjs'
import { Bench } from './bench.mjs'
import { install } from './environment.mjs'
import { describe } from './facts.mjs'
import { times } from './figures.mjs'
import { problem } from './inputs.mjs'
import { iterationCandidates, solverArguments } from './iteration.mjs'
import { QUIET, watchOthers } from './others.mjs'
import { find, readPart } from './results.mjs'
import { summary, timesInTurn } from './rounds.mjs'
import { HALF_MINUTE } from './settings.mjs'
import { transforms } from './transforms.mjs'

const [REPEATS, TARGET_MS] = [9, 150]
/** Other weather: what the same build on the same machine was seen to move by from run to run, beside the noise. */
const LEAST_NOISE = 0.1

/** Rounds of the peer's time over unbark's. */
function ratiosOf({ theirs, ours }) {
  const ratios = theirs.map((ms, i) => ms / ours[i])
  return summary(ratios)
}

async function iteration(bench, threads, frames) {
  const given = await problem({ frames, nBarks: 128, power: 2 })
  const args = solverArguments(
    given,
    bench.put(`bands ${frames}/128/2`, () => given.bark),
  )
  const { torchaudio, unbark } = await iterationCandidates(bench, threads, args, TARGET_MS)
  return timesInTurn({ theirs: torchaudio, ours: unbark }, REPEATS)
}

/** An iteration of torchaudio over a whole solve of unbark: both on half a minute. */
async function solve(bench, options) {
  const given = await problem({ frames: HALF_MINUTE, nBarks: 128, power: 2 })
  const args = solverArguments(
    given,
    bench.put(`bands ${HALF_MINUTE}/128/2`, () => given.bark),
  )
  const { torchaudio } = await iterationCandidates(bench, 1, args, TARGET_MS)
  const ours = async () => (await bench.ask('unbark', 1, 'solve', args.unbark({ ...options, threads: 1 }))).ms
  return timesInTurn({ theirs: torchaudio, ours }, options.solver === 'sgd' ? 3 : REPEATS)
}

/** [name, the kept ratio, what measures it again]. */
async function checks(bench, grid, kept) {
  const cell = (frames, threads, who, key) => find(grid, { frames, nBarks: 128, power: 2, threads, who })?.[key]
  const list = [400, HALF_MINUTE].flatMap((frames) =>
    [1, 2].map((threads) => [
      `sgd plain, an iteration of ${frames} frames, threads ${threads}`,
      cell(frames, threads, 'torchaudio', 'iterationMs') / cell(frames, threads, 'sgd, plain', 'iterationMs'),
      () => iteration(bench, threads, frames),
    ]),
  )
  for (const [name, options] of [
    ['sgd, auto', { solver: 'sgd' }],
    ['nnls', { solver: 'nnls' }],
    ['maxent', { solver: 'maxent' }],
  ]) {
    const ratio = cell(HALF_MINUTE, 1, 'torchaudio', 'iterationMs') / cell(HALF_MINUTE, 1, name, 'ms')
    list.push([`${name}, half a minute, over an iteration of torchaudio`, ratio, () => solve(bench, options)])
  }
  for (const [what, { torchaudio, unbark }] of Object.entries(await transforms(bench, 30, 1))) {
    const at = (who) => find(kept, { what, threads: 1, who })?.ms
    const each = (ask) => async () => (await ask(false)).ms
    list.push([
      what,
      at('torchaudio') / at('unbark'),
      () => timesInTurn({ theirs: each(torchaudio), ours: each(unbark) }, REPEATS, 2),
    ])
  }
  return list
}

export async function guard() {
  const [grid, kept] = [readPart('grid', 'results'), readPart('transforms', 'results')]
  if (!grid || !kept)
    throw new Error('bench/results: expected peers-grid.json and peers-transforms.json; npm run bench:peers makes them')
  install()
  const facts = await describe()
  const noise = Math.max(LEAST_NOISE, ...Object.values(facts.noise), ...Object.values(grid.head.noise))
  const bench = new Bench(facts.waiting)
  const others = watchOthers()
  const rows = []
  try {
    for (const [name, before, run] of await checks(bench, grid.rows, kept.rows)) {
      if (!Number.isFinite(before)) continue
      const { value, low, high } = ratiosOf(await run())
      // quartiles of this run's rounds: half of what is seen lies outside
      const slack = noise + (high - low) / (2 * value)
      rows.push({ name, before, value, low, high, change: value / before - 1, isWorse: value < before * (1 - slack) })
    }
  } finally {
    bench.close()
  }
  const disturbance = others()
  const worse = rows.filter(({ isWorse }) => isWorse)
  const lines = rows.map((r) => [
    r.name,
    times(r.before),
    `${times(r.value)} (${times(r.low)} to ${times(r.high)})`,
    `${r.change < 0 ? '' : '+'}${(100 * r.change).toFixed(0)} %`,
    r.isWorse ? '**worse**' : '',
  ])
  const elsewhere =
    facts.machine === grid.head.machine
      ? ''
      : ` These are of another machine (${grid.head.machine}): ratios differ between machines.`
  const verdict =
    worse.length === 0
      ? 'No ratio got worse by more than the noise.'
      : `Worse by more than the noise: ${worse.map(({ name }) => name).join('; ')}.`
  const text = [
    `${facts.machine}. Kept: commit ${grid.head.commit}, ${grid.head.date}.${elsewhere} Noise ${(100 * noise).toFixed(0)} %.`,
    table(["the peer's time over unbark's", 'kept', 'now (quartiles)', 'change', ''], lines),
    verdict,
    ...(disturbance > QUIET
      ? [
          `Other programs took ${(100 * disturbance).toFixed(0)} % of a core meanwhile: run it again when they are done.`,
        ]
      : []),
  ].join('\n\n')
  return { text, worse: worse.length }
}
