/** What is known of all frames of a signal before the first is solved. */
import type { Values } from '../../tensor.ts'
import type { JointRoom } from './joint-room.ts'

/** By how much bands are scaled, and what is least of them: of a whole signal, so that every part is treated alike. */
export interface Levels {
  /** A power of two; 0 for silence. */
  scale: number
  /** Least that counts of a band, and of a band's average, after scaling. */
  least: number
  leastAverage: number
  /** The greatest average, after scaling. */
  peak: number
  /** What the waveform is multiplied by in the end. */
  gain: number
}

/** What is lifted to this part of the greatest. */
export const RANGE = 1e-12

/** The exponent of the power of two that a greatest average is scaled by: even, so that its square root is one too. */
export function exponentOf(average: number): number {
  return Math.max(-126, Math.min(126, 2 * Math.floor(Math.log2(average) / 2)))
}

/** Looks through the bands of an item. */
export function levelsOf(room: JointRoom, bark: Values, item: number, frames: number): Levels {
  const { densities } = room
  const { power, bank } = room.spec
  const { spread } = room
  let greatest = 0
  let average = 0
  for (let k = 0, at = item * bank.nBands * frames; k < bank.nBands; k++, at += frames) {
    let most = 0
    for (let t = at; t < at + frames; t++) if (bark[t]! > most) most = bark[t]!
    if (densities[k]! === 0) continue
    greatest = Math.max(greatest, most)
    average = Math.max(average, most * densities[k]!)
  }
  if (average === 0) return { scale: 0, least: 0, leastAverage: 0, peak: 0, gain: 0 }
  const exponent = exponentOf(average)
  const scale = 2 ** -exponent
  return {
    scale,
    least: RANGE * greatest * scale,
    leastAverage: RANGE * average * scale,
    peak: average * scale,
    gain: spread * 2 ** (exponent / power),
  }
}
