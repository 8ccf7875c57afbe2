/** Where everything stands: panels one below the other, all equally wide, labels beside them. */
import { frequencyAxis, timeAxis } from './axis.ts'
import { type Figure, readPanels, readWidth } from './figure.ts'
import { clean, measure, shorten, wrap } from './lettering.ts'
import * as part from './panel.ts'
import { BAR, CAPITALS, LINE, QUIET, SPACE, TICK, text } from './panel.ts'
import { referencesOf } from './reference.ts'
import type { Scene, Shape } from './scene.ts'

/** Pixels of a panel's height where there are one, two, three or more. */
const HEIGHTS = [440, 300, 250]
const MARGIN = 24
/** Lines of a caption. */
const MOST_LINES = 12

export function layOut(figure: Figure): Scene {
  const width = readWidth(figure)
  const panels = readPanels(figure)
  const height = HEIGHTS[Math.min(panels.length, HEIGHTS.length) - 1]!
  const axes = panels.map((panel) => frequencyAxis(panel, height))
  const levels = part.levelAxis(height)
  const left = MARGIN + LINE + part.widest(axes) + TICK + SPACE
  const right = 2 * SPACE + BAR + TICK + part.widest([levels]) + SPACE + LINE + MARGIN
  const across = width - left - right
  const frames = Math.max(...panels.map((panel) => panel.columns))
  const time = timeAxis(figure, frames, across)
  const references = referencesOf(panels)

  const shapes: Shape[] = []
  let y = MARGIN
  if (figure.title) {
    const title = shorten(clean(figure.title), 'bold', across)
    shapes.push(text(left + across / 2, y + CAPITALS + 2, title, { weight: 'bold', align: 'middle' }))
    y += LINE + SPACE
  }
  for (const [i, panel] of panels.entries()) {
    const { peak, note } = references[i]!
    const room = across - measure(note, 'regular') - 2 * SPACE
    shapes.push(text(left, y + CAPITALS + 2, shorten(clean(panel.title), 'bold', room), { weight: 'bold' }))
    shapes.push(text(left + across, y + CAPITALS + 2, note, { align: 'end', ink: QUIET }))
    y += LINE + 2
    const place = { x: left, y, width: across, height }
    const bar = { x: left + across + 2 * SPACE, y, width: BAR, height }
    shapes.push(...part.cells(panel, frames, peak, place), ...part.outline(place))
    shapes.push(...part.leftAxis(axes[i]!, place, MARGIN + CAPITALS))
    shapes.push(...part.colourBar(levels, bar, width - MARGIN - 3))
    shapes.push(...part.bottomAxis(time, place, i === panels.length - 1))
    y += height + TICK + 2 * SPACE
  }
  y += SPACE
  shapes.push(text(left + across / 2, y + CAPITALS, time.title, { align: 'middle' }))
  y += LINE + SPACE
  for (const line of wrap(figure.caption, 'regular', width - left - MARGIN, MOST_LINES)) {
    shapes.push(text(left, y + CAPITALS, line, { ink: QUIET }))
    y += LINE
  }
  const title = clean(figure.title || panels.map((panel) => panel.title).join(', '))
  return { width, height: y - LINE + CAPITALS + MARGIN, title, shapes }
}
