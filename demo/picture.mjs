/** Spectrograms as a picture: one above the other, time to the right, low frequencies at the bottom. */
import { encode } from 'fast-png'

/** Pixels of a frame, and between two panels. */
const [WIDE, GAP] = [8, 6]
/** Height of a panel; rows of fewer bins are higher. */
const PANEL = 256
const RANGE_DB = 80

/** From dark to bright in even steps of lightness: black, purple, red, orange, cream. */
const COLOURS = [
  [0, 0, 4],
  [59, 15, 112],
  [140, 41, 129],
  [222, 73, 104],
  [254, 159, 109],
  [252, 253, 191],
]

function colour(x) {
  const place = Math.min(Math.max(x, 0), 1) * (COLOURS.length - 1)
  const i = Math.min(Math.floor(place), COLOURS.length - 2)
  return COLOURS[i].map((low, channel) => low + (place - i) * (COLOURS[i + 1][channel] - low))
}

/** PNG of power spectrograms [1, rows, time]; each from its largest value down. */
export function picture(panels) {
  const frames = panels[0].shape.at(-1)
  const width = frames * WIDE
  const height = panels.length * (PANEL + GAP) - GAP
  const data = new Uint8Array(width * height * 3).fill(255)
  for (const [i, { data: power, shape }] of panels.entries()) {
    const rows = shape.at(-2)
    const peak = power.reduce((most, x) => Math.max(most, x), 1e-30)
    for (let y = 0; y < PANEL; y++) {
      const row = Math.floor(((PANEL - 1 - y) / PANEL) * rows)
      for (let x = 0; x < width; x++) {
        const decibels = 10 * Math.log10(Math.max(power[row * frames + Math.floor(x / WIDE)], 1e-30) / peak)
        data.set(colour(1 + decibels / RANGE_DB), ((i * (PANEL + GAP) + y) * width + x) * 3)
      }
    }
  }
  return encode({ width, height, data, channels: 3, depth: 8 })
}
