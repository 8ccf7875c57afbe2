/** The three panels as one picture, as they are on the page. */
import { drawPanel, drawTime, FONT } from './axes.ts'
import { sheetInks } from './dom.ts'
import type { PanelName } from './messages.ts'
import { PANELS, type Plot } from './plot.ts'

const [WIDTH, PANEL, LEFT, TITLE, EDGE, AXIS] = [1200, 220, 56, 26, 20, 30]
const SCALE = 2

export async function drawPicture(plot: Plot, titles: Record<PanelName, string>): Promise<Blob> {
  const canvas = document.createElement('canvas')
  canvas.width = WIDTH * SCALE
  canvas.height = (2 * EDGE + PANELS.length * (TITLE + PANEL) + AXIS) * SCALE
  const context = canvas.getContext('2d')!
  context.scale(SCALE, SCALE)
  const inks = sheetInks()
  context.fillStyle = inks.ground
  context.fillRect(0, 0, WIDTH, canvas.height)
  const { axis, window } = plot.state
  let y = EDGE
  for (const name of PANELS) {
    context.font = FONT.replace('11px', '600 13px')
    context.fillStyle = inks.ink
    context.textAlign = 'left'
    context.textBaseline = 'top'
    context.fillText(titles[name], LEFT, y + 4)
    const box = { x: LEFT, y: y + TITLE, width: WIDTH - LEFT - EDGE, height: PANEL }
    const what = { axis, window, extent: plot.extent, absent: plot.absent[name] }
    drawPanel(context, box, plot.picture(name), what, inks)
    y += TITLE + PANEL
  }
  drawTime(context, { x: LEFT, y, width: WIDTH - LEFT - EDGE, height: AXIS }, plot.extent, window, inks)
  return await new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The picture could not be made'))), 'image/png')
  })
}
