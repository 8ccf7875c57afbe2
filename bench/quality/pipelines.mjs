/** The ways from bands to sound that are compared. */
import * as unbark from '../../dist/index.js'
import { heapPhases } from './pghi.mjs'
import { admm, fastGriffinLim } from './phase-recovery.mjs'
import { pseudoInverse } from './solvers.mjs'

const { BarkScale, BarkStream, GriffinLim, InverseBarkScale, InverseBarkSpectrogram } = unbark

export const N_FFT = 1024
const N_STFT = N_FFT / 2 + 1
const SEED = 0

/** Whether this build has the class that goes from bands to sound at once. */
export const HAS_JOINT = InverseBarkSpectrogram !== undefined
export const ABSENT = 'InverseBarkSpectrogram is not in this build: THE ROWS OF THE JOINT METHOD ARE MISSING.'

const bank = ({ bands, sampleRate }) => ({ nStft: N_STFT, nBarks: bands, sampleRate, onWarning() {} })

/** Solver by name; each takes bands to |X|^power. */
const magnitudes = {
  nnls: (setting) => solver(setting, 'nnls'),
  maxent: (setting) => solver(setting, 'maxent'),
  'pseudo-inverse': (setting) => pseudoInverse(undefined, new BarkScale(bank(setting)).filterbank),
  // what torchaudio's SGD tends to: of all S >= 0 with these bands the nearest to its start, uniform in [0, 1)
  limit: (setting) => {
    const start = new InverseBarkScale({ ...bank(setting), maxIter: 0, seed: SEED })
    const solve = solver(setting, 'nnls')
    return async (bark) => solve(bark, { init: await start.forward(bark) })
  },
}

function solver(setting, name) {
  const inverse = new InverseBarkScale({ ...bank(setting), solver: name, threads: 1 })
  return (bark, options) => inverse.forward(bark, options)
}

const cascade = (magnitude, phase, method, iterations) => ({ magnitude, phase, method, iterations })

/** torchaudio's default pipeline, and librosa's: NNLS of least norm, then 32 iterations, momentum 0.99, random phases. */
const UPSTREAM = {
  torchaudio: cascade('limit', 'random', 'griffin-lim', 32),
  librosa: cascade('nnls', 'random', 'griffin-lim', 32),
}

/**
 * The eight cascades of which the best is what the joint method is held against, chosen before anything was measured. All
 * four magnitudes with random phases; of the two that are spectra rather than noise or ripple, also from PGHI, by fast
 * Griffin-Lim and by ADMM.
 */
const EIGHT = {
  'limit, random, GL': cascade('limit', 'random', 'griffin-lim', 100),
  'pseudo-inverse, random, GL': cascade('pseudo-inverse', 'random', 'griffin-lim', 100),
  'nnls, random, GL': cascade('nnls', 'random', 'griffin-lim', 100),
  'nnls, PGHI, GL': cascade('nnls', 'pghi', 'griffin-lim', 100),
  'nnls, PGHI, ADMM': cascade('nnls', 'pghi', 'admm', 100),
  'maxent, random, GL': cascade('maxent', 'random', 'griffin-lim', 100),
  'maxent, PGHI, GL': cascade('maxent', 'pghi', 'griffin-lim', 100),
  'maxent, PGHI, ADMM': cascade('maxent', 'pghi', 'admm', 100),
}

/** The package's class; its own cascade stands beside the eight, not among them, since it shares code with the joint. */
const OURS = {
  "class, 'griffin-lim'": { method: 'griffin-lim', iterations: 100, pitch: false },
  'joint, no pitch': { method: 'joint', iterations: 100, pitch: false },
  'joint, 32': { method: 'joint', iterations: 32, pitch: true },
  joint: { method: 'joint', iterations: 100, pitch: true },
}

export const CASCADES = Object.keys(EIGHT)
/** The cascades that begin from the joint method's prior. */
export const SAME_PRIOR = CASCADES.filter((name) => name.startsWith('maxent'))
export const PIPELINES = [...Object.keys(UPSTREAM), ...CASCADES, ...(HAS_JOINT ? [...Object.keys(OURS), 'stream'] : [])]

/** One of the class's own results. */
async function invertAtOnce(options, bark, { hop, bands, power, sampleRate, samples }) {
  const given = {
    ...options,
    sampleRate,
    nFft: N_FFT,
    hopLength: hop,
    nBarks: bands,
    power,
    seed: SEED,
    length: samples,
  }
  const inverse = new InverseBarkSpectrogram({ ...given, solver: 'maxent', phase: 'pghi', threads: 1, onWarning() {} })
  return (await inverse.forward(bark)).data
}

/** A frame at a time, with BarkStream's look-ahead and iterations. */
function live({ data, shape }, { hop, bands, power, sampleRate, samples }) {
  const [nBarks, frames] = shape.slice(-2)
  const stream = new BarkStream({ sampleRate, nFft: N_FFT, hopLength: hop, nBarks: bands, power, onWarning() {} })
  const out = new Float32Array(samples)
  let at = 0
  const take = (hop) => {
    out.set(hop.subarray(0, samples - at), at)
    at += hop.length
  }
  for (let t = 0; t < frames; t++)
    take(stream.push(Float32Array.from({ length: nBarks }, (_, k) => data[k * frames + t])))
  take(stream.flush())
  return out
}

/** @yields [pipeline, samples] for the bands of a clip, [bands, frames] */
export async function* render(bark, setting) {
  const { hop, power, samples } = setting
  const frames = bark.shape.at(-1)
  const [spectra, starts] = [{}, {}]
  for (const [name, { magnitude, phase, method, iterations }] of Object.entries({ ...UPSTREAM, ...EIGHT })) {
    spectra[magnitude] ??= await magnitudes[magnitude](setting)(bark)
    if (phase === 'random') {
      const options = { nFft: N_FFT, hopLength: hop, power, nIter: iterations, momentum: 0.99, length: samples }
      yield [name, (await new GriffinLim({ ...options, seed: SEED }).forward(spectra[magnitude])).data]
      continue
    }
    const amplitudes = spectra[magnitude].data.map((s) => s ** (1 / power))
    starts[magnitude] ??= heapPhases(amplitudes, { nFft: N_FFT, hop, seed: SEED })
    const recover = method === 'admm' ? admm : fastGriffinLim
    yield [name, await recover(amplitudes, starts[magnitude], iterations, { nFft: N_FFT, hop, samples, frames })]
  }
  if (!HAS_JOINT) return
  for (const [name, options] of Object.entries(OURS)) yield [name, await invertAtOnce(options, bark, setting)]
  yield ['stream', live(bark, setting)]
}
