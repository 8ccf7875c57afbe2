/** From the cells of a spectrogram to the levels of pixels. */
import { LEVELS } from './colours.ts'
import type { Cells } from './scene.ts'

/** Decibels from the loudest colour to the quietest. */
export const RANGE_DB = 80

/**
 * Which cells a row of pixels shows. Where cells are finer than pixels, each belongs to the pixel that holds its middle
 * and the pixel shows the loudest: a click of one frame in an hour keeps its level. Where they are coarser, a pixel
 * shows its cell or, on a border, both by share of power.
 */
interface Spread {
  first: Int32Array
  last: Int32Array
  /** Share of the last cell; NaN where the loudest counts. */
  share: Float64Array
}

function spread(cells: number, pixels: number): Spread {
  const [first, last, share] = [new Int32Array(pixels), new Int32Array(pixels), new Float64Array(pixels)]
  for (let i = 0; i < pixels; i++) {
    const from = (i * cells) / pixels
    const to = ((i + 1) * cells) / pixels
    if (cells >= pixels) {
      first[i] = Math.ceil(from - 0.5)
      last[i] = Math.max(Math.ceil(to - 0.5) - 1, first[i]!)
      share[i] = Number.NaN
    } else {
      first[i] = Math.floor(from)
      last[i] = Math.min(Math.floor(to), cells - 1)
      share[i] = last[i]! > first[i]! ? (to - last[i]!) / (to - from) : 0
    }
  }
  return { first, last, share }
}

function isSame({ first, last, share }: Spread, i: number, j: number): boolean {
  return first[i] === first[j] && last[i] === last[j] && Object.is(share[i], share[j])
}

/** Power of a value; of what is no power (negative, NaN) none. */
function powerOf(x: number, isPower: boolean): number {
  return x > 0 ? (isPower ? x : x * x) : 0
}

/** Largest finite power. */
export function peakOf(data: Float32Array, isPower: boolean): number {
  let peak = 0
  for (const x of data) if (x > peak && x < Infinity) peak = x
  return powerOf(peak, isPower)
}

/** Levels [height, width], the upper row first. */
export function paint(cells: Cells, width: number, height: number): Uint8Array {
  const out = new Uint8Array(width * height)
  if (!(cells.peak > 0)) return out
  const up = spread(cells.rows, height)
  const along = spread(cells.columns, width)
  const line = new Float64Array(cells.columns)
  for (let y = 0; y < height; y++) {
    const i = height - 1 - y
    if (y > 0 && isSame(up, i, i + 1)) {
      out.copyWithin(y * width, (y - 1) * width, y * width)
      continue
    }
    gatherRows(cells, up.first[i]!, up.last[i]!, up.share[i]!, line)
    for (let x = 0; x < width; x++) {
      out[y * width + x] = levelOf(gather(line, along, x) / cells.peak)
    }
  }
  return out
}

/** One row of pixels from the rows of cells that it shows, in power. */
function gatherRows(cells: Cells, first: number, last: number, share: number, line: Float64Array): void {
  const { data, columns, isPower } = cells
  line.fill(0)
  for (let row = first; row <= last; row++) {
    const weight = row === first ? 1 - share : share
    for (let t = 0; t < columns; t++) {
      // float32's largest in place of infinity, so that a share of 0 is 0
      const power = powerOf(Math.min(data[row * columns + t]!, 3.4e38), isPower)
      if (!(share >= 0)) line[t] = Math.max(line[t]!, power)
      else if (weight > 0) line[t]! += weight * power
    }
  }
}

function gather(line: Float64Array, { first, last, share }: Spread, x: number): number {
  const [from, to, part] = [first[x]!, last[x]!, share[x]!]
  if (part >= 0) return from === to ? line[from]! : (1 - part) * line[from]! + part * line[to]!
  let most = 0
  for (let t = from; t <= to; t++) if (line[t]! > most) most = line[t]!
  return most
}

function levelOf(relative: number): number {
  if (!(relative > 0)) return 0
  const x = 1 + (10 * Math.log10(relative)) / RANGE_DB
  return Math.round(Math.min(Math.max(x, 0), 1) * (LEVELS - 1))
}
