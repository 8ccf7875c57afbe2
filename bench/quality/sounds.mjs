/** The sounds of the sound benchmark, made here from seeds: 4 s at 16 kHz each, mono, float32. */
import { random } from '../../tests/oracle/random.ts'
import { SAMPLE_RATE } from './signals.mjs'
import { EXAMPLE, loadMono, voices } from './voices.mjs'

const SECONDS = 4
const TURN = 2 * Math.PI
const times = Float64Array.from({ length: SECONDS * SAMPLE_RATE }, (_, i) => i / SAMPLE_RATE)

/** Formants in Hz of /a/, /i/, /u/, /e/ and /o/, about those of G. E. Peterson and H. L. Barney (1952). */
const VOWELS = [
  [730, 1090, 2440],
  [270, 2290, 3010],
  [300, 870, 2240],
  [530, 1840, 2480],
  [570, 840, 2410],
]

/** Gain of a vowel's three resonances, a tenth of their frequency and 50 Hz wide, at a frequency. */
function resonance(formants, f) {
  let gain = 0.01
  for (const [i, centre] of formants.entries()) gain += 0.5 ** i / (1 + ((f - centre) / (50 + centre / 10)) ** 2)
  return gain
}

/**
 * A voice that says vowels: harmonics falling by 6 dB an octave under gliding formants, pitch that falls from syllable to
 * syllable and trembles, breath, and a hiss of 60 ms before every syllable.
 */
function voice(pitch, stretch, seed) {
  const r = random(seed)
  const out = new Float32Array(times.length)
  let [phase, tremble, hiss] = [0, 0, 0]
  for (let i = 0; i < out.length; i++) {
    const syllable = times[i] / 0.36
    const [n, part] = [Math.floor(syllable), syllable % 1]
    tremble = 0.999 * tremble + 0.0004 * r.normal()
    const f0 = pitch * (1.15 - 0.08 * (n % 4) + 0.1 * Math.sin(Math.PI * part) + tremble)
    phase += (TURN * f0) / SAMPLE_RATE
    const glide = Math.min(1, Math.max(0, 3 * part - 1))
    const [from, to] = [VOWELS[n % 5], VOWELS[(3 * n + 1) % 5]]
    const formants = from.map((f, j) => stretch * (f + glide * (to[j] - f)))
    let sum = 0
    for (let h = 1; h * f0 < 7000; h++) sum += (resonance(formants, h * f0) / h) * Math.sin(h * phase + h * h)
    const loud = part < 0.17 ? 0 : Math.sin((Math.PI * (part - 0.17)) / 0.83) ** 0.5
    const noise = r.normal()
    const white = noise - 0.9 * hiss
    hiss = noise
    out[i] = loud * (sum + 0.004 * noise) + (part < 0.17 ? 0.03 * white : 0)
  }
  return out
}

/** Twenty-nine harmonics of 220 Hz, with 5.5 Hz of vibrato (half a semitone). */
function harmonic() {
  let phase = 0
  return Float32Array.from(times, (t) => {
    phase += (TURN * 220 * 2 ** ((0.5 / 12) * Math.sin(TURN * 5.5 * t))) / SAMPLE_RATE
    let sum = 0
    for (let h = 1; h < 30; h++) sum += Math.sin(h * phase + h) / h
    return sum * Math.min(1, 5 * t, 5 * (SECONDS - t))
  })
}

/** A string of slightly stiff harmonics that dies away, the upper ones sooner, added from a time on. */
function pluck(out, start, midi, loudness, r) {
  const f0 = 440 * 2 ** ((midi - 69) / 12)
  const first = Math.round(start * SAMPLE_RATE)
  for (let h = 1; h * f0 < 7000 && h <= 12; h++) {
    const [turn, shift] = [TURN * f0 * h * Math.sqrt(1 + 1e-4 * h * h), TURN * r.uniform()]
    for (let i = first; i < out.length; i++) {
      const t = times[i - first]
      out[i] += (loudness / h) * Math.exp(-(2 + h) * t) * Math.sin(turn * t + shift)
    }
  }
}

/** Four chords of four voices and a bass, struck together and then broken. */
function polyphonic() {
  const r = random(21)
  const out = new Float32Array(times.length)
  const chords = [
    [57, 60, 64, 69],
    [53, 57, 60, 65],
    [55, 59, 62, 67],
    [52, 56, 59, 64],
  ]
  for (const [bar, chord] of chords.entries()) {
    pluck(out, bar, chord[0] - 12, 1.5, r)
    for (const [i, midi] of chord.entries()) {
      pluck(out, bar + 0.01 * i, midi, 0.5, r)
      pluck(out, bar + 0.25 * i, midi, 1, r)
    }
  }
  return out
}

/** Every quarter of a second a hit: two of noise that dies away within 10 to 50 ms, then a drum gliding down to 60 Hz. */
function percussive() {
  const r = random(22)
  const out = new Float32Array(times.length)
  for (let hit = 0; hit < 15; hit++) {
    const [first, decay] = [Math.round((0.1 + 0.26 * hit) * SAMPLE_RATE), 0.01 + 0.04 * r.uniform()]
    let phase = 0
    for (let i = first; i < Math.min(out.length, first + 4000); i++) {
      const t = times[i - first]
      phase += (TURN * (60 + 120 * Math.exp(-t / 0.03))) / SAMPLE_RATE
      out[i] += hit % 3 === 0 ? 2 * Math.sin(phase) * Math.exp(-t / 0.06) : r.normal() * Math.exp(-t / decay)
    }
  }
  return out
}

/** 80 Hz to 6400 Hz, the same number of octaves every second. */
function chirp() {
  const rate = Math.log(80) / SECONDS
  return Float32Array.from(times, (t) => Math.sin((TURN * 80 * Math.expm1(rate * t)) / rate))
}

/** The peak at 0.7 of full scale: torchaudio's start, uniform up to 1, is not of the sound's scale. */
function level(data) {
  const peak = data.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
  return data.map((x) => (0.7 * x) / peak)
}

/** @returns every clip as { clip, group, data } */
export async function clips(folder) {
  const recorded = [['reader', await loadMono(EXAMPLE)], ...(folder ? await voices(folder) : [])]
  const groups = {
    voices: recorded,
    'synthetic voices': [
      ['low voice', voice(110, 1, 31)],
      ['high voice', voice(210, 1.17, 32)],
    ],
    'other sounds': Object.entries({
      harmonic: harmonic(),
      polyphonic: polyphonic(),
      percussive: percussive(),
      chirp: chirp(),
    }),
  }
  return Object.entries(groups).flatMap(([group, list]) =>
    list.map(([clip, data]) => ({ clip, group, data: level(data) })),
  )
}
