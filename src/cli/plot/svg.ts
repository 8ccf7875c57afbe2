/** A scene as SVG: text stays text, spectrograms are pictures inside, all else is vectors. */
import { encode } from 'fast-png'
import { grey, levelColours } from './colours.ts'
import { FACES } from './lettering.ts'
import { paint } from './levels.ts'
import type { Box, Cells, Ramp, Scene, Shape, Text } from './scene.ts'

/** Verdana has the widths of the first. */
const FONTS = 'DejaVu Sans, Verdana, Helvetica, Arial, sans-serif'

export function toSvg({ width, height, title, shapes }: Scene): string {
  const stops = levelColours().filter((_, i, all) => i % 8 === 0 || i === all.length - 1)
  const gradient = stops.map(
    (colour, i) => `<stop offset="${round(i / (stops.length - 1))}" stop-color="${hex(colour)}"/>`,
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"` +
      ` font-family="${FONTS}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<defs><linearGradient id="levels" x1="0" y1="1" x2="0" y2="0">${gradient.join('')}</linearGradient></defs>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...shapes.map(element),
    '</svg>',
    '',
  ].join('\n')
}

function element(shape: Shape): string {
  if (shape.kind === 'box') return rectangle(shape, hex(grey(shape.ink)))
  if (shape.kind === 'ramp') return rectangle(shape, 'url(#levels)')
  return shape.kind === 'text' ? words(shape) : image(shape)
}

function rectangle({ x, y, width, height }: Box | Ramp, fill: string): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}"/>`
}

function words({ x, y, text, weight, align, upwards, ink }: Text): string {
  const place = upwards
    ? `transform="translate(${round(x)} ${round(y)}) rotate(-90)"`
    : `x="${round(x)}" y="${round(y)}"`
  const style = [
    `font-size="${FACES[weight].glyphs.size}"`,
    weight === 'bold' ? 'font-weight="bold"' : '',
    align === 'start' ? '' : `text-anchor="${align}"`,
    `fill="${hex(grey(ink))}"`,
  ]
  return `<text ${place} ${style.filter((part) => part !== '').join(' ')}>${escaped(text)}</text>`
}

/** Every cell a whole number of pixels, or down to twice as fine as in the PNG: no viewer's scaling decides. */
function image(cells: Cells): string {
  const [width, height] = [pixels(cells.columns, cells.width), pixels(cells.rows, cells.height)]
  const data = paint(cells, width, height)
  const png = encode({ width, height, data, channels: 1, depth: 8, palette: levelColours() }, { zlib: { level: 6 } })
  const { x, y } = cells
  return (
    `<image x="${x}" y="${y}" width="${cells.width}" height="${cells.height}" preserveAspectRatio="none"` +
    ` href="data:image/png;base64,${base64(png)}"/>`
  )
}

function pixels(cells: number, length: number): number {
  return Math.min(Math.ceil(length / cells) * cells, 2 * length)
}

function base64(bytes: Uint8Array): string {
  let letters = ''
  for (let i = 0; i < bytes.length; i += 8192) letters += String.fromCharCode(...bytes.subarray(i, i + 8192))
  return btoa(letters)
}

function escaped(text: string): string {
  const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
  return text.replace(/[&<>"']/g, (letter) => names[letter]!)
}

function hex(colour: readonly number[]): string {
  return `#${colour.map((part) => part.toString(16).padStart(2, '0')).join('')}`
}

function round(x: number): number {
  return Math.round(x * 1000) / 1000
}
