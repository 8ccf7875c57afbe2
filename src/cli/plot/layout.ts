/** Where everything stands: panels one below the other or in columns, all equally wide, labels beside them. */
import { type Axis, frequencyAxis, timeAxis } from './axis.ts'
import { type Figure, readAcross, readPanels, readWidth, type Spectrogram } from './figure.ts'
import { clean, measure, shorten, wrap } from './lettering.ts'
import * as part from './panel.ts'
import { BAR, CAPITALS, LINE, QUIET, SPACE, TICK, text } from './panel.ts'
import { type Reference, referencesOf } from './reference.ts'
import type { Scene, Shape } from './scene.ts'

/** Pixels of a panel's height where there are one, two, three or more rows. */
const HEIGHTS = [440, 300, 250]
const MARGIN = 24
/** Lines of a caption. */
const MOST_LINES = 12

/** What all panels have in common: how large they are, and what is beside them. */
interface Measures {
  /** Pixels from a place's left edge to the panel, and of the panel. */
  left: number
  across: number
  height: number
  /** Pixels from a place's left edge to the next. */
  step: number
  frames: number
  time: Axis
  levels: Axis
}

export function layOut(figure: Figure): Scene {
  const width = readWidth(figure)
  const columns = readAcross(figure)
  const panels = readPanels(figure)
  const rows = Math.ceil(panels.length / columns)
  const height = HEIGHTS[Math.min(rows, HEIGHTS.length) - 1]!
  const axes = panels.map((panel) => frequencyAxis(panel, height))
  const levels = part.levelAxis(height)
  const left = MARGIN + LINE + part.widest(axes) + TICK + SPACE
  const right = 2 * SPACE + BAR + TICK + part.widest([levels]) + SPACE + LINE + MARGIN
  const step = Math.floor(width / columns)
  const across = step - left - right
  const frames = Math.max(...panels.map((panel) => panel.columns))
  const time = timeAxis(figure, frames, across)
  const measures = { left, across, height, step, frames, time, levels }
  const references = referencesOf(panels)

  const shapes: Shape[] = []
  let y = MARGIN
  if (figure.title) {
    const room = width - left - right
    const title = shorten(clean(figure.title), 'bold', room)
    shapes.push(text(left + room / 2, y + CAPITALS + 2, title, { weight: 'bold', align: 'middle' }))
    y += LINE + SPACE
  }
  const [top, rowHeight] = [y, LINE + 2 + height + TICK + 2 * SPACE]
  for (const [i, panel] of panels.entries()) {
    const [row, column] = [Math.floor(i / columns), i % columns]
    // what is below another panel's end has its time below itself
    const isLast = i + columns >= panels.length
    const at = { x: column * step, y: top + row * rowHeight }
    shapes.push(...place(panel, axes[i]!, references[i]!, measures, at, isLast))
  }
  const below = (column: number): number => top + Math.ceil((panels.length - column) / columns) * rowHeight + SPACE
  for (let column = 0; column < Math.min(columns, panels.length); column++) {
    const middle = column * step + left + across / 2
    shapes.push(text(middle, below(column) + CAPITALS, time.title, { align: 'middle' }))
  }
  // where the last row is not full, the caption has the place after it
  const isBeside = panels.length % columns > 0
  const column = isBeside ? panels.length % columns : 0
  const room = isBeside ? across : width - left - MARGIN
  y = below(column) + LINE + SPACE
  for (const line of wrap(figure.caption, 'regular', room, MOST_LINES)) {
    shapes.push(text(column * step + left, y + CAPITALS, line, { ink: QUIET }))
    y += LINE
  }
  const end = Math.max(y - LINE, below(0))
  const title = clean(figure.title || panels.map((panel) => panel.title).join(', '))
  return { width, height: end + CAPITALS + MARGIN, title, shapes }
}

/** A panel with all that stands around it. */
function place(
  panel: Spectrogram,
  axis: Axis,
  { peak, note }: Reference,
  { left, across, height, step, frames, time, levels }: Measures,
  at: { x: number; y: number },
  isLast: boolean,
): Shape[] {
  const x = at.x + left
  const room = across - measure(note, 'regular') - 2 * SPACE
  const y = at.y + LINE + 2
  const area = { x, y, width: across, height }
  const bar = { x: x + across + 2 * SPACE, y, width: BAR, height }
  return [
    text(x, at.y + CAPITALS + 2, shorten(clean(panel.title), 'bold', room), { weight: 'bold' }),
    text(x + across, at.y + CAPITALS + 2, note, { align: 'end', ink: QUIET }),
    ...part.cells(panel, frames, peak, area),
    ...part.outline(area),
    ...part.leftAxis(axis, area, at.x + MARGIN + CAPITALS),
    ...part.colourBar(levels, bar, at.x + step - MARGIN - 3),
    ...part.bottomAxis(time, area, isLast),
  ]
}
