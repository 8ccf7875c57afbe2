/**
 * The colour map: magma, from black through purple and orange to cream in even steps of perceived lightness.
 * By Nathaniel Smith and Stéfan van der Walt, https://bids.github.io/colormap/ (CC0); every fifth of its 256 colours,
 * between which straight lines stay within 0.8 of 255.
 */
const MAGMA =
  '000004 02020b 050416 090720 0e0b2b 140e36 1a1042 21114e 29115a 311165 390f6e 420f75 4a1079 52137c 5a167e 621980 ' +
  '6a1c81 721f81 792282 812581 892881 912b81 992d80 a1307e aa337d b2357b ba3878 c23b75 ca3e72 d2426f d9466b e04c67 ' +
  'e75263 ec5860 f1605d f4695c f7725c f97b5d fb8560 fc8e64 fd9869 fea16e feaa74 feb47b febd82 fec68a fecf92 fed89a ' +
  'fde2a3 fdebac fcf4b6 fcfdbf'

export type Colour = [red: number, green: number, blue: number]

const ANCHORS = MAGMA.split(' ').map((digits): Colour => {
  const value = Number.parseInt(digits, 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
})

/** Colours of a spectrogram: 0.36 dB each where they span 80 dB. */
export const LEVELS = 224
/** Greys of all else, white to black; with the levels they fill a palette of 256. */
export const GREYS = 32

/** The colour at `x` from 0 (quiet) to 1 (loud). */
export function colourAt(x: number): Colour {
  const place = Math.min(Math.max(x, 0), 1) * (ANCHORS.length - 1)
  const i = Math.min(Math.floor(place), ANCHORS.length - 2)
  return ANCHORS[i]!.map((from, channel) =>
    Math.round(from + (place - i) * (ANCHORS[i + 1]![channel]! - from)),
  ) as Colour
}

/** The levels, quiet to loud. */
export function levelColours(): Colour[] {
  return Array.from({ length: LEVELS }, (_, i) => colourAt(i / (LEVELS - 1)))
}

/** A grey from 0 (white) to 1 (black). */
export function grey(ink: number): Colour {
  const value = Math.round(255 * (1 - ink))
  return [value, value, value]
}

/** Levels, then greys. */
export function palette(): Colour[] {
  return [...levelColours(), ...Array.from({ length: GREYS }, (_, i) => grey(i / (GREYS - 1)))]
}
