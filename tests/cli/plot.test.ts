import { decode } from 'fast-png'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { LEVELS } from '../../src/cli/plot/colours.ts'
import { type Figure, type Panel, renderPng, renderSvg } from '../../src/cli/plot/index.ts'
import { layOut } from '../../src/cli/plot/layout.ts'
import { FACES, fold, measure } from '../../src/cli/plot/lettering.ts'
import type { Scene, Text } from '../../src/cli/plot/scene.ts'

type Size = [rows: number, columns: number]

function panel(unit: 'Hz' | 'Bark', [rows, columns]: Size, high: number, title: string = unit, scale = 1): Panel {
  const data = Float32Array.from(
    { length: rows * columns },
    (_, i) => scale * 10 ** (-8 * (((i * 7919) % 1009) / 1009)),
  )
  return { title, tensor: { data, shape: [rows, columns] }, axis: { unit, low: 0, high }, isPower: true }
}

function figure(columns: number, nBarks = 128, high = 8000): Figure {
  const size: Size = [513, columns]
  const panels = [panel('Hz', size, high), panel('Bark', [nBarks, columns], 21), panel('Hz', size, high, 'inverted')]
  return { panels, secondsPerFrame: 0.016, caption: 'n_stft 513, n_barks 128, max_iter 100000. '.repeat(5) }
}

const usual = figure(206)
const hostile = `"<b>&amp;]]></text>" ${'W'.repeat(3000)} \0\u202e\ud800 日本語 \u00a0`
const figures: Record<string, Figure> = {
  usual,
  long: figure(3702),
  'one frame': figure(1),
  'no frame': figure(0),
  '40 bands, 44.1 kHz': figure(300, 40, 22050),
  'one panel': { ...usual, panels: usual.panels.slice(2), title: 'speech.wav' },
  'two panels, frames': { ...usual, panels: usual.panels.slice(1), secondsPerFrame: undefined },
  'side by side': { ...usual, panels: [...usual.panels, ...usual.panels.slice(1)], across: 2, width: 2000 },
  'side by side, full rows, narrow': { ...usual, panels: [...usual.panels, usual.panels[2]!], across: 2, width: 1800 },
  'one panel in two columns': { ...usual, panels: usual.panels.slice(2), across: 2, width: 1800 },
  'three columns': { ...usual, across: 3, width: 2700 },
  narrow: { ...usual, width: 1200 },
  wide: { ...usual, width: 4000 },
  'one row': { ...usual, panels: [panel('Bark', [1, 50], 0)] },
  'low rate': { ...usual, panels: [panel('Hz', [51, 50], 50)] },
  'more of one than of the other': { ...usual, panels: [panel('Hz', [51, 50], 50), panel('Hz', [51, 500], 50)] },
  hostile: { ...usual, panels: [panel('Hz', [9, 9], 9, hostile)], title: hostile, caption: hostile },
  'no words': { ...usual, title: '', caption: '', panels: [panel('Hz', [9, 9], 9, '')] },
}

function texts(scene: Scene): Text[] {
  return scene.shapes.filter((shape) => shape.kind === 'text').filter((text) => text.text !== '')
}

/** Left, top, right, bottom. */
type Edges = [number, number, number, number]

function edges({ x, y, text, weight, align, upwards }: Text): Edges {
  const length = measure(fold(text, FACES[weight]), weight)
  const before = { start: 0, middle: 0.5, end: 1 }[align] * length
  const [rise, fall] = [12, 3]
  if (upwards) return [x - rise, y + before - length, x + fall, y + before]
  return [x - before, y - rise, x - before + length, y + fall]
}

for (const [name, figure] of Object.entries(figures)) {
  const scene = layOut(figure)

  test(`${name}: words and shapes are inside, and words do not overlap`, () => {
    assert.ok(scene.width >= 1200)
    const all = texts(scene)
    for (const [i, text] of all.entries()) {
      const [left, top, right, bottom] = edges(text)
      assert.ok(left >= 4 && top >= 4 && right <= scene.width - 4 && bottom <= scene.height - 4, text.text)
      for (const other of all.slice(i + 1)) {
        const [l, t, r, b] = edges(other)
        assert.not.ok(left < r && l < right && top < b && t < bottom, `${text.text} | ${other.text}`)
      }
    }
    for (const shape of scene.shapes) {
      if (shape.kind === 'text') continue
      const { x, y, width, height } = shape
      assert.ok([x, y, width, height].every(Number.isInteger) && width > 0 && height > 0, JSON.stringify(shape.kind))
      assert.ok(x >= 0 && y >= 0 && x + width <= scene.width && y + height <= scene.height)
    }
  })

  test(`${name}: the PNG has the size, the words and the spectrograms`, () => {
    const { width, height, data, palette, depth, channels } = decode(renderPng(figure))
    assert.equal([width, height, depth, channels, palette!.length], [scene.width, scene.height, 8, 1, 256])
    for (const text of texts(scene)) {
      const [left, top, right, bottom] = edges(text).map(Math.round) as Edges
      let dark = 0
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) if (data[y * width + x]! > LEVELS + 12) dark++
      }
      assert.ok(dark >= 4, `${text.text}: ${dark} pixels`)
    }
    for (const shape of scene.shapes) {
      if (shape.kind !== 'cells') continue
      for (const [x, y] of [
        [shape.x, shape.y],
        [shape.x + shape.width - 1, shape.y + shape.height - 1],
      ] as const) {
        assert.ok(data[y * width + x]! < LEVELS)
      }
    }
  })

  test(`${name}: the SVG is well-formed and holds the words`, () => {
    const svg = renderSvg(figure)
    const found = parse(svg)
    assert.equal(
      found.texts,
      texts(scene).map((text) => text.text),
    )
    assert.is(found.images.length, scene.shapes.filter((shape) => shape.kind === 'cells').length)
    for (const image of found.images) {
      const bytes = Uint8Array.from(atob(image), (letter) => letter.charCodeAt(0))
      assert.ok(decode(bytes, { checkCrc: true }).width > 0)
    }
  })
}

