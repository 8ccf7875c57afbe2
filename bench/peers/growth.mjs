/** How time and memory grow with frames, bins, bands, iterations and threads, one of them at a time. */
import { repeated } from '../speech.mjs'
import { pythonChild, unbarkChild } from './environment.mjs'
import { bankOf, problem } from './inputs.mjs'
import { fixedRuns, iterationCandidates, solverArguments } from './iteration.mjs'
import { inTurn } from './rounds.mjs'
import { HALF_MINUTE, THREADS } from './settings.mjs'

const [FRAMES, BINS, BANDS] = [400, 513, 64]
/** SGD's iterations in a run whose memory and time by frames are measured. */
const STEPS = 20

/** Time and peak memory of one call on so many frames, in a process of its own, after a call on a few. */
async function byFrames(bench, frames) {
  const given = await problem({ frames: Math.min(frames, 5625), nBarks: 128, power: 2 })
  const small = solverArguments(
    given,
    bench.put('bands growth', () => repeated(given.bark, 45)),
  )
  const large = solverArguments(
    given,
    bench.put(`bands growth ${frames}`, () => repeated(given.bark, frames)),
  )
  const bank = bench.put('bank 513/128', () => bankOf(given))
  const torch = (args) => args.torchaudio({ max_iter: STEPS, tolerance_loss: 0, tolerance_change: 0 })
  const sgd = (args) => args.unbark({ solver: 'sgd', maxIter: STEPS, toleranceLoss: 0, toleranceChange: 0, threads: 1 })
  const both = (call, of) => [small, large].map((args) => ({ call, args: of(args) }))
  const numpy = (call, args) => ({ call: `librosa.${call}`, args: { bank, bands: args.unbark({}).bands } })
  const python = (module) => () => pythonChild([module], 1)
  const all = {
    [`torchaudio, ${STEPS} iterations`]: [python('torchaudio_calls'), both('torchaudio.solve', torch)],
    'pseudo-inverse': [python('librosa_calls'), [small, large].map((args) => numpy('pseudo_inverse_kept', args))],
    ...(frames <= 100 && {
      'librosa nnls': [python('librosa_calls'), [small, large].map((args) => numpy('nnls', args))],
    }),
    [`sgd, ${STEPS} iterations`]: [unbarkChild, both('solve', sgd)],
    nnls: [unbarkChild, both('solve', (args) => args.unbark({ solver: 'nnls', threads: 1 }))],
    maxent: [unbarkChild, both('solve', (args) => args.unbark({ solver: 'maxent', threads: 1 }))],
  }
  const rows = []
  for (const [who, [start, [first, second]]] of Object.entries(all)) {
    const { ms, before, after } = await bench.alone(start, first, second)
    rows.push({ along: 'frames', at: frames, who, ms, bytes: after, above: after - before })
  }
  return rows
}

/** An iteration of either, both exact solvers and the pseudo-inverse, at one size. */
async function atSize(bench, settings, along, at, size, threads = 1) {
  const given = await problem({ power: 2, ...size, hop: 256, nFft: 2 * (size.nStft - 1) })
  const bands = bench.put(`bands ${along} ${at}`, () => given.bark)
  const bank = bench.put(`bank ${given.nStft}/${given.nBarks}`, () => bankOf(given))
  const args = solverArguments(given, bands)
  const own = (solver) => async () => (await bench.ask('unbark', threads, 'solve', args.unbark({ solver, threads }))).ms
  const iterations = await iterationCandidates(bench, threads, args, settings.target / 2)
  const times = await inTurn(
    {
      'torchaudio, an iteration': iterations.torchaudio,
      'sgd, an iteration': iterations.unbark,
      'pseudo-inverse': async () =>
        (await bench.ask('python', threads, 'librosa.pseudo_inverse_kept', { bank, bands })).ms,
      nnls: own('nnls'),
      maxent: own('maxent'),
    },
    settings.repeats,
  )
  return Object.entries(times).map(([who, { value }]) => ({ along, at, who, ms: value }))
}

/** Whole runs of so many iterations of half a minute; torchaudio's as far as the limit allows. */
async function byIterations(bench, settings, maxIter) {
  const given = await problem({ frames: HALF_MINUTE, nBarks: 128, power: 2 })
  const args = solverArguments(
    given,
    bench.put(`bands ${HALF_MINUTE}/128/2`, () => given.bark),
  )
  const rows = []
  const add = (who, ms) => rows.push({ along: 'iterations', at: maxIter, who, ms })
  // an iteration of it takes some milliseconds
  if (maxIter * 5e-3 < Math.max(10, settings.limit)) {
    add('torchaudio', (await fixedRuns(bench, 1, args, { maxIter }).torchaudio()).ms)
  }
  for (const stepping of ['plain', 'auto']) {
    add(`sgd, ${stepping}`, (await fixedRuns(bench, 1, args, { maxIter, stepping }).unbark()).ms)
  }
  return rows
}

export function cases(settings) {
  const of = (along, at, run) => ({ key: `${along} ${at}`, run })
  const size = (nStft, nBarks, frames = FRAMES) => ({ nStft, nBarks, frames })
  return [
    ...settings.growthBins.map((at) => of('bins', at, (bench) => atSize(bench, settings, 'bins', at, size(at, BANDS)))),
    ...settings.growthBands.map((at) =>
      of('bands', at, (bench) => atSize(bench, settings, 'bands', at, size(BINS, at))),
    ),
    ...THREADS.map((at) =>
      of('threads', at, (bench) => atSize(bench, settings, 'threads', at, size(BINS, 128, settings.frames.at(-1)), at)),
    ),
    ...settings.iterations.map((at) => of('iterations', at, (bench) => byIterations(bench, settings, at))),
    ...settings.growthFrames.map((at) => of('frames', at, (bench) => byFrames(bench, at))),
  ]
}
