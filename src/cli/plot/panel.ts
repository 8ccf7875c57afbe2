/** One panel: spectrogram, frame, axes and colour bar. */
import type { Axis } from './axis.ts'
import type { Spectrogram } from './figure.ts'
import { measure, type Weight } from './lettering.ts'
import { RANGE_DB } from './levels.ts'
import type { Box, Shape, Text } from './scene.ts'
import { ticks } from './ticks.ts'

/** Pixels: a line of text, the height of its capitals, the space between things, a tick, a colour bar. */
export const LINE = 20
export const CAPITALS = 11
export const SPACE = 10
export const TICK = 5
export const BAR = 16

/** From 0 (white) to 1 (black): what is read first, what is read second, where there is no data. */
export const INK = 0.87
export const QUIET = 0.65
export const ABSENT = 0.06

export interface Place {
  x: number
  y: number
  width: number
  height: number
}

export function text(x: number, y: number, words: string, style: Partial<Text> = {}): Text {
  return { kind: 'text', x, y, text: words, weight: 'regular', align: 'start', upwards: false, ink: INK, ...style }
}

function box(x: number, y: number, width: number, height: number, ink: number = INK): Box {
  return { kind: 'box', x, y, width, height, ink }
}

/** Pixels of the widest label. */
export function widest(axes: readonly Axis[], weight: Weight = 'regular'): number {
  return Math.max(0, ...axes.flatMap((axis) => axis.ticks.map((tick) => measure(tick.label, weight))))
}

/** The axis of the colours; the darkest stands for all that is quieter, too. */
export function levelAxis(height: number): Axis {
  const found = ticks(-RANGE_DB, 0, height / 50).map(({ value, label }) => ({
    label: value === -RANGE_DB ? `≤ ${label}` : label,
    at: (1 + value / RANGE_DB) * height,
  }))
  return { title: 'Level (dB)', ticks: found }
}

/** The cells; where the panel has fewer frames than the axis, the rest stays empty. */
export function cells({ data, rows, columns, isPower }: Spectrogram, frames: number, peak: number, at: Place): Shape[] {
  const width = columns > 0 ? Math.max(1, Math.round((at.width * columns) / frames)) : 0
  const shapes: Shape[] = []
  if (width < at.width) shapes.push(box(at.x + width, at.y, at.width - width, at.height, ABSENT))
  if (width > 0) shapes.push({ kind: 'cells', ...at, width, data, rows, columns, isPower, peak })
  return shapes
}

/** A line of one pixel just outside. */
export function outline({ x, y, width, height }: Place): Shape[] {
  return [
    box(x - 1, y - 1, width + 2, 1),
    box(x - 1, y + height, width + 2, 1),
    box(x - 1, y, 1, height),
    box(x + width, y, 1, height),
  ]
}

/** Ticks and labels on the left, the title turned upwards at `titleX`. */
export function leftAxis({ title, ticks }: Axis, { x, y, height }: Place, titleX: number): Shape[] {
  const shapes: Shape[] = [text(titleX, y + height / 2, title, { align: 'middle', upwards: true })]
  for (const { at, label } of ticks) {
    const middle = tickAt(y + height - at, y, height)
    shapes.push(box(x - 1 - TICK, middle, TICK, 1))
    shapes.push(text(x - 1 - TICK - 4, middle + CAPITALS / 2, label, { align: 'end' }))
  }
  return shapes
}

/** The colour bar with ticks and labels on its right. */
export function colourBar({ title, ticks }: Axis, bar: Place, titleX: number): Shape[] {
  const { x, y, width, height } = bar
  const shapes: Shape[] = [{ kind: 'ramp', ...bar }, ...outline(bar)]
  for (const { at, label } of ticks) {
    const middle = tickAt(y + height - at, y, height)
    shapes.push(box(x + width + 1, middle, TICK, 1))
    shapes.push(text(x + width + 1 + TICK + 4, middle + CAPITALS / 2, label))
  }
  shapes.push(text(titleX, y + height / 2, title, { align: 'middle', upwards: true }))
  return shapes
}

/** Ticks below; their labels only where the panel is the last. */
export function bottomAxis({ ticks }: Axis, { x, y, width, height }: Place, isLabelled: boolean): Shape[] {
  return ticks.flatMap(({ at, label }) => {
    const middle = tickAt(x + at, x, width)
    const mark = box(middle, y + height + 1, 1, TICK)
    if (!isLabelled) return [mark]
    return [mark, text(middle, y + height + 1 + TICK + 4 + CAPITALS, label, { align: 'middle' })]
  })
}

/** The pixel of a tick, within the frame's line: pixels are crisp only at whole places. */
function tickAt(at: number, start: number, length: number): number {
  return Math.min(Math.max(Math.round(at - 0.5), start - 1), start + length)
}
