/** Panels and axes on a canvas, on the page and in the picture that is saved. */
import { ticks } from '../../src/cli/plot/ticks.ts'
import type { Inks } from './dom.ts'
import type { AxisName, Extent, Window } from './messages.ts'

export interface Box {
  x: number
  y: number
  width: number
  height: number
}

export const FONT = '11px system-ui, sans-serif'
/** Pixels that a label takes on each axis, with the air around it. */
const [DOWN, ALONG] = [30, 76]

/** Low and high of what is visible, in the unit of the axis. */
export function rangeOf(axis: AxisName, { hz, bark, lowestBark }: Extent, { low, high }: Window): [number, number] {
  const [bottom, top] = axis === 'hz' ? [0, hz] : [lowestBark, bark]
  return [bottom + low * (top - bottom), bottom + high * (top - bottom)]
}

/** The frequency axis at the left of a box, and what is said in place of a picture that is not there. */
export function drawPanel(
  context: CanvasRenderingContext2D,
  box: Box,
  picture: CanvasImageSource | undefined,
  what: { axis: AxisName; extent: Extent | undefined; window: Window; absent: string },
  inks: Inks,
): void {
  context.font = FONT
  context.fillStyle = inks.plot
  context.fillRect(box.x, box.y, box.width, box.height)
  if (picture) {
    context.imageSmoothingEnabled = false
    context.drawImage(picture, box.x, box.y, box.width, box.height)
  } else {
    context.fillStyle = '#b9b2c8'
    context.textAlign = 'center'
    context.textBaseline = 'middle'
    context.fillText(what.absent, box.x + box.width / 2, box.y + box.height / 2)
  }
  if (!what.extent) return
  const [low, high] = rangeOf(what.axis, what.extent, what.window)
  const isThousands = what.axis === 'hz' && high >= 2000
  const scale = isThousands ? 1000 : 1
  context.textAlign = 'right'
  context.textBaseline = 'middle'
  const unit = what.axis === 'bark' ? 'Bark' : isThousands ? 'kHz' : 'Hz'
  context.fillStyle = inks.soft
  context.fillText(unit, box.x - 8, box.y + 6)
  for (const { value, label } of ticks(low / scale, high / scale, box.height / DOWN)) {
    const y = box.y + box.height * (1 - (value * scale - low) / (high - low))
    // the unit stands at the top
    if (y < box.y + 15 || y > box.y + box.height + 0.5) continue
    context.fillStyle = inks.soft
    context.fillText(label, box.x - 8, Math.min(y, box.y + box.height - 5))
    context.fillStyle = inks.line
    context.fillRect(box.x - 5, Math.round(y) - 0.5, 4, 1)
  }
}

/** The time axis under a box. */
export function drawTime(
  context: CanvasRenderingContext2D,
  box: Box,
  extent: Extent | undefined,
  { from, to }: Window,
  inks: Inks,
): void {
  if (!extent) return
  context.font = FONT
  context.textBaseline = 'top'
  const [start, end] = [from * extent.seconds, to * extent.seconds]
  const marks = ticks(start, end, box.width / ALONG)
  for (const { value, label } of marks) {
    const x = box.x + (box.width * (value - start)) / (end - start)
    const isLast = x > box.x + box.width - 30
    context.fillStyle = inks.line
    context.fillRect(Math.round(x) - 0.5, box.y, 1, 4)
    if (isLast) continue
    context.textAlign = x < box.x + 10 ? 'left' : 'center'
    context.fillStyle = inks.soft
    context.fillText(label, x, box.y + 7)
  }
  context.textAlign = 'right'
  context.fillStyle = inks.soft
  context.fillText('s', box.x + box.width, box.y + 7)
}
