/** Sound for the tests of the way from bands to sound. */
import { BarkSpectrogram, type InverseBarkSpectrogramOptions } from '../src/index.ts'
import type { Tensor } from '../src/tensor.ts'
import { random } from './oracle/random.ts'

/** A voice that glides from 140 to 220 Hz, in syllables, over a little noise. */
export function voice(seconds: number, sampleRate = 16000): Tensor {
  const r = random(9)
  let turn = 0
  const data = Float32Array.from({ length: Math.round(seconds * sampleRate) }, (_, i) => {
    const t = i / sampleRate
    const f0 = 180 + 40 * Math.sin(2 * Math.PI * 0.7 * t)
    turn += f0 / sampleRate
    let x = 0
    for (let h = 1; h * f0 < Math.min(5000, sampleRate / 2); h++) {
      const formants = Math.exp(-(((h * f0 - 600) / 300) ** 2)) + 0.3 * Math.exp(-(((h * f0 - 1900) / 500) ** 2))
      x += (formants + 0.02) * Math.sin(2 * Math.PI * h * turn + h * h)
    }
    return 0.1 * x * (0.55 + 0.45 * Math.sin(2 * Math.PI * 3 * t)) + 1e-3 * r.normal()
  })
  return { data, shape: [data.length] }
}

/** The bands of a sound, by the options of the way back. */
export function barkOf(sound: Tensor, options: InverseBarkSpectrogramOptions): Promise<Tensor> {
  const { method, solver, iterations, phase, pitch, bandTolerance, seed, length, ...framing } = options
  return new BarkSpectrogram({ onWarning: () => {}, ...framing }).forward(sound)
}
