/** What everyone is given: speech over and over, its spectrogram and its bands; banks. */
import { BarkScale, barkscaleFbanks, Spectrogram } from '../../dist/index.js'
import { signals } from '../quality/signals.mjs'
import { BANK, HOP, N_FFT } from './settings.mjs'

/** Frames left out at the beginning, where the recording is silent. */
const SKIP = 20

const example = (await signals()).speech

export function speech(samples) {
  return Float32Array.from({ length: samples }, (_, i) => example[i % example.length])
}

/** Columns `from` to `from + count` of a [rows, frames] array. */
function columns({ data, shape: [rows, frames] }, from, count) {
  const out = new Float32Array(rows * count)
  for (let r = 0; r < rows; r++) out.set(data.subarray(r * frames + from, r * frames + from + count), r * count)
  return { data: out, shape: [rows, count] }
}

/** So many frames of speech: { spectrogram, bark, nStft, nBarks, power }. */
export async function problem({ frames, nBarks, power, nFft = N_FFT, hop = HOP }) {
  const samples = speech((frames + SKIP) * hop + nFft)
  const transform = new Spectrogram({ nFft, hopLength: hop, power })
  const whole = await transform.forward({ data: samples, shape: [samples.length] })
  return { ...(await bandsOf(columns(whole, SKIP, frames), { nFft, nBarks })), power, frames }
}

/** A spectrogram [bins, frames] with its bands. */
export async function bandsOf(spectrogram, { nFft = N_FFT, nBarks }) {
  const bank = { nStft: nFft / 2 + 1, nBarks, ...BANK }
  const bark = await new BarkScale({ ...bank, onWarning() {} }).forward(spectrogram)
  return { spectrogram, bark, nStft: bank.nStft, nBarks }
}

/** The bank as librosa and NumPy take it, [bands, bins]. */
export function bankOf({ nStft, nBarks }) {
  const { data } = barkscaleFbanks({ nFreqs: nStft, fMax: 8000, nBarks, ...BANK, onWarning() {} })
  const out = new Float32Array(data.length)
  for (let f = 0; f < nStft; f++) for (let k = 0; k < nBarks; k++) out[k * nStft + f] = data[f * nBarks + k]
  return { data: out, shape: [nBarks, nStft] }
}
