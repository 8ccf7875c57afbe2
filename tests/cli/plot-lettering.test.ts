import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { clean, FACES, fold, measure, shorten, wrap } from '../../src/cli/plot/lettering.ts'

test('every printable ASCII letter and Latin-1 is there', () => {
  for (const face of Object.values(FACES)) {
    for (let code = 32; code < 127; code++) {
      const place = face.places.get(String.fromCharCode(code))!
      assert.ok(place.advance > 0 && (code === 32 || place.width > 0), `U+${code.toString(16)}`)
    }
    for (const letter of '°±²µ·×äßéøÞ–—…−≤≥→') assert.ok(face.places.has(letter), letter)
  }
  // digits are equally wide: labels do not jump
  assert.is(new Set(Array.from('0123456789', (digit) => measure(digit, 'regular'))).size, 1)
})

test('texts are one line, without what XML forbids or what turns lines around', () => {
  assert.is(clean('a\tb\r\n c\0d\u2028e'), 'a b c d e')
  assert.is(clean('e\u0301 \u202eabc\u200d'), 'é abc')
  assert.is(clean('\ud800x\uffff\udc00'), '\ufffdx\ufffd\ufffd')
})

test('letters that there are not become their like, or question marks', () => {
  const { regular } = FACES
  assert.is(fold('Grüße, naïve', regular), 'Grüße, naïve')
  assert.is(fold('Dvořák, Łódź', regular), 'Dvorák, Lódz')
  assert.is(fold('日本語 🎧', regular), '??? ?')
  assert.is(fold('10 μs, 2′', regular), "10 µs, 2'")
  assert.is(fold('ﬁle x\u0336y', regular), 'file xy')
})

test('lines are no wider than asked, and lose nothing', () => {
  const words = 'the quick brown fox jumps over the lazy dog '.repeat(20)
  const lines = wrap(words, 'regular', 300, 1000)
  for (const line of lines) assert.ok(measure(line, 'regular') <= 300, line)
  assert.is(lines.join(' '), words.trim())
  for (const long of ['W'.repeat(1000), '語'.repeat(1000), '🎧'.repeat(1000)]) {
    const pieces = wrap(`a ${long} b`, 'regular', 300, 1000)
    for (const piece of pieces) assert.ok(measure(piece, 'regular') <= 300)
    assert.is(pieces.join('').replaceAll(' ', '').replace(/^a|b$/g, ''), long)
    for (const piece of pieces) assert.is(clean(piece), piece)
  }
})

test('line breaks are kept, no-break spaces keep together, empty texts are no lines', () => {
  assert.equal(wrap('one\ntwo\r\n\r\nthree', 'regular', 300, 9), ['one', 'two', 'three'])
  const pairs = Array.from({ length: 30 }, (_, i) => `--option\u00a0${i}`)
  for (const line of wrap(pairs.join(' '), 'regular', 300, 99)) assert.match(line, /^--option.* --option\u00a0\d+$/)
  assert.equal(wrap('', 'regular', 300, 9), [])
  assert.equal(wrap(' \n ', 'regular', 300, 9), [])
})

test('what is too long ends in an ellipsis, and soon', () => {
  const began = performance.now()
  for (const text of ['x'.repeat(1e6), 'x '.repeat(5e5), 'x\n'.repeat(5e5)]) {
    const lines = wrap(text, 'regular', 1200, 12)
    assert.is(lines.length, 12)
    assert.match(lines.at(-1)!, /…$/)
    assert.ok(measure(lines.at(-1)!, 'regular') <= 1200)
  }
  assert.ok(performance.now() - began < 2000)
  assert.is(shorten('abc', 'bold', 300), 'abc')
  const short = shorten('m'.repeat(100), 'bold', 300)
  assert.ok(measure(short, 'bold') <= 300 && measure(short, 'bold') > 270 && short.endsWith('…'))
})

test.run()
