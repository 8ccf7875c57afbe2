/** Spectrograms as a figure, PNG or SVG: the command line's `--plot`. Pure: no files, no clock, no installed fonts. */
import type { Figure } from './figure.ts'
import { layOut } from './layout.ts'
import { toPng } from './png.ts'
import { toSvg } from './svg.ts'

export type { Figure, Panel } from './figure.ts'

export function renderPng(figure: Figure): Uint8Array {
  return toPng(layOut(figure))
}

export function renderSvg(figure: Figure): string {
  return toSvg(layOut(figure))
}