/** A small XML reader: tags in balance, attributes quoted, nothing unescaped, no letter that XML forbids. */
function parse(svg: string): { texts: string[]; images: string[] } {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  assert.not.match(svg, /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/)
  assert.not.match(svg, /\p{Cs}/u)
  const open: string[] = []
  const result = { texts: [] as string[], images: [] as string[] }
  const names: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
  const tag = /<(\/?)([a-zA-Z]+)((?: [a-zA-Z0-9:-]+="[^"<&]*")*)(\/?)>|([^<]+)/gy
  let end = 0
  for (const match of svg.matchAll(tag)) {
    end = match.index + match[0].length
    const [, closes, name, attributes, empty, text] = match
    if (text !== undefined) {
      assert.not.match(text.replace(/&(amp|lt|gt|quot|#39);/g, ''), /[&>]/)
      const plain = text.replace(/&([a-z0-9#]+);/g, (_, entity: string) => names[entity]!)
      if (open.at(-1) === 'text') result.texts.push(plain)
      continue
    }
    if (closes) assert.is(open.pop(), name)
    else if (!empty) open.push(name!)
    if (name === 'image') result.images.push(/base64,([^"]+)/.exec(attributes!)![1]!)
  }
  assert.is(end, svg.length, svg.slice(end, end + 80))
  assert.equal(open, [])
  return result
}

test('panels in Hz share their reference, Bark has its own, and both say so', () => {
  const panels = [panel('Hz', [9, 9], 8000), panel('Bark', [9, 9], 20, 'b', 5), panel('Hz', [9, 9], 8000, 'i', 0.5)]
  const scene = layOut({ ...usual, panels })
  const peaks = scene.shapes.filter((shape) => shape.kind === 'cells').map((shape) => shape.peak)
  assert.equal(peaks, [1, 5, 1])
  const words = texts(scene).map((text) => text.text)
  assert.is(
    words.filter((text) => text === '9 bins × 9 frames, 0 dB = 1.00 in power, the peak of the Hz panels').length,
    2,
  )
  assert.ok(words.includes('9 bands × 9 frames, 0 dB = 5.00 in power, its peak'))
  const alone = texts(layOut({ ...usual, panels: [{ ...panels[2]!, isPower: false }] })).map((text) => text.text)
  assert.ok(alone.includes('9 bins × 9 frames, 0 dB = 0.500 in magnitude, its peak'))
})

test('panels beside each other are equally large, in rows, with the caption in the free place', () => {
  const panels = [...usual.panels, ...usual.panels.slice(1)]
  const { shapes } = layOut({ ...usual, panels, across: 2, width: 2000 })
  const places = shapes.filter((shape) => shape.kind === 'cells')
  const [[left, right], [top, middle, low]] = [
    places.map(({ x }) => x),
    places.map(({ y }) => y).filter((_, i) => i % 2 === 0),
  ]
  assert.is(right! - left!, 1000)
  assert.equal(
    places.map(({ x, y }) => [x, y]),
    [
      [left, top],
      [right, top],
      [left, middle],
      [right, middle],
      [left, low],
    ],
  )
  assert.is(new Set(places.map(({ width, height }) => `${width} ${height}`)).size, 1)
  const caption = shapes.find((shape) => shape.kind === 'text' && shape.text.startsWith('n_stft')) as Text
  assert.ok(caption.x === right && caption.y > low! && caption.y < low! + places[0]!.height)
  const times = shapes.filter((shape) => shape.kind === 'text' && shape.text === 'Time (s)')
  assert.is(times.length, 2)
})

test('silence is drawn and called so', () => {
  const silent = panel('Hz', [9, 9], 8000, 'silent', 0)
  const scene = layOut({ ...usual, panels: [silent] })
  assert.ok(texts(scene).some((text) => text.text === '9 bins × 9 frames, all zero'))
  assert.ok(renderPng({ ...usual, panels: [silent] }).length > 0)
})

test('wrong arguments are named', () => {
  assert.throws(() => renderPng({ ...usual, width: 800 }), /width: expected an integer from 1200 to 10000, got 800/)
  assert.throws(() => renderPng({ ...usual, panels: [] }), /panels: expected at least one, got \[\]/)
  assert.throws(() => renderPng({ ...usual, across: 2 }), /^across: expected an integer from 1 to 1, got 2$/)
  const [first] = usual.panels
  const wrong =
    (changes: Partial<Panel>): (() => void) =>
    () =>
      renderSvg({ ...usual, panels: [{ ...first!, ...changes }] })
  assert.throws(
    wrong({ tensor: { data: new Float32Array(6), shape: [2, 3, 1] } }),
    /panels\[0\]\.tensor\.shape: expected/,
  )
  assert.throws(wrong({ tensor: { data: new Float32Array(5), shape: [2, 3] } }), /expected 6 values, got 5/)
  assert.throws(wrong({ axis: { unit: 'Hz', low: 0, high: Number.NaN } }), /panels\[0\]\.axis: expected finite numbers/)
})

test('the same figure gives the same bytes, and half a minute of speech is drawn soon', () => {
  const half = figure(947)
  assert.equal(renderPng(half), renderPng(half))
  const began = performance.now()
  renderPng(half)
  // 100 ms on a laptop; the bound is for busy machines
  assert.ok(performance.now() - began < 1500)
})

test.run()
