/**
 * Whole pipelines from bands to sound, hop 256, on half a minute of speech and on files that are named: time, PESQ and
 * ESTOI (bench/pesq), convergence of the bands, and log-spectral distance.
 */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { encodeWav } from '../../dist/audio.js'
import { measureFolder } from '../pesq/environment.mjs'
import { SAMPLE_RATE } from '../quality/signals.mjs'
import { Ear } from '../quality/sound-measures.mjs'
import { loadMono } from '../quality/voices.mjs'
import { bankOf, speech } from './inputs.mjs'
import { solverArguments } from './iteration.mjs'
import { N_FFT } from './settings.mjs'

const N_STFT = N_FFT / 2 + 1

/** Everyone's sound and milliseconds for the bands of a waveform. */
async function everyone(bench, settings, name, samples, { hop, nBarks, power }, bark) {
  const [length, setting] = [samples.length, `${name} ${hop}/${nBarks}/${power}`]
  const bands = bench.put(`bands of ${setting}`, () => bark)
  const given = { nStft: N_STFT, nBarks }
  const args = solverArguments(given, bands)
  const bank = bench.put(`bank ${N_STFT}/${nBarks}`, () => bankOf(given))
  const shape = [N_STFT, bark.shape.at(-1)]
  const limit = Number.isFinite(settings.limit) ? settings.limit : 1e9
  const torchaudio = async () => {
    const run = await bench.ask('python', 1, 'torchaudio.solve_watched', args.torchaudio({ limit }))
    // the whole run's spectrogram is unbark's, which the grid holds to be the same; the time is the real class's
    const whole = await bench.ask('unbark', 1, 'solve', args.unbark({ solver: 'sgd', threads: 1 }), true)
    const ms = run.isWhole ? run.ms : (run.ms / run.iterations) * whole.iterations
    const spectrogram = bench.put(`sgd ${setting}`, () => ({ data: whole.data, shape }))
    const options = { n_fft: N_FFT, hop_length: hop, power, length }
    const sound = await bench.ask('python', 1, 'torchaudio.griffin_lim', { spectrogram, ...options }, true)
    return { ms: ms + sound.ms, data: sound.data, isWhole: run.isWhole }
  }
  const librosa = async () => {
    const inverse = await bench.ask('python', 1, 'librosa.nnls', { bank, bands }, true)
    const magnitudes = bench.put(`nnls ${setting}`, () => ({ data: inverse.data.map((x) => x ** (1 / power)), shape }))
    const options = { n_fft: N_FFT, hop_length: hop, n_iter: 32, length }
    const sound = await bench.ask('python', 1, 'librosa.griffin_lim', { magnitudes, ...options }, true)
    return { ms: inverse.ms + sound.ms, data: sound.data }
  }
  const libsonare = async () => {
    const waveform = bench.put(`sound ${name}`, () => ({ data: samples, shape: [length] }))
    const options = { sampleRate: SAMPLE_RATE, nFft: N_FFT, hopLength: hop }
    const mel = await bench.ask('libsonare', 1, 'mel', { waveform, ...options, nMels: nBarks }, true)
    const melBands = bench.put(`mel of ${setting}`, () => mel)
    return bench.ask('libsonare', 1, 'sound', { bands: melBands, ...options, nIter: 32 }, true)
  }
  const own = async (iterations) => {
    const options = { sampleRate: SAMPLE_RATE, nFft: N_FFT, hopLength: hop, nBarks, power, iterations, length }
    return bench.ask('unbark', 1, 'sound', { input: bands, ...options, seed: 0, threads: 1 }, true)
  }
  return { torchaudio, librosa, libsonare, 'unbark, 32': () => own(32), unbark: () => own(100) }
}

function write(folder, name, data) {
  const waveform = { data, shape: [data.length] }
  fs.writeFileSync(path.join(folder, name), encodeWav({ waveform, sampleRate: SAMPLE_RATE }))
  return name
}

async function run(bench, settings, setting, name, samples) {
  const [hop, nBarks, power] = setting.split('/').map(Number)
  const ear = new Ear({ nFft: N_FFT, hop, bands: nBarks, power, sampleRate: SAMPLE_RATE })
  const original = await ear.hear(samples)
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'unbark-peers-sound-'))
  try {
    const list = []
    const first = write(folder, 'original.wav', samples)
    const all = await everyone(bench, settings, name, samples, { hop, nBarks, power }, original.bark)
    for (const [who, make] of Object.entries(all)) {
      const { ms, data, isWhole } = await make()
      const sound = new Float32Array(samples.length)
      sound.set(data.subarray(0, samples.length))
      const { bSC, LSD } = ear.compare(original, await ear.hear(sound))
      list.push({
        setting,
        signal: name,
        seconds: samples.length / SAMPLE_RATE,
        who,
        ms,
        isWhole,
        bSC,
        LSD,
        original: first,
        estimate: write(folder, `${list.length}.wav`, sound),
      })
    }
    fs.writeFileSync(path.join(folder, 'list.json'), JSON.stringify(list))
    return measureFolder(folder).map(({ original, estimate, ...row }) => row)
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

export async function cases(settings) {
  const named = await Promise.all(settings.files.map(async (file) => [path.basename(file), await loadMono(file)]))
  const sounds = [['speech', speech(settings.seconds * SAMPLE_RATE)], ...named]
  return settings.sounds.flatMap((setting) =>
    sounds.map(([name, samples]) => ({
      key: `${setting}, ${name}`,
      run: (bench) => run(bench, settings, setting, name, samples),
    })),
  )
}
