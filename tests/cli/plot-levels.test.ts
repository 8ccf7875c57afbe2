import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { colourAt, GREYS, LEVELS, levelColours, palette } from '../../src/cli/plot/colours.ts'
import { paint, peakOf } from '../../src/cli/plot/levels.ts'
import type { Cells } from '../../src/cli/plot/scene.ts'

function cellsOf(data: ArrayLike<number>, rows: number, isPower = true, peak?: number): Cells {
  const values = Float32Array.from(data)
  const place = { x: 0, y: 0, width: 1, height: 1 }
  const columns = values.length / rows
  return { kind: 'cells', ...place, data: values, rows, columns, isPower, peak: peak ?? peakOf(values, isPower) }
}

/** CIE 1976 lightness of an sRGB colour. */
function lightness(colour: readonly number[]): number {
  const [r, g, b] = colour.map((c) => (c <= 10.31 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4))
  const y = 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
  return y > 216 / 24389 ? 116 * Math.cbrt(y) - 16 : (24389 / 27) * y
}

test('every level is lighter than the one before, in even steps', () => {
  const found = levelColours().map(lightness)
  for (let i = 8; i < LEVELS; i += 8) {
    const step = found[i]! - found[i - 8]!
    assert.ok(step > 1.2 && step < 5, `level ${i}: ${step}`)
  }
  for (let i = 1; i < LEVELS; i++) assert.ok(found[i]! > found[i - 1]!, `level ${i}`)
  assert.equal(colourAt(-1), [0, 0, 4])
  assert.equal(colourAt(2), [252, 253, 191])
})

test('the palette has 256 places', () => {
  assert.is(LEVELS + GREYS, 256)
  assert.is(palette().length, 256)
  assert.equal(
    [palette()[LEVELS], palette()[255]],
    [
      [255, 255, 255],
      [0, 0, 0],
    ],
  )
})

test('levels are decibels below the peak, of power and of magnitude', () => {
  const last = LEVELS - 1
  assert.equal([...paint(cellsOf([1, 1e-2, 1e-8, 1e-12, 0], 1), 5, 1)], [last, Math.round(0.75 * last), 0, 0, 0])
  assert.equal([...paint(cellsOf([1, 1e-1, 1e-4], 1, false), 3, 1)], [last, Math.round(0.75 * last), 0])
  assert.equal([...paint(cellsOf([1e-2], 1, true, 1), 1, 1)], [Math.round(0.75 * last)])
})

test('low rows are at the bottom', () => {
  assert.equal([...paint(cellsOf([1, 0, 0, 0], 2), 2, 2)], [0, 0, LEVELS - 1, 0])
})

test('one loud cell among many keeps its level, wherever it is', () => {
  for (const columns of [947, 1180, 1181, 3702, 100_003]) {
    for (const at of [0, 1, Math.floor(columns / 3), columns - 2, columns - 1]) {
      const data = new Float32Array(columns)
      data[at] = 1
      const levels = paint(cellsOf(data, 1), columns < 1180 ? 1180 : 1179, 1)
      const loudest = Math.max(...levels)
      // shared with a silent neighbour at most in halves where cells are wider than pixels
      assert.ok(loudest >= LEVELS - 10, `${at} of ${columns}: ${loudest}`)
      if (columns > 1180) assert.is(levels.filter((level) => level > 0).length, 1)
    }
  }
  for (const rows of [249, 513, 5001]) {
    const data = new Float32Array(rows)
    data[rows >> 1] = 1
    assert.ok(Math.max(...paint(cellsOf(data, rows), 1, 250)) >= LEVELS - 10)
  }
})

test('a pixel on a border shows both cells by share of power', () => {
  const half = Math.round((1 + (10 * Math.log10(0.5)) / 80) * (LEVELS - 1))
  assert.equal([...paint(cellsOf([1, 0], 1), 3, 1)], [LEVELS - 1, half, 0])
  assert.equal([...paint(cellsOf([1, 0], 2), 1, 3)], [0, half, LEVELS - 1])
})

test('silence, negative values, NaN and infinity give levels, too', () => {
  assert.equal([...paint(cellsOf([0, 0, 0, 0], 2), 3, 3)], new Array(9).fill(0))
  const odd = [Number.NaN, -1, Infinity, -Infinity, 1, 1e-2]
  assert.is(peakOf(Float32Array.from(odd), true), 1)
  const [last, quiet] = [LEVELS - 1, Math.round(0.75 * (LEVELS - 1))]
  assert.equal([...paint(cellsOf(odd, 1), 6, 1)], [0, 0, last, 0, last, quiet])
  assert.equal([...paint(cellsOf(odd, 6), 1, 3)], [last, last, 0])
  assert.equal([...paint(cellsOf(odd, 1), 12, 1)], [0, 0, 0, 0, last, last, 0, 0, last, last, quiet, quiet])
})

test.run()
