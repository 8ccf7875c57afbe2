/** Colours of pixels, each as the four bytes that a canvas takes. */
import { type Colour, LEVELS, levelColours } from '../../src/cli/plot/colours.ts'

/** Decibels of a difference that have the strongest colour. */
export const DIFFERENCE_DB = 20

/** Quieter to louder: blue, dark where nothing differs, orange. */
const STOPS: readonly Colour[] = [
  [158, 202, 255],
  [52, 116, 196],
  [20, 22, 28],
  [196, 94, 28],
  [255, 205, 140],
]

function differenceColours(): Colour[] {
  return Array.from({ length: LEVELS }, (_, i) => {
    const place = (i / (LEVELS - 1)) * (STOPS.length - 1)
    const k = Math.min(Math.floor(place), STOPS.length - 2)
    const mix = (c: number): number => Math.round(STOPS[k]![c]! + (place - k) * (STOPS[k + 1]![c]! - STOPS[k]![c]!))
    return [mix(0), mix(1), mix(2)]
  })
}

const packed = (colours: Colour[]): Uint32Array =>
  Uint32Array.from(colours, ([red, green, blue]) => ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0)

export const LEVEL_PIXELS: Uint32Array = packed(levelColours())
export const DIFFERENCE_PIXELS: Uint32Array = packed(differenceColours())
