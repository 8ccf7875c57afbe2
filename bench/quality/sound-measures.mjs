/** How near a sound is to the one that its bands were made from. */
import { BarkScale, Spectrogram } from '../../dist/index.js'

/** This far below the loudest magnitude a floor is added to both, in the log-spectral distance. */
export const FLOOR_DB = 80

/** || x - y || / || x || */
export function convergence(x, y) {
  let [off, size] = [0, 0]
  for (let i = 0; i < x.length; i++) {
    off += (x[i] - y[i]) ** 2
    size += x[i] ** 2
  }
  return Math.sqrt(off / size)
}

/** In a frame the root mean square over bins of 20 log10((|Y| + floor) / (|X| + floor)); the mean over frames. */
function logDistance({ data: x, shape: [bins, frames] }, { data: y }) {
  const floor = 10 ** (-FLOOR_DB / 20) * x.reduce((most, v) => Math.max(most, v), 0)
  const sums = new Float64Array(frames)
  for (let i = 0; i < x.length; i++) sums[i % frames] += (20 * Math.log10((y[i] + floor) / (x[i] + floor))) ** 2
  return sums.reduce((total, sum) => total + Math.sqrt(sum / bins) / frames, 0)
}

/** Magnitudes and bands of clips at a setting, and the measures between those of two sounds. */
export class Ear {
  #power
  #spectrogram
  #barkScale
  constructor({ nFft, hop, bands, power, sampleRate }) {
    this.#power = power
    this.#spectrogram = new Spectrogram({ nFft, hopLength: hop, power: 1 })
    this.#barkScale = new BarkScale({ nStft: nFft / 2 + 1, nBarks: bands, sampleRate, onWarning() {} })
  }
  async hear(data) {
    const magnitudes = await this.#spectrogram.forward({ data, shape: [data.length] })
    const values = { data: magnitudes.data.map((x) => x ** this.#power), shape: magnitudes.shape }
    return { magnitudes, bark: await this.#barkScale.forward(values) }
  }
  /** bSC: spectral convergence of the bands; mSC: of the magnitudes; LSD: log-spectral distance in dB. */
  compare(original, estimate) {
    return {
      bSC: convergence(original.bark.data, estimate.bark.data),
      mSC: convergence(original.magnitudes.data, estimate.magnitudes.data),
      LSD: logDistance(original.magnitudes, estimate.magnitudes),
    }
  }
}
