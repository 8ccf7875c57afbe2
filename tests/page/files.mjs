/** Files for the page: sound of every shape, bands, and what is none of them. */
import fs from 'node:fs'
import { fileURLToPath } from 'node:url'
import { encodeWav } from '../../dist/audio.js'
import { BarkSpectrogram } from '../../dist/index.js'
import { writeNpy } from '../../dist/npy.js'

const FOLDER = fileURLToPath(new URL('../out/page/', import.meta.url))

/** A glide with overtones, another in each channel. */
export function glide(seconds, sampleRate, channels) {
  const samples = Math.round(seconds * sampleRate)
  const data = new Float32Array(channels * samples)
  for (let c = 0; c < channels; c++) {
    let phase = 0
    for (let t = 0; t < samples; t++) {
      phase += ((1 + c) * 110 * (1 + 0.5 * Math.sin((9 * t) / samples))) / sampleRate
      const turn = 2 * Math.PI * (phase % 1)
      data[c * samples + t] = 0.25 * (Math.sin(turn) + 0.5 * Math.sin(2 * turn) + 0.25 * Math.sin(5 * turn))
    }
  }
  return { waveform: { data, shape: [channels, samples] }, sampleRate }
}

function write(name, bytes) {
  fs.mkdirSync(FOLDER, { recursive: true })
  fs.writeFileSync(`${FOLDER}${name}`, bytes)
  return `${FOLDER}${name}`
}

/** 16-bit WAV; ten minutes of it are half a minute again and again, so that making it takes no longer. */
export function wav(name, seconds, sampleRate, channels) {
  const once = encodeWav(glide(Math.min(seconds, 30), sampleRate, channels), { bitsPerSample: 16 })
  const times = Math.max(1, Math.round(seconds / 30))
  const head = Buffer.from(once.subarray(0, 44))
  const body = once.subarray(44)
  head.writeUInt32LE(36 + times * body.length, 4)
  head.writeUInt32LE(times * body.length, 40)
  return write(name, Buffer.concat([head, ...Array.from({ length: times }, () => body)]))
}

export const silence = () =>
  write('silence.wav', encodeWav({ waveform: { data: new Float32Array(16000), shape: [1, 16000] }, sampleRate: 16000 }))

/** A WAV file whose chunks make no sense. */
export function corrupt() {
  const bytes = encodeWav(glide(0.1, 16000, 1), { bitsPerSample: 16 })
  bytes.fill(0xee, 16, 60)
  return write('corrupt.wav', bytes)
}

export const text = () => write('notes.mp3', 'this is no sound at all, whatever its name says\n'.repeat(20))

export const empty = () => write('empty.wav', '')

export async function bands(name, shape) {
  const options = { sampleRate: 16000, nFft: 1024, hopLength: 256, nBarks: shape.at(-2) ?? 40, power: 1 }
  if (shape.length < 2) return write(name, writeNpy({ data: new Float32Array(shape[0]).fill(1), shape }))
  const bark = await new BarkSpectrogram(options).forward(glide(2, 16000, 1).waveform)
  return write(name, writeNpy({ data: bark.data, shape: [...shape.slice(0, -2), ...bark.shape.slice(-2)] }))
}
