/** The sounds of the quality benchmark: made here from seeds, and the example's speech. All at 16 kHz, mono, float32. */
import { load } from '../../dist/audio.js'
import { random } from '../../tests/oracle/random.ts'

export const SAMPLE_RATE = 16000
const SECONDS = 2

const make = (of) => Float32Array.from({ length: SECONDS * SAMPLE_RATE }, (_, i) => of(i / SAMPLE_RATE, i))

/** Thirty harmonics of 180 Hz, falling by 6 dB an octave, with 5.5 Hz of vibrato (3 %) and a slow swell. */
function vibrato() {
  let phase = 0
  return make((t) => {
    phase += (2 * Math.PI * 180 * (1 + 0.03 * Math.sin(2 * Math.PI * 5.5 * t))) / SAMPLE_RATE
    let sum = 0
    for (let h = 1; h <= 30; h++) sum += Math.sin(h * phase) / h
    return 0.2 * sum * (0.6 + 0.4 * Math.sin(2 * Math.PI * 0.7 * t))
  })
}

/** Bursts of noise, each through a resonance of its own, that die away within a quarter of a second. */
function bursts() {
  const r = random(11)
  const out = new Float32Array(SECONDS * SAMPLE_RATE)
  for (let start = 0; start < out.length; start += 2000 + r.below(2500)) {
    const turn = 2 * Math.PI * (0.01 + 0.4 * r.uniform())
    const [radius, decay] = [0.9 + 0.09 * r.uniform(), 100 + 900 * r.uniform()]
    let [a, b] = [0, 0]
    for (let i = start; i < Math.min(out.length, start + 4000); i++) {
      const next = 2 * radius * Math.cos(turn) * a - radius * radius * b + r.normal() * Math.exp(-(i - start) / decay)
      ;[a, b] = [next, a]
      out[i] += 0.02 * next
    }
  }
  return out
}

/** 60 Hz to 7600 Hz, the same number of octaves every second. */
function chirp() {
  const octaves = Math.log(7600 / 60)
  return make((t) => 0.5 * Math.sin((2 * Math.PI * 60 * SECONDS * (Math.exp((octaves * t) / SECONDS) - 1)) / octaves))
}

/** Single samples at irregular times in digital silence. */
function clicks() {
  const r = random(12)
  const out = new Float32Array(SECONDS * SAMPLE_RATE)
  for (let at = 500; at < out.length; at += 800 + r.below(3000)) out[at] = r.uniform() < 0.5 ? 0.8 : -0.5
  return out
}

/** White noise at -120 dB of full scale. */
function nearSilence() {
  const r = random(13)
  return make(() => 1e-6 * r.normal())
}

export async function signals() {
  const { waveform } = await load(new URL('../../examples/speech.wav', import.meta.url))
  return {
    speech: waveform.data,
    vibrato: vibrato(),
    bursts: bursts(),
    chirp: chirp(),
    clicks: clicks(),
    nearSilence: nearSilence(),
  }
}
