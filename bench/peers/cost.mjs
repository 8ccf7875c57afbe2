/** Install size, time from the start of a process to its first result, and peak memory on half a minute of bands. */
import { installSizes, libsonareChild, pythonChild, unbarkChild } from './environment.mjs'
import { bankOf, problem } from './inputs.mjs'
import { solverArguments } from './iteration.mjs'
import { summary } from './rounds.mjs'
import { HALF_MINUTE } from './settings.mjs'

async function run(bench, { repeats }) {
  const given = await problem({ frames: HALF_MINUTE, nBarks: 128, power: 2 })
  const bands = bench.put(`bands ${HALF_MINUTE}/128/2`, () => given.bark)
  const few = await problem({ frames: 8, nBarks: 128, power: 2 })
  const fewBands = bench.put('bands 8/128/2', () => few.bark)
  const bank = bench.put('bank 513/128', () => bankOf(given))
  const [small, large] = [fewBands, bands].map((array) => solverArguments(given, array))
  const torch = (args) => ({ call: 'torchaudio.solve', args: args.torchaudio({ max_iter: 100 }) })
  const numpy = (array) => ({ call: 'librosa.nnls', args: { bank, bands: array } })
  const own = (solver) => (args) => ({
    call: 'solve',
    args: args.unbark({ solver, threads: 1, ...(solver === 'sgd' && { maxIter: 100 }) }),
  })
  const mel = (array) => ({ call: 'solve', args: { bands: array, sampleRate: 16000, nFft: 1024 } })
  const all = {
    'torchaudio, 100 iterations': [() => pythonChild(['torchaudio_calls'], 1), torch(small), torch(large)],
    'librosa nnls, 8 frames': [() => pythonChild(['librosa_calls'], 1), numpy(fewBands), numpy(fewBands)],
    libsonare: [libsonareChild, mel(fewBands), mel(bands)],
    'sgd, 100 iterations': [unbarkChild, own('sgd')(small), own('sgd')(large)],
    nnls: [unbarkChild, own('nnls')(small), own('nnls')(large)],
    maxent: [unbarkChild, own('maxent')(small), own('maxent')(large)],
  }
  const runs = Object.fromEntries(Object.keys(all).map((who) => [who, []]))
  for (let i = 0; i < repeats; i++) {
    for (const [who, [start, first, second]] of Object.entries(all))
      runs[who].push(await bench.alone(start, first, second))
  }
  return Object.entries(runs).map(([who, list]) => ({
    who,
    startMs: summary(list.map(({ startMs }) => startMs)).value,
    peakBytes: summary(list.map(({ after }) => after)).value,
    aboveBytes: summary(list.map(({ before, after }) => after - before)).value,
  }))
}

export function cases(settings) {
  return [
    { key: 'processes', run: (bench) => run(bench, settings) },
    { key: 'install', run: () => Object.entries(installSizes()).map(([who, installBytes]) => ({ who, installBytes })) },
  ]
}
