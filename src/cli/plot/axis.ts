/** The axes of a figure: where values lie, which are marked, what is written beside them. */
import type { Figure, Spectrogram } from './figure.ts'
import { type Tick, threeDigits, ticks } from './ticks.ts'

export interface Axis {
  title: string
  ticks: { label: string; at: number }[]
}

/** Cells of equal size along an axis of `length` pixels, with the values at the middle of the first and the last. */
interface Cells {
  low: number
  high: number
  count: number
  length: number
}

/** Pixels that a tick's label takes on each axis, with the air around it. */
const [ACROSS, ALONG] = [38, 90]

function axis(title: string, { low, high, count, length }: Cells, spacing: number, scale = 1, least = 0): Axis {
  const cell = length / count
  if (count === 1 || low === high)
    return { title, ticks: [{ label: threeDigits((low + high) / 2 / scale), at: length / 2 }] }
  const half = (high - low) / (count - 1) / 2
  // half a cell below 0 Hz there is nothing
  const from = low >= 0 ? Math.max(low - half, 0) : low - half
  const place = ({ value, label }: Tick): { label: string; at: number } => ({
    label,
    at: cell / 2 + ((value * scale - low) / (high - low)) * (length - cell),
  })
  return { title, ticks: ticks(from / scale, (high + half) / scale, length / spacing, least).map(place) }
}

/** From the lowest row up. */
export function frequencyAxis({ unit, low, high, rows }: Spectrogram, height: number): Axis {
  const isThousands = unit === 'Hz' && high >= 2000
  const title = `Frequency (${isThousands ? 'kHz' : unit})`
  return axis(title, { low, high, count: rows, length: height }, ACROSS, isThousands ? 1000 : 1)
}

/** In seconds, or in frames where it is not known how long one is. */
export function timeAxis({ secondsPerFrame = 0, firstSecond = 0 }: Figure, frames: number, length: number): Axis {
  const count = Math.max(frames, 1)
  if (!(secondsPerFrame > 0 && secondsPerFrame < Infinity)) {
    return axis('Frame', { low: 0, high: count - 1, count, length }, ALONG, 1, 1)
  }
  const high = firstSecond + (count - 1) * secondsPerFrame
  return axis('Time (s)', { low: firstSecond, high, count, length }, ALONG)
}
