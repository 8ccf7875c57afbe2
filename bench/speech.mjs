/** What the solvers are timed on: bands of the example's speech, from the beginning again where it ends. */
import { load } from '../dist/audio.js'
import { BarkSpectrogram } from '../dist/index.js'

/** So many frames, [nBarks, frames], by the options of BarkSpectrogram. */
export async function speechBands(options, frames) {
  const { waveform } = await load(new URL('../examples/speech.wav', import.meta.url))
  return repeated(await new BarkSpectrogram({ onWarning() {}, ...options }).forward(waveform), frames)
}

/** The frames of [..., rows, frames] over and over, as so many, [rows, frames]. */
export function repeated({ data, shape }, frames) {
  const [rows, have] = shape.slice(-2)
  const out = new Float32Array(rows * frames)
  for (let k = 0; k < rows; k++) for (let t = 0; t < frames; t++) out[k * frames + t] = data[k * have + (t % have)]
  return { data: out, shape: [rows, frames] }
}
