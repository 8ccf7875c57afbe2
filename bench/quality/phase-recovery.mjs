/** From magnitudes and first phases to sound, on the package's complex transforms: fast Griffin-Lim, and ADMM. */
import { InverseSpectrogram, Spectrogram } from '../../dist/index.js'

export function polar(magnitudes, phases) {
  const spectrum = new Float32Array(2 * magnitudes.length)
  for (let i = 0; i < magnitudes.length; i++) {
    spectrum[2 * i] = magnitudes[i] * Math.cos(phases[i])
    spectrum[2 * i + 1] = magnitudes[i] * Math.sin(phases[i])
  }
  return spectrum
}

/** The magnitudes with a spectrum's phases, in place. */
function impose(magnitudes, spectrum) {
  for (let i = 0; i < magnitudes.length; i++) {
    const [re, im] = [spectrum[2 * i], spectrum[2 * i + 1]]
    const gain = magnitudes[i] / Math.max(Math.hypot(re, im), 1e-20)
    spectrum[2 * i] = gain * re
    spectrum[2 * i + 1] = gain * im
  }
  return spectrum
}

/** Of spectra [nFft / 2 + 1, frames, 2]: `invert` gives the sound, `project` the spectrum of that sound. */
function transforms({ nFft, hop, samples, frames }) {
  const forward = new Spectrogram({ nFft, hopLength: hop, power: null })
  const inverse = new InverseSpectrogram({ nFft, hopLength: hop })
  const shape = [nFft / 2 + 1, frames, 2]
  const invert = async (data) => (await inverse.forward({ data, shape }, { length: samples })).data
  const project = async (data) => (await forward.forward({ data: await invert(data), shape: [samples] })).data
  return { invert, project }
}

/** N. Perraudin, P. Balazs, P. L. Søndergaard, "A fast Griffin-Lim algorithm", WASPAA 2013, momentum 0.99. */
export async function fastGriffinLim(magnitudes, phases, iterations, layout) {
  const { invert, project } = transforms(layout)
  let spectrum = polar(magnitudes, phases)
  let last
  for (let n = 0; n < iterations; n++) {
    const next = await project(impose(magnitudes, spectrum))
    spectrum = last ? next.map((x, i) => x + 0.99 * (x - last[i])) : next.slice()
    last = next
  }
  return invert(impose(magnitudes, last))
}

/**
 * Y. Masuyama, K. Yatabe, Y. Oikawa, "Griffin-Lim like phase recovery via alternating direction method of multipliers",
 * IEEE Signal Processing Letters 26 (2019), 184-188, rho 0.2: magnitudes exact, distance to spectra of sounds penalised.
 */
export async function admm(magnitudes, phases, iterations, layout) {
  const { invert, project } = transforms(layout)
  let spectrum = polar(magnitudes, phases)
  let near
  const dual = new Float32Array(spectrum.length)
  for (let n = 0; n < iterations; n++) {
    const sum = impose(magnitudes, spectrum).map((x, i) => x + dual[i])
    near = await project(sum)
    for (let i = 0; i < dual.length; i++) dual[i] = (sum[i] - near[i]) / 1.2
    spectrum = sum.map((x, i) => x - 2 * dual[i])
  }
  return invert(impose(magnitudes, near))
}
