/** How near a result is to the true spectrogram and to its bands, and two results to each other. */
import { BarkScale } from '../../dist/index.js'
import { bandFit, likeness } from '../../src/cli/quality.ts'
import { convergence } from '../quality/sound-measures.mjs'
import { BANK } from './settings.mjs'

/** || x - y || / || x || of two results. */
export const difference = convergence

/** loss, worstBand, convergence, distanceDb and l1 of a spectrogram's data. */
export async function measures({ spectrogram, bark, nStft, nBarks, power }, data) {
  const [, frames] = spectrogram.shape
  const scale = new BarkScale({ nStft, nBarks, ...BANK, onWarning() {} })
  const again = await scale.forward({ data, shape: [nStft, frames] })
  return {
    ...bandFit(bark.data, again.data, { channels: 1, rows: nBarks, frames }),
    ...likeness(spectrogram.data, data, { channels: 1, rows: nStft, frames }, power),
  }
}
