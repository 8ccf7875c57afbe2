/**
 * InverseBarkScale: torchaudio's class and unbark's three solvers on the same bands, by frames, bands, power and threads.
 * An iteration, a run to its own stop, the same seed's result, and how near each result is to the truth.
 */
import { problem } from './inputs.mjs'
import { fixedRuns, iterationCandidates, solverArguments } from './iteration.mjs'
import { difference, measures } from './likeness.mjs'
import { inTurn } from './rounds.mjs'
import { THREADS } from './settings.mjs'

const SEED = 0
/** Up to so many frame iterations a plain run is taken to its own stop, to know where torchaudio would have ended. */
const PLAIN_BOUND = 4e7
const OWN = { auto: { solver: 'sgd', stepping: 'auto' }, nnls: { solver: 'nnls' }, maxent: { solver: 'maxent' } }

async function cell(bench, settings, { frames, nBarks, power, threads }) {
  const given = await problem({ frames, nBarks, power })
  const bands = bench.put(`bands ${frames}/${nBarks}/${power}`, () => given.bark)
  const args = solverArguments(given, bands)
  const where = { frames, nBarks, power, threads }
  const row = (who, more) => ({ ...where, who, ...more })

  const iteration = await inTurn(await iterationCandidates(bench, threads, args, settings.target), settings.repeats)
  const count = frames > 1000 ? 30 : 100
  const same = fixedRuns(bench, threads, args, { maxIter: count, keep: true })
  const away = difference((await same.torchaudio()).data, (await same.unbark()).data)

  const limit = Number.isFinite(settings.limit) ? settings.limit : 1e9
  const theirs = await bench.ask(
    'python',
    threads,
    'torchaudio.solve_watched',
    args.torchaudio({ limit, seed: SEED }),
    true,
  )
  const own = {}
  for (const [name, options] of Object.entries(OWN)) {
    own[name] = await bench.ask('unbark', threads, 'solve', args.unbark({ ...options, threads, seed: SEED }), true)
  }
  const isPlainShort = frames * own.auto.iterations <= PLAIN_BOUND
  const plain = isPlainShort
    ? await bench.ask(
        'unbark',
        threads,
        'solve',
        args.unbark({ solver: 'sgd', stepping: 'plain', threads, seed: SEED }),
        true,
      )
    : undefined
  const end = theirs.isWhole ? theirs.iterations : (plain ?? own.auto).iterations
  const rows = [
    row('torchaudio', {
      iterationMs: iteration.torchaudio,
      ms: theirs.isWhole ? theirs.ms : (theirs.ms / theirs.iterations) * end,
      iterations: end,
      ran: theirs.iterations,
      endFrom: theirs.isWhole ? 'own' : plain ? 'plain' : 'auto',
      ...(await measures(given, theirs.data)),
    }),
    row('sgd, plain', {
      iterationMs: iteration.unbark,
      sameSeed: away,
      sameCount: count,
      ...(plain && {
        ms: plain.ms,
        iterations: plain.iterations,
        endFrom: 'own',
        ...(await measures(given, plain.data)),
      }),
    }),
  ]
  const label = { auto: 'sgd, auto', nnls: 'nnls', maxent: 'maxent' }
  const short = Object.fromEntries(
    ['nnls', 'maxent'].map((name) => [
      name,
      async () => (await bench.ask('unbark', threads, 'solve', args.unbark({ ...OWN[name], threads }))).ms,
    ]),
  )
  const exact = await inTurn(short, settings.repeats)
  for (const [name, { ms, iterations, data }] of Object.entries(own)) {
    rows.push(
      row(label[name], { ms: exact[name]?.value ?? ms, iterations, endFrom: 'own', ...(await measures(given, data)) }),
    )
  }
  return rows
}

export function cases(settings) {
  return settings.frames.flatMap((frames) =>
    settings.bands.flatMap((nBarks) =>
      [1, 2].flatMap((power) =>
        THREADS.map((threads) => ({
          key: `${frames} frames, ${nBarks} bands, power ${power}, ${threads}`,
          run: (bench) => cell(bench, settings, { frames, nBarks, power, threads }),
        })),
      ),
    ),
  )
}
