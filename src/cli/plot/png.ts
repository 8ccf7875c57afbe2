/** A scene as PNG: a canvas of palette places, one byte a pixel. */
import { decode, encode } from 'fast-png'
import { GREYS, LEVELS, palette } from './colours.ts'
import { FACES, fold, measure, type Weight } from './lettering.ts'
import { paint } from './levels.ts'
import type { Box, Cells, Ramp, Scene, Text } from './scene.ts'

interface Canvas {
  width: number
  height: number
  data: Uint8Array
}

/** The palette's place of a grey. */
function greyAt(ink: number): number {
  return LEVELS + Math.round(ink * (GREYS - 1))
}

export function toPng(scene: Scene): Uint8Array {
  const { width, height } = scene
  const canvas = { width, height, data: new Uint8Array(width * height).fill(greyAt(0)) }
  for (const shape of scene.shapes) {
    if (shape.kind === 'box') fill(canvas, shape)
    else if (shape.kind === 'text') write(canvas, shape)
    else if (shape.kind === 'cells') drawCells(canvas, shape)
    else drawRamp(canvas, shape)
  }
  return encode({ ...canvas, channels: 1, depth: 8, palette: palette() })
}

function fill({ width, data }: Canvas, box: Box): void {
  for (let y = box.y; y < box.y + box.height; y++) {
    data.fill(greyAt(box.ink), y * width + box.x, y * width + box.x + box.width)
  }
}

function drawCells({ width, data }: Canvas, cells: Cells): void {
  const levels = paint(cells, cells.width, cells.height)
  for (let y = 0; y < cells.height; y++) {
    data.set(levels.subarray(y * cells.width, (y + 1) * cells.width), (cells.y + y) * width + cells.x)
  }
}

function drawRamp({ width, data }: Canvas, ramp: Ramp): void {
  for (let y = 0; y < ramp.height; y++) {
    const level = Math.round((1 - (y + 0.5) / ramp.height) * (LEVELS - 1))
    const start = (ramp.y + y) * width + ramp.x
    data.fill(level, start, start + ramp.width)
  }
}

interface Strip {
  width: number
  height: number
  alpha: Uint8Array
}

const strips = new Map<Weight, Strip>()

/** The letters of a weight, decoded once. */
function stripOf(weight: Weight): Strip {
  const known = strips.get(weight)
  if (known) return known
  const bytes = Uint8Array.from(atob(FACES[weight].glyphs.strip), (letter) => letter.charCodeAt(0))
  const { width, height, data } = decode(bytes)
  const strip = { width, height, alpha: data as Uint8Array }
  strips.set(weight, strip)
  return strip
}

function write(canvas: Canvas, text: Text): void {
  const face = FACES[text.weight]
  const strip = stripOf(text.weight)
  const letters = fold(text.text, face)
  const back = { start: 0, middle: 0.5, end: 1 }[text.align] * measure(letters, text.weight)
  const [x, y] = [Math.round(text.x - (text.upwards ? 0 : back)), Math.round(text.y + (text.upwards ? back : 0))]
  let pen = 0
  for (const letter of letters) {
    const { from, bearing, width, advance } = face.places.get(letter)!
    for (let down = 0; down < strip.height; down++) {
      for (let along = 0; along < width; along++) {
        const alpha = strip.alpha[down * strip.width + from + along]!
        if (alpha === 0) continue
        const [u, v] = [pen + bearing + along, down - face.glyphs.ascent]
        const ink = (text.ink * alpha) / 255
        // upwards: what went right goes up, what went down goes right
        if (text.upwards) blend(canvas, x + v, y - u, ink)
        else blend(canvas, x + u, y + v, ink)
      }
    }
    pen += advance
  }
}

/** Text stands on white: the darker of two letters that touch stays. */
function blend({ width, height, data }: Canvas, x: number, y: number, ink: number): void {
  if (x < 0 || x >= width || y < 0 || y >= height) return
  const i = y * width + x
  data[i] = Math.max(data[i]!, greyAt(ink))
}
