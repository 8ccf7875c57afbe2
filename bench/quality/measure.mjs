/** Every solver on every signal and setting: one row each. */
import { BarkScale, Spectrogram } from '../../dist/index.js'
import { bandFit, likeness } from '../../src/cli/quality.ts'
import { median } from '../clock.mjs'
import { SAMPLE_RATE, signals } from './signals.mjs'
import { solvers } from './solvers.mjs'

export const SIZES = [512, 1024, 2048]
export const BANDS = [24, 40, 64, 128]
export const POWERS = [1, 2]
export const SCALES = ['traunmuller', 'schroeder', 'wang']

/** Milliseconds of a solve: the median of three, or the one of those that take long. */
async function timed(solve, bark) {
  const times = []
  let spectrogram
  do {
    const start = performance.now()
    spectrogram = await solve(bark)
    times.push(performance.now() - start)
  } while (times.length < 3 && times[0] < 100)
  return { spectrogram, ms: median(times) }
}

/** @param onSetting called with the name of each setting as it begins */
export async function measure(onSetting) {
  const rows = []
  const sounds = Object.entries(await signals())
  for (const nFft of SIZES) {
    for (const nBarks of BANDS) {
      for (const barkScale of SCALES) {
        const bank = { nStft: nFft / 2 + 1, nBarks, barkScale, sampleRate: SAMPLE_RATE }
        const forward = new BarkScale({ ...bank, onWarning() {} })
        const all = solvers(bank, forward.filterbank)
        onSetting(`n_fft ${nFft}, ${nBarks} bands, ${barkScale}`)
        for (const power of POWERS) {
          const transform = new Spectrogram({ nFft, hopLength: nFft / 2, power })
          for (const [signal, data] of sounds) {
            const reference = await transform.forward({ data, shape: [data.length] })
            const bark = await forward.forward(reference)
            for (const { name, solve } of all) {
              const { spectrogram, ms } = await timed(solve, bark)
              const again = await forward.forward(spectrogram)
              const [channels, frames] = [1, bark.shape.at(-1)]
              const near = likeness(reference.data, spectrogram.data, { channels, rows: bank.nStft, frames }, power)
              const fit = bandFit(bark.data, again.data, { channels, rows: nBarks, frames })
              rows.push({ signal, nFft, nBarks, power, barkScale, solver: name, frames, ms, ...fit, ...near })
            }
          }
        }
      }
    }
  }
  return rows
}
