/** Sounds of the page that are made and not recorded: the same bytes every time. */
import { encodeWav } from '../dist/audio.js'

const RATE = 22050

/** Numbers from -1 to 1 (xorshift32; G. Marsaglia, J. Stat. Softw. 8 (2003), 14). */
function randomFrom(seed) {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state / 2 ** 31
  }
}

/** A plucked string (K. Karplus, A. Strong, Computer Music Journal 7 (1983), 43-55), added to what is there. */
function pluck(out, at, hz, seconds, gain, random) {
  const period = RATE / hz
  const line = Float64Array.from({ length: Math.round(period) }, random)
  const length = Math.min(Math.round(seconds * RATE), out.length - at)
  for (let i = 0; i < length; i++) {
    const here = i % line.length
    const next = (here + 1) % line.length
    const sample = line[here]
    line[here] = 0.498 * (sample + line[next])
    const release = Math.min(1, (length - i) / (0.05 * RATE))
    out[at + i] += gain * sample * release
  }
}

/** Four bars of broken chords, C, A minor, F, G, over their roots. */
export function music() {
  const out = new Float64Array(Math.round(6.4 * RATE))
  const random = randomFrom(20260101)
  const chords = [
    [48, 60, 64, 67, 72],
    [45, 60, 64, 69, 72],
    [41, 60, 65, 69, 72],
    [43, 59, 62, 67, 71],
  ]
  const hz = (note) => 440 * 2 ** ((note - 69) / 12)
  for (const [bar, [root, ...notes]] of chords.entries()) {
    const start = bar * 1.5
    pluck(out, Math.round(start * RATE), hz(root), 1.9, 0.9, random)
    for (let i = 0; i < 6; i++) {
      const note = notes[[0, 1, 2, 3, 2, 1][i]]
      pluck(out, Math.round((start + 0.25 * i) * RATE), hz(note), 0.9, 0.6, random)
    }
  }
  return wav(out)
}

/** Noise in three guises: a swelling of all frequencies, a band of it that glides up, and short bursts. */
export function noise() {
  const out = new Float64Array(Math.round(5 * RATE))
  const random = randomFrom(7)
  let [low, band] = [0, 0]
  for (let i = 0; i < out.length; i++) {
    const t = i / RATE
    const white = random()
    // a state-variable filter (H. Chamberlin, Musical Applications of Microprocessors, 1980), swept from 200 Hz to 4 kHz
    const f = 2 * Math.sin((Math.PI * 200 * 20 ** Math.min(Math.max((t - 1.7) / 1.6, 0), 1)) / RATE)
    low += f * band
    band += f * (white - low - 0.12 * band)
    const swell = t < 1.7 ? Math.sin((Math.PI * t) / 1.7) ** 2 : 0
    const glide = t >= 1.7 && t < 3.4 ? Math.min(1, (t - 1.7) * 20, (3.4 - t) * 20) : 0
    const burst = t >= 3.5 ? Math.exp(-((t - 3.5) % 0.25) * 40) : 0
    out[i] = 0.8 * swell * white + 0.35 * glide * band + burst * white
  }
  return wav(out)
}

/** 16 bits, 3 dB under full scale. */
function wav(samples) {
  const peak = samples.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
  const data = Float32Array.from(samples, (x) => (0.7 * x) / peak)
  return encodeWav({ waveform: { data, shape: [1, data.length] }, sampleRate: RATE }, { bitsPerSample: 16 })
}
