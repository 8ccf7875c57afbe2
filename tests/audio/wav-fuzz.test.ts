import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { decodeWav } from '../../src/audio/index.ts'
import { chunk, ds64, extensible, fmt, pcm16, riff, text } from './build-wav.ts'
import { bytesOf } from './decode.ts'
import { attempt, check, continued, mutated } from './fuzz.ts'

/** A waveform of its shape, no larger than the file, or the promised error. */
function holds(bytes: Uint8Array): void {
  const clip = attempt('wav', () => decodeWav(bytes, { onWarning: () => {} }))
  if (!clip) return
  const { data, shape } = clip.waveform
  assert.is(shape.length, 2)
  assert.is(data.length, shape[0]! * shape[1]!)
  assert.ok(data.length <= bytes.length)
  assert.ok(clip.sampleRate > 0)
}

const plain = riff([
  chunk('LIST', text('INFOabc')),
  chunk('fmt ', fmt({ channels: 2 })),
  chunk('data', pcm16(1, 2, 3, 4)),
])
const long = [
  ds64(96, 8),
  chunk('fmt ', extensible({ code: 3, bits: 32 })),
  chunk('data', bytesOf(Float32Array.of(1, 2))),
]
const rf64 = riff(long, { form: 'RF64', size: 0xffffffff })

test('truncations', () => {
  for (const valid of [plain, rf64]) {
    for (let length = 0; length <= valid.length; length++) holds(valid.subarray(0, length))
  }
  assert.ok(attempt('wav', () => decodeWav(plain)))
  assert.ok(attempt('wav', () => decodeWav(rf64)))
})

test('random bytes', () => check(fc.uint8Array({ maxLength: 300 }), holds))

test('a valid beginning and random bytes', () => {
  check(continued(plain), holds)
  check(continued(rf64), holds)
})

test('mutations', () => {
  check(mutated(plain, [4, 16, 32, 36, 40, 48, 56]), holds)
  check(mutated(rf64, [4, 16, 20, 24, 28, 32, 52, 96, 104]), holds)
})

test.run()
