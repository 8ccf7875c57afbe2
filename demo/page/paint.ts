/** A window of a spectrogram as pixels. Only what is visible is read. */

import { LEVELS } from '../../src/cli/plot/colours.ts'
import { RANGE_DB } from '../../src/cli/plot/levels.ts'
import { DIFFERENCE_DB, DIFFERENCE_PIXELS, LEVEL_PIXELS } from './colours.ts'
import type { Frequencies } from './frequencies.ts'
import type { Grid } from './grid.ts'
import type { PaintRequest } from './messages.ts'

/** What is painted: cells, and what they are measured against. */
export interface Sheet {
  grid: Grid
  rows: 'bins' | 'bands'
  /** The value that has 0 dB. */
  peak: number
  isPower: boolean
}

/** Decibels under the peak; what is more than the range below it counts as that. */
export function decibels(value: number, { peak, isPower }: Sheet): number {
  if (!(value > 0) || !(peak > 0)) return -RANGE_DB
  return Math.min(0, Math.max(-RANGE_DB, (isPower ? 10 : 20) * Math.log10(value / peak)))
}

/** The cells that pixels show: all whose middles lie on one, or else the one that its middle is in. */
interface Cells {
  first: Int32Array
  last: Int32Array
}

function cells(pixels: number, count: number, edge: (pixel: number) => number): Cells {
  const [first, last] = [new Int32Array(pixels), new Int32Array(pixels)]
  const inside = (cell: number): number => Math.min(Math.max(cell, 0), count - 1)
  for (let i = 0; i < pixels; i++) {
    const [from, to] = [edge(i), edge(i + 1)]
    const [a, b] = [Math.ceil(from), Math.ceil(to) - 1]
    const middle = Math.round(edge(i + 0.5))
    first[i] = inside(b >= a ? a : middle)
    last[i] = inside(b >= a ? b : middle)
  }
  return { first, last }
}

/** The row of cells at a frequency, in cells counted from their middles. */
export function rowAt(sheet: Sheet, frequencies: Frequencies, hz: number): number {
  return sheet.rows === 'bins' ? frequencies.binOf(hz) : frequencies.bandOf(hz)
}

/** Values of pixels, the upper row first: of each the loudest cell that it shows. */
function* values(sheet: Sheet, frequencies: Frequencies, request: PaintRequest): Generator<undefined, Float32Array> {
  const { window, axis, width, height } = request
  const { grid } = sheet
  const level = grid.level(((window.to - window.from) * grid.frames) / width)
  const across = cells(
    width,
    level.frames,
    (x) => ((window.from + (x / width) * (window.to - window.from)) * grid.frames) / level.per - 0.5,
  )
  const up = cells(height, grid.rows, (i) =>
    rowAt(sheet, frequencies, frequencies.hzAt(window.low + (i / height) * (window.high - window.low), axis)),
  )
  const [start, end] = [across.first[0]!, across.last.at(-1)!]
  const line = new Float32Array(end - start + 1)
  const out = new Float32Array(width * height)
  for (let y = height - 1; y >= 0; y--) {
    const i = height - 1 - y
    const at = y * width
    if (i > 0 && up.first[i] === up.first[i - 1] && up.last[i] === up.last[i - 1]) {
      out.copyWithin(at, at + width, at + 2 * width)
      continue
    }
    line.fill(0)
    for (let row = up.first[i]!; row <= up.last[i]!; row++) {
      const from = row * level.frames + start
      for (let t = 0; t < line.length; t++) if (level.data[from + t]! > line[t]!) line[t] = level.data[from + t]!
    }
    for (let x = 0; x < width; x++) {
      let most = 0
      for (let t = across.first[x]!; t <= across.last[x]!; t++) if (line[t - start]! > most) most = line[t - start]!
      out[at + x] = most
    }
    if (i % 16 === 0) yield
  }
  return out
}

export function* paintLevels(
  sheet: Sheet,
  frequencies: Frequencies,
  request: PaintRequest,
): Generator<undefined, ArrayBuffer> {
  const found = yield* values(sheet, frequencies, request)
  const pixels = new Uint32Array(found.length)
  for (let i = 0; i < found.length; i++) {
    pixels[i] = LEVEL_PIXELS[Math.round((1 + decibels(found[i]!, sheet) / RANGE_DB) * (LEVELS - 1))]!
    if (i % 65536 === 0) yield
  }
  return pixels.buffer
}

/** By how much `sheet` is louder than `original`. */
export function* paintDifference(
  sheet: Sheet,
  original: Sheet,
  frequencies: Frequencies,
  request: PaintRequest,
): Generator<undefined, ArrayBuffer> {
  const found = yield* values(sheet, frequencies, request)
  const before = yield* values(original, frequencies, request)
  const pixels = new Uint32Array(found.length)
  for (let i = 0; i < found.length; i++) {
    const louder = decibels(found[i]!, sheet) - decibels(before[i]!, original)
    const place = Math.min(Math.max(0.5 + louder / DIFFERENCE_DB / 2, 0), 1)
    pixels[i] = DIFFERENCE_PIXELS[Math.round(place * (LEVELS - 1))]!
    if (i % 65536 === 0) yield
  }
  return pixels.buffer
}
