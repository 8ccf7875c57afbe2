/**
 * The recordings of a folder, cut into clips by a rule that no measurement has a say in:
 *
 * - every .wav of the folder, in the order of names; channels averaged, brought to 16 kHz;
 * - cut into as few equal pieces of at most 6 s as there can be;
 * - of these the first five that have at least 3 s and are not silent (a sample beyond -60 dB of full scale);
 * - but none whose samples are those of the example's speech, which stands in the tables already.
 */
import fs from 'node:fs'
import path from 'node:path'
import { load } from '../../dist/audio.js'
import { SAMPLE_RATE } from './signals.mjs'

const [MOST_SECONDS, LEAST_SECONDS, MOST_CLIPS, SILENCE] = [6, 3, 5, 1e-3]

export const EXAMPLE = new URL('../../examples/speech.wav', import.meta.url)

/** A file's sound, mono at 16 kHz. */
export async function loadMono(file) {
  const { waveform, sampleRate } = await load(file)
  const [channels, samples] = waveform.shape
  const mono = new Float32Array(samples)
  for (let i = 0; i < waveform.data.length; i++) mono[i % samples] += waveform.data[i] / channels
  return sampleRate === SAMPLE_RATE ? mono : resample(mono, sampleRate)
}

/** Band-limited interpolation, a sinc of 32 zero crossings a side under a Hann window, 5 % below the lower Nyquist. */
function resample(sound, sampleRate) {
  const step = sampleRate / SAMPLE_RATE
  const cut = 0.95 / Math.max(1, step)
  const reach = 32 / cut
  return Float32Array.from({ length: Math.floor(sound.length / step) }, (_, n) => {
    const at = n * step
    let sum = 0
    for (let k = Math.max(0, Math.ceil(at - reach)); k <= Math.min(sound.length - 1, at + reach); k++) {
      const x = Math.PI * (at - k)
      const sinc = x === 0 ? cut : Math.sin(cut * x) / x
      sum += sound[k] * sinc * (0.5 + 0.5 * Math.cos(x / reach))
    }
    return sum
  })
}

function pieces(sound) {
  const count = Math.ceil(sound.length / (MOST_SECONDS * SAMPLE_RATE))
  const size = Math.floor(sound.length / Math.max(1, count))
  const all = Array.from({ length: count }, (_, i) => sound.slice(i * size, (i + 1) * size))
  const isLoud = (piece) => piece.some((x) => Math.abs(x) > SILENCE)
  return all.filter((piece) => piece.length >= LEAST_SECONDS * SAMPLE_RATE && isLoud(piece)).slice(0, MOST_CLIPS)
}

/** @returns [name, samples] of every clip of the folder */
export async function voices(folder) {
  const example = await loadMono(EXAMPLE)
  const isExample = (piece) => piece.length === example.length && piece.every((x, i) => x === example[i])
  const clips = []
  const files = fs.readdirSync(folder).filter((name) => /\.wav$/i.test(name))
  if (files.length === 0) throw new RangeError(`VOICES: expected a folder with .wav files, got ${folder}`)
  for (const name of files.toSorted()) {
    const found = pieces(await loadMono(path.join(folder, name))).filter((piece) => !isExample(piece))
    found.forEach((data, i) => {
      clips.push([`${name.replace(/\.wav$/i, '')}-${i + 1}`, data])
    })
  }
  return clips
}
