/** What bark-stream-worklet.js plays, and when. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { BarkStream } from '../src/index.ts'
import { BarkPlayer, type BarkPlayerOptions } from '../src/worklet/player.ts'
import { random } from './oracle/random.ts'

const settings = { nFft: 64, hopLength: 16, nBarks: 12, power: 1, iterations: 2, onWarning: () => {} }
const RATE = 16000

const noise = (frames: number, seed = 1): Float32Array => {
  const r = random(seed)
  return Float32Array.from({ length: 12 * frames }, () => Math.exp(r.normal()))
}

function heard(frames: Float32Array): Float32Array {
  const live = new BarkStream({ ...settings, sampleRate: RATE })
  const out: number[] = []
  for (let i = 0; i < frames.length; i += 12) out.push(...live.push(frames.subarray(i, i + 12)))
  out.push(...live.flush())
  return Float32Array.from(out)
}

/** Every call's samples until the end, or so many calls. */
function play(player: BarkPlayer, length: number, calls = 1e4): Float32Array[] {
  const all: Float32Array[] = []
  for (let isOn = true; isOn && all.length < calls; ) {
    const out = new Float32Array(length).fill(7)
    isOn = player.render(out)
    all.push(out)
  }
  return all
}

/** Insists that nothing but `expected` is heard, however late. */
function hears(out: number[], expected: Float32Array): void {
  const first = (all: ArrayLike<number>): number => Array.from(all).findIndex((x) => x !== 0)
  const from = first(out) - first(expected)
  const off = expected.findIndex((x, i) => x !== out[from + i])
  assert.is(off, -1, `sample ${off} of ${expected.length}, from ${from} on`)
  assert.ok(out.slice(from + expected.length).every((x) => x === 0))
}

const flat = (parts: Float32Array[]): number[] => parts.flatMap((part) => [...part])
const make = (options: BarkPlayerOptions = {}): BarkPlayer => new BarkPlayer({ ...settings, ...options }, RATE)

test('plays what BarkStream gives, whatever the lengths of calls and of messages', () => {
  const frames = noise(40)
  const expected = heard(frames)
  for (const [length, pieces] of [
    [128, [40]],
    [16, [1, 2, 3, 34]],
    [7, [20, 20]],
    [1000, [40]],
  ] as const) {
    const player = make()
    let at = 0
    for (const count of pieces) {
      player.feed(frames.slice(12 * at, 12 * (at + count)))
      at += count
    }
    player.end()
    const out = flat(play(player, length))
    hears(out, expected)
    assert.equal(player.state, { queued: 0, played: expected.length, underruns: 0, latency: 112 })
    assert.is(player.render(new Float32Array(length)), false)
  }
})

test('takes no more frames in a call than its samples are long', () => {
  const player = make()
  player.feed(noise(100))
  let queued = 100
  for (let i = 0; i < 40; i++) {
    player.render(new Float32Array(40))
    assert.ok(queued - player.state.queued <= 3)
    queued = player.state.queued
  }
})

test('waits for `prebuffer` frames, at the beginning and after an underrun', () => {
  const player = make({ prebuffer: 5 })
  const out = new Float32Array(16)
  const silent = (): boolean => {
    player.render(out)
    return !player.isPlaying && out.every((x) => x === 0)
  }
  const all = noise(200)
  let fed = 0
  const feed = (count: number): void => {
    player.feed(all.slice(12 * fed, 12 * (fed + count)))
    fed += count
  }
  // three of lookAhead and two that lie before the first sample give nothing yet, then two hops are ahead
  for (let i = 0; i < 11; i++) {
    feed(1)
    assert.ok(silent(), `call ${i}`)
    if (i > 6) assert.is(player.state.queued, i - 6)
  }
  feed(1)
  assert.not.ok(silent())
  while (player.state.underruns === 0) player.render(out)
  const { played } = player.state
  for (let i = 0; i < 3; i++) assert.ok(silent())
  assert.equal(player.state, { queued: 0, played, underruns: 1, latency: 112 })
  feed(7)
  assert.ok(silent())
  assert.not.ok(silent())
  // nothing is lost or heard twice
  player.end()
  play(player, 16)
  assert.is(player.state.played, heard(all.slice(0, 12 * fed)).length)
})

test('the end before the beginning, and nothing at all', () => {
  const none = make()
  none.end()
  assert.is(none.render(new Float32Array(128)), false)
  const few = make({ prebuffer: 100 })
  few.feed(noise(3))
  few.end()
  assert.ok(flat(play(few, 128)).some((x) => x !== 0))
  assert.is(few.state.played, 32)
})

test('reset forgets all, and plays again', () => {
  const player = make()
  player.feed(noise(30, 2))
  for (let i = 0; i < 20; i++) player.render(new Float32Array(16))
  player.end()
  player.reset()
  const frames = noise(20)
  player.feed(frames)
  player.end()
  hears(flat(play(player, 16)), heard(frames))
})

test('errors name what is wrong', () => {
  const throws = (act: () => void, pattern: RegExp): void => assert.throws(act, (e: Error) => pattern.test(e.message))
  throws(() => make({ sampleRate: 44100 }), /^sampleRate: expected 16000, the context's .*, got 44100$/)
  throws(() => make({ prebuffer: -1 }), /^prebuffer: expected an integer from 0 to 1048576, got -1$/)
  throws(() => make({ lookahead: 1 } as never), /^bark-stream: unknown option "lookahead" \(did you mean lookAhead\?\)/)
  const player = make({ prebuffer: 0 })
  for (const wrong of [new Float32Array(13), undefined, null, 5, {}])
    throws(() => player.feed(wrong as never), /^frames\.length: expected a multiple of 12 \(nBarks\), got /)
  // a frame that is wrong is left out
  const frames = noise(30)
  const faulty = [...frames.slice(0, 120), ...Array(12).fill(Number.NaN), ...frames.slice(120)]
  player.feed(faulty)
  player.end()
  const out = new Float32Array(16)
  const parts: number[] = []
  let errors = 0
  for (let isOn = true; isOn; parts.push(...out)) {
    try {
      isOn = player.render(out)
    } catch (error) {
      errors++
      assert.match((error as Error).message, /^frame: expected finite values, got NaN at \[0\]$/)
    }
  }
  assert.is(errors, 1)
  hears(parts, heard(frames))
  throws(() => player.feed(frames), /^frames: expected none after the end, got 30$/)
})

test.run()
