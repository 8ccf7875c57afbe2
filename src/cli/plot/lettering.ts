/** What a text may hold, how wide it is, where it breaks. */
import { BOLD, CHARACTERS, type Glyphs, REGULAR } from './glyphs.ts'

export type Weight = 'regular' | 'bold'

export interface Place {
  /** Pixels from the start of the strip. */
  from: number
  /** Pixels from the pen to the first pixel drawn. */
  bearing: number
  width: number
  advance: number
}

/** A weight in its one size. */
export interface Face {
  glyphs: Glyphs
  places: Map<string, Place>
}

function readFace(glyphs: Glyphs): Face {
  const places = new Map<string, Place>()
  const found = glyphs.places.split(' ')
  let from = 0
  for (const [i, character] of Array.from(CHARACTERS).entries()) {
    const [bearing, width, advance] = found[i]!.split(',').map(Number) as [number, number, number]
    places.set(character, { from, bearing, width, advance })
    from += width
  }
  places.set('\u00a0', places.get(' ')!)
  return { glyphs, places }
}

export const FACES: Record<Weight, Face> = { regular: readFace(REGULAR), bold: readFace(BOLD) }

/** Text of one line that XML may hold and that cannot turn itself around: no controls, no lone surrogates. */
export function clean(text: string): string {
  return text
    .normalize('NFC')
    .replace(/(?:(?!\u00a0)[\p{Cc}\p{Zs}\p{Zl}\p{Zp}])+/gu, ' ')
    .replace(/\p{Cf}/gu, '')
    .replace(/\p{C}/gu, '\ufffd')
}

/** Letters that are drawn as another: Greek mu, hyphens, primes, operators. */
const ALIKE: Record<string, string> = {
  μ: 'µ',
  '‐': '-',
  '‑': '-',
  '′': "'",
  '″': '"',
  '∙': '·',
  '‚': ',',
  Ł: 'L',
  ł: 'l',
}

/** Text in letters that there are: accents too rare go, other scripts become question marks. */
export function fold(text: string, { places }: Face): string {
  let out = ''
  for (const character of clean(text)) {
    if (places.has(character)) out += character
    else if (character in ALIKE) out += ALIKE[character]
    else {
      const bare = character.normalize('NFKD').replace(/\p{M}/gu, '')
      if (bare === '' && /\p{M}/u.test(character)) continue
      out += bare !== '' && Array.from(bare).every((letter) => places.has(letter)) ? bare : '?'
    }
  }
  return out
}

/** Pixels of a text; a letter that there is not counts as one em, so that other renderers have room for it. */
export function measure(text: string, weight: Weight): number {
  const { places, glyphs } = FACES[weight]
  let width = 0
  for (const character of text) {
    width += places.get(character)?.advance ?? (/\p{M}/u.test(character) ? 0 : glyphs.size)
  }
  return width
}

/** The text, or what of it fits with an ellipsis. */
export function shorten(text: string, weight: Weight, width: number): string {
  if (measure(text, weight) <= width) return text
  return `${startOf(text, weight, width - measure('…', weight)).trimEnd()}…`
}

/** As many letters from the start as fit; at least one, so that breaking comes to an end. */
function startOf(text: string, weight: Weight, width: number): string {
  let used = 0
  let length = 0
  for (const character of text) {
    used += measure(character, weight)
    if (used > width && length > 0) break
    length += character.length
  }
  return text.slice(0, length)
}

/** Lines no wider than `width`, broken at spaces and, in words too long for a line, anywhere; `most` of them. */
export function wrap(text: string, weight: Weight, width: number, most: number): string[] {
  const lines: string[] = []
  for (const paragraph of text.split(/\r\n|\r|\n/)) {
    let line = ''
    for (let word of clean(paragraph).split(' ')) {
      if (word === '') continue
      const longer = line === '' ? word : `${line} ${word}`
      if (measure(longer, weight) <= width) {
        line = longer
        continue
      }
      if (line !== '') lines.push(line)
      while (measure(word, weight) > width && lines.length <= most) {
        const start = startOf(word, weight, width)
        lines.push(start)
        word = word.slice(start.length)
      }
      line = word
      if (lines.length > most) break
    }
    if (line !== '') lines.push(line)
    if (lines.length > most) break
  }
  if (lines.length <= most) return lines
  return [...lines.slice(0, most - 1), shorten(`${lines[most - 1]}…`, weight, width)]
}
