/** The machine, the versions, and how far two measurements of the same thing come apart on it. */
import os from 'node:os'
import { Bench } from './bench.mjs'
import { LIBSONARE } from './environment.mjs'
import { problem } from './inputs.mjs'
import { fixedRuns, solverArguments } from './iteration.mjs'
import { noiseOf, summary } from './rounds.mjs'
import { HALF_MINUTE, N_FFT, THREADS } from './settings.mjs'

const REPEATS = 9
const WAITING = { default: undefined, passive: 'PASSIVE' }

/**
 * Which of OMP_WAIT_POLICY's values torch is fastest with on all threads; undefined is the library's own default. ACTIVE is
 * none of them: its threads look for work after a call too, for minutes, on the core that the next candidate needs.
 */
async function bestWaiting(given) {
  const found = []
  for (const [name, policy] of Object.entries(WAITING)) {
    const bench = new Bench(policy)
    const args = solverArguments(
      given,
      bench.put('bands', () => given.bark),
    )
    const times = []
    for (let i = 0; i < REPEATS; i++) {
      times.push((await fixedRuns(bench, THREADS.at(-1), args, { maxIter: 40 }).torchaudio()).ms)
    }
    bench.close()
    found.push({ name, policy, ms: summary(times.slice(2)).value })
  }
  return found.toSorted((a, b) => a.ms - b.ms)
}

export async function describe() {
  const given = await problem({ frames: 400, nBarks: 128, power: 2 })
  const order = await bestWaiting(given)
  const bench = new Bench(order[0].policy)
  try {
    const half = await problem({ frames: HALF_MINUTE, nBarks: 128, power: 2 })
    const torch = solverArguments(
      given,
      bench.put('bands 400/128/2', () => given.bark),
    )
    const own = solverArguments(
      half,
      bench.put(`bands ${HALF_MINUTE}/128/2`, () => half.bark),
    )
    const waveform = bench.put('noise', () => ({
      data: Float32Array.from({ length: 480_000 }, (_, i) => Math.sin(i * i)),
      shape: [480_000],
    }))
    const noise = {
      'torchaudio, 40 iterations of 400 frames': await noiseOf(
        async () => (await fixedRuns(bench, 1, torch, { maxIter: 40 }).torchaudio()).ms,
        REPEATS,
      ),
      'torchaudio, Spectrogram': await noiseOf(
        async () => (await bench.ask('python', 1, 'torchaudio.spectrogram', { waveform, n_fft: N_FFT })).ms,
        REPEATS,
      ),
      'unbark, maxent on half a minute': await noiseOf(
        async () => (await bench.ask('unbark', 1, 'solve', own.unbark({ solver: 'maxent', threads: 1 }))).ms,
        REPEATS,
      ),
    }
    const [{ versions: torchVersions, blas }, { versions, kernels }] = [
      await bench.ask('python', 1, 'torchaudio.facts', {}),
      await bench.ask('python', 1, 'librosa.facts', {}),
    ]
    return {
      machine: `${os.cpus()[0].model.trim()}, ${os.cpus().length} cores, Node ${process.versions.node}`,
      date: new Date().toISOString().slice(0, 10),
      versions: { ...torchVersions, ...versions, libsonare: LIBSONARE },
      blas: { torch: blas, numpy: kernels },
      waiting: order[0].policy,
      waitingMs: Object.fromEntries(order.map(({ name, ms }) => [name, ms])),
      noise,
    }
  } finally {
    bench.close()
  }
}
