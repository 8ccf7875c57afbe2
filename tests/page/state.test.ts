/** What the page keeps in its address: settings and the visible part; and the curve that it draws. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { frameCurve, iterationCurve } from '../../demo/page/curve.ts'
import { DEFAULTS, FIELDS, NAMES, readSettings, writeSettings } from '../../demo/page/settings.ts'
import { panned, readWindow, WHOLE, writeWindow, zoomed } from '../../demo/page/window.ts'

test('every setting comes back from the address, and defaults are not in it', () => {
  const query = new URLSearchParams()
  writeSettings(DEFAULTS, query)
  assert.is(query.toString(), '')
  for (const name of NAMES) {
    const field = FIELDS[name]
    const value = field.kind === 'choice' ? field.choices.at(-1)![0] : field.least
    const settings = { ...DEFAULTS, [name]: value }
    writeSettings(settings, query)
    assert.equal(readSettings(new URLSearchParams(query.toString())), { settings, wrong: [] }, name)
  }
})

test('what is wrong in an address is told and left at its default', () => {
  const { settings, wrong } = readSettings(new URLSearchParams('bands=0&hop=1.5&solver=&nFft=64&other=1'))
  assert.equal(settings, { ...DEFAULTS, nFft: 64 })
  assert.is(wrong.length, 3)
  assert.match(wrong.join('; '), /Bands: expected an integer from 1 to 1024, got 0/)
})

test('zooming leaves the place where it is, and stays inside', () => {
  let window = WHOLE
  for (let i = 0; i < 40; i++) {
    const before = (0.3 - window.from) / (window.to - window.from)
    window = zoomed(window, 'time', 0.3, 0.7)
    assert.ok(Math.abs((0.3 - window.from) / (window.to - window.from) - before) < 1e-6)
  }
  assert.ok(window.to - window.from >= 0.99e-5, 'it stops at its least')
  for (let i = 0; i < 40; i++) window = zoomed(window, 'time', 0.3, 1 / 0.7)
  assert.ok(window.from < 1e-9 && window.to > 1 - 1e-9)
  const moved = panned(zoomed(WHOLE, 'frequency', 0.5, 0.5), 0, 9)
  assert.equal([moved.low, moved.high], [0.5, 1])
})

test('a window comes back from its text; anything else is the whole', () => {
  const window = { from: 0.125, to: 0.25, low: 0, high: 0.5 }
  assert.equal(readWindow(writeWindow(window)!), window)
  assert.is(writeWindow(WHOLE), undefined)
  for (const text of [null, '', '0.5', '0.5,0.4,0,1', '-1,1,0,1', '0,2,0,1', 'a,b,c,d', 'NaN,1,0,1'])
    assert.equal(readWindow(text), WHOLE)
})

test('curves are short, and keep their first and last point and the greatest loss', () => {
  const history = Array.from({ length: 20_000 }, (_, i) => ({ iteration: i + 1, loss: 1 / (i + 1) }))
  const curve = iterationCurve(history)
  assert.ok(curve.length < 2000)
  assert.equal([...curve.subarray(0, 2)], [1, 1])
  assert.equal([...curve.subarray(-2)], [20_000, 1 / 20_000])
  const losses = Float64Array.from({ length: 5000 }, (_, t) => (t === 1234 ? 7 : 1))
  const frames = frameCurve(losses)
  assert.ok(frames.length <= 800)
  assert.is(Math.max(...frames.filter((_, i) => i % 2 === 1)), 7)
})

test.run()
