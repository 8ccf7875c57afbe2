/** What is to be drawn, and what may be asked for. */

import type { Tensor } from '../../index.ts'
import { expected, readInteger } from '../../options.ts'

/** A spectrogram and what its rows mean. */
export interface Panel {
  title: string
  /** [rows, time], row 0 lowest; dimensions before these are 1. Negative values and NaN are drawn as silence. */
  tensor: Tensor
  /** The values at the middle of the lowest and of the highest row; between them the axis is even. */
  axis: { unit: 'Hz' | 'Bark'; low: number; high: number }
  /** Power, of which 10 log10 is dB, or magnitude, of which 20 log10 is. */
  isPower: boolean
}

/** Panels on one time axis. Those in Hz share their reference, so that colours compare. */
export interface Figure {
  panels: readonly Panel[]
  /** Where unknown (undefined or NaN) the axis counts frames. */
  secondsPerFrame?: number | undefined
  /** Time of the middle of the first frame. Default 0, as where frames are centred on multiples of the hop. */
  firstSecond?: number | undefined
  /** Panels beside each other in a row, rows one below the other. Default 1. */
  across?: number | undefined
  /** In the last row's empty places, or below the panels, wrapped to the width; line breaks are kept, and no line ends at a no-break space (U+00A0). */
  caption: string
  title?: string | undefined
  /** Pixels, 1 200 to 10 000. Default 1 400. */
  width?: number | undefined
}

/** Pixels that a panel needs with all that stands beside and above it. */
const LEAST_WIDTH = 900

/** A panel, checked. */
export interface Spectrogram {
  title: string
  data: Float32Array
  rows: number
  columns: number
  unit: 'Hz' | 'Bark'
  low: number
  high: number
  isPower: boolean
}

export function readWidth(figure: Figure): number {
  return readInteger('width', figure.width, 1400, 1200, 10_000)
}

export function readAcross(figure: Figure): number {
  return readInteger('across', figure.across, 1, 1, Math.floor(readWidth(figure) / LEAST_WIDTH))
}

export function readPanels({ panels }: Figure): Spectrogram[] {
  if (panels.length === 0) throw new RangeError(expected('panels', 'at least one', panels))
  return panels.map((panel, i) => readPanel(`panels[${i}]`, panel))
}

function readPanel(name: string, { title, tensor, axis, isPower }: Panel): Spectrogram {
  const { data, shape } = tensor
  const [rows = 0, columns = 0] = shape.slice(-2)
  const isOne = shape.length >= 2 && shape.slice(0, -2).every((n) => n === 1)
  if (!isOne || rows < 1) throw new RangeError(expected(`${name}.tensor.shape`, '[rows >= 1, time]', shape))
  if (data.length !== rows * columns) {
    throw new RangeError(`${name}.tensor.data: expected ${rows * columns} values, got ${data.length}`)
  }
  const { unit, low, high } = axis
  if (!(Number.isFinite(low) && Number.isFinite(high) && low <= high)) {
    throw new RangeError(expected(`${name}.axis`, 'finite numbers, low <= high', [low, high]))
  }
  return { title, data, rows, columns, unit, low, high, isPower }
}
