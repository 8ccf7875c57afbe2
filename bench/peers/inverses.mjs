/**
 * Every way back from bands on half a minute of speech, on the project's own signals and on files that are named:
 * torchaudio's SGD, librosa's nnls, the clipped pseudo-inverse, libsonare on mel bands of its own, and unbark's solvers.
 */
import path from 'node:path'
import { Spectrogram } from '../../dist/index.js'
import { median } from '../clock.mjs'
import { SAMPLE_RATE, signals } from '../quality/signals.mjs'
import { loadMono } from '../quality/voices.mjs'
import { bandsOf, bankOf, problem, speech } from './inputs.mjs'
import { solverArguments } from './iteration.mjs'
import { measures } from './likeness.mjs'
import { summary, timesInTurn } from './rounds.mjs'
import { HOP, N_FFT, THREADS } from './settings.mjs'

/** What keeps a process for longer than this is run once; what is done in less than that, several times in a round. */
const [LONG_MS, SHORT_MS] = [15_000, 500]
const CALLS = 5

async function medianOf(calls, time) {
  const times = []
  for (let i = 0; i < calls; i++) times.push(await time())
  return median(times)
}

/** @param who { name: async (keep) => reply } */
async function compare(given, who, head, repeats) {
  const rows = []
  const repeated = {}
  for (const [name, ask] of Object.entries(who)) {
    const start = performance.now()
    const { data, ms, ran, iterations, truth, endFrom } = await ask(true)
    const took = performance.now() - start
    if (took < LONG_MS) repeated[name] = () => medianOf(took < SHORT_MS ? CALLS : 1, async () => (await ask(false)).ms)
    const near = truth === undefined ? await measures(given, data) : truth
    rows.push({ ...head, who: name, ms, ...(iterations && { iterations, ran, endFrom }), ...near })
  }
  // the calls above are what warms up
  const times = await timesInTurn(repeated, repeats, 0)
  for (const row of rows)
    if (times[row.who]) Object.assign(row, { ...summary(times[row.who]), ms: summary(times[row.who]).value })
  return rows.map(({ value, ...row }) => row)
}

/** Everyone's call on one problem; those with one thread only are left out of runs with more. */
function everyone(bench, settings, given, name, threads, waveform) {
  const bands = bench.put(`bands ${name}`, () => given.bark)
  const bank = bench.put(`bank ${given.nStft}/${given.nBarks}`, () => bankOf(given))
  const args = solverArguments(given, bands)
  const own = (options) => (keep) => bench.ask('unbark', threads, 'solve', args.unbark({ ...options, threads }), keep)
  const numpy = (call) => (keep) => bench.ask('python', threads, `librosa.${call}`, { bank, bands }, keep)
  const limit = Number.isFinite(settings.limit) ? settings.limit : 1e9
  let iterations
  const torchaudio = async (keep) => {
    const run = await bench.ask('python', threads, 'torchaudio.solve_watched', args.torchaudio({ limit }), keep)
    if (run.isWhole) return { ...run, ran: run.iterations, endFrom: 'own' }
    iterations ??= (await own({ solver: 'sgd', stepping: 'auto' })(false)).iterations
    return { ...run, ms: (run.ms / run.iterations) * iterations, iterations, ran: run.iterations, endFrom: 'auto' }
  }
  const calls = {
    torchaudio,
    'librosa nnls': numpy('nnls'),
    'pseudo-inverse': numpy('pseudo_inverse'),
    'pseudo-inverse, kept': numpy('pseudo_inverse_kept'),
    ...(threads === 1 && given.power === 2 && { libsonare: (keep) => libsonare(bench, given, name, waveform, keep) }),
    'sgd, auto': own({ solver: 'sgd', stepping: 'auto' }),
    nnls: own({ solver: 'nnls' }),
    maxent: own({ solver: 'maxent' }),
  }
  return calls
}

/** On its own mel bands of the same sound, against the power spectrogram of that sound. */
async function libsonare(bench, given, name, samples, keep) {
  const options = { sampleRate: SAMPLE_RATE, nFft: N_FFT }
  const waveform = bench.put(`sound ${name}`, () => ({ data: samples, shape: [samples.length] }))
  const mel = await bench.ask(
    'libsonare',
    1,
    'mel',
    { waveform, ...options, hopLength: HOP, nMels: given.nBarks },
    true,
  )
  const bands = bench.put(`mel ${name}/${given.nBarks}`, () => mel)
  const reply = await bench.ask('libsonare', 1, 'solve', { bands, ...options }, keep)
  if (!keep) return reply
  const spectrogram = await new Spectrogram({ nFft: N_FFT, hopLength: HOP }).forward({
    data: samples,
    shape: [samples.length],
  })
  const frames = Math.min(spectrogram.shape[1], reply.shape[1])
  const cut = ({ data, shape: [rows, count] }) =>
    Float32Array.from({ length: rows * frames }, (_, i) => data[Math.floor(i / frames) * count + (i % frames)])
  const truth = await bandsOf({ data: cut(spectrogram), shape: [given.nStft, frames] }, { nBarks: given.nBarks })
  const { convergence, distanceDb, l1 } = await measures({ ...truth, power: 2 }, cut(reply))
  return { ...reply, truth: { convergence, distanceDb, l1 } }
}

async function halfMinute(bench, settings, power, threads) {
  const frames = settings.librosaFrames
  const given = await problem({ frames, nBarks: 128, power })
  const name = `${frames}/128/${power}`
  const head = { signal: `speech, ${frames} frames`, nBarks: 128, power, threads }
  return compare(
    given,
    everyone(bench, settings, given, name, threads, speech(frames * HOP - 1)),
    head,
    settings.repeats,
  )
}

async function sound(bench, settings, signal, samples) {
  const spectrogram = await new Spectrogram({ nFft: N_FFT, hopLength: HOP }).forward({
    data: samples,
    shape: [samples.length],
  })
  const given = { ...(await bandsOf(spectrogram, { nBarks: 128 })), power: 2 }
  const head = { signal, nBarks: 128, power: 2, threads: 1 }
  return compare(given, everyone(bench, settings, given, signal, 1, samples), head, settings.repeats)
}

export async function cases(settings) {
  const long = THREADS.map((threads) => ({
    key: `half a minute, ${threads}`,
    run: (bench) => halfMinute(bench, settings, 2, threads),
  }))
  const own = Object.entries(await signals())
  const named = await Promise.all(settings.files.map(async (file) => [path.basename(file), await loadMono(file)]))
  const each = [...(settings.mode === 'quick' ? own.slice(0, 1) : own), ...named].map(([signal, samples]) => ({
    key: signal,
    run: (bench) => sound(bench, settings, signal, samples),
  }))
  return [...long, ...each]
}
