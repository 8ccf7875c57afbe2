import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { encodeWav } from '../../src/audio/index.ts'
import { chunk, fmt, le, pcm16, riff, wav } from './build-wav.ts'
import { bytesOf, decode } from './decode.ts'

const tensor = (shape: number[], ...data: number[]): { data: Float32Array; shape: number[] } => ({
  data: Float32Array.from(data),
  shape,
})

test('encodeWav writes the bytes that the specification has', () => {
  const stereo = { waveform: tensor([2, 2], 0.5, -0.5, 0.25, 1), sampleRate: 48000 }
  const sixteen = wav({ channels: 2, sampleRate: 48000 }, pcm16(16384, 8192, -16384, 32767))
  assert.equal(encodeWav(stereo, { bitsPerSample: 16 }), sixteen)
  assert.equal(encodeWav(stereo, { encoding: 'pcm' }), sixteen)
  const float = fmt({ code: 3, channels: 2, bits: 32, sampleRate: 48000 })
  const data = chunk('data', bytesOf(Float32Array.of(0.5, 0.25, -0.5, 1)))
  const wanted = riff([chunk('fmt ', [...float, 0, 0]), chunk('fact', le(2, 4)), data])
  assert.equal(encodeWav(stereo), wanted)
  assert.equal(encodeWav(stereo, { encoding: 'float', bitsPerSample: 32 }), wanted)
})

test('what is encoded decodes to the same, clipped and rounded', () => {
  const values = [0, 1, -1, 2, -2, 0.3, Infinity, -Infinity, 1e-9]
  for (const bits of [16, 24, 32] as const) {
    const most = 2 ** (bits - 1)
    const bytes = encodeWav(
      { waveform: tensor([9], ...values), sampleRate: 8000 },
      { bitsPerSample: bits, encoding: 'pcm' },
    )
    const wanted = values.map((x) => Math.max(-most, Math.min(most - 1, Math.round(Math.fround(x) * most))))
    assert.equal(decode(bytes, { normalize: false }), {
      data: wanted.map(Math.fround),
      shape: [1, 9],
      sampleRate: 8000,
    })
    const again = decode(bytes)
    const twice = encodeWav(
      { waveform: tensor([1, 9], ...again.data), sampleRate: 8000 },
      { bitsPerSample: bits, encoding: 'pcm' },
    )
    assert.equal(decode(twice).data, again.data)
  }
  const odd = encodeWav({ waveform: tensor([3, 1], 0.5, NaN, -0.5), sampleRate: 8000 }, { bitsPerSample: 24 })
  assert.is(odd.length % 2, 0)
  assert.equal(decode(odd).data, [0.5, 0, -0.5])
  const float = decode(encodeWav({ waveform: tensor([1, 3], 5, -Infinity, NaN), sampleRate: 8000 })).data
  assert.equal(float.slice(0, 2), [5, -Infinity])
  assert.ok(Number.isNaN(float[2]))
  assert.equal(decode(encodeWav({ waveform: tensor([2, 0]), sampleRate: 1 })).shape, [2, 0])
})

test('encodeWav names what is wrong', () => {
  const wrong: [clip: unknown, options: unknown, message: RegExp][] = [
    [undefined, {}, /^clip: expected \{ waveform, sampleRate \}, got undefined$/],
    [{ sampleRate: 1 }, {}, /^waveform: expected a tensor/],
    [{ waveform: tensor([1, 1], 0) }, {}, /^sampleRate: expected an integer from 1 to 4294967295, got undefined$/],
    [{ waveform: tensor([1, 1], 0), sampleRate: 0 }, {}, /^sampleRate: /],
    [{ waveform: tensor([0, 5]), sampleRate: 1 }, {}, /^waveform.shape: expected \[channels, time\] with 1 to 16383/],
    [{ waveform: tensor([1, 1, 1], 0), sampleRate: 1 }, {}, /^waveform.shape: /],
    [{ waveform: tensor([], 0), sampleRate: 1 }, {}, /^waveform.shape: /],
    [
      { waveform: tensor([1], 0), sampleRate: 1 },
      { bitsPerSample: 8 },
      /^bitsPerSample: expected 16 or 24 or 32, got 8$/,
    ],
    [
      { waveform: tensor([1], 0), sampleRate: 1 },
      { encoding: 'mp3' },
      /^encoding: expected "float" or "pcm", got "mp3"$/,
    ],
    [
      { waveform: tensor([1], 0), sampleRate: 1 },
      { encoding: 'float', bitsPerSample: 16 },
      /^bitsPerSample: expected 32/,
    ],
    [{ waveform: tensor([1], 0), sampleRate: 1 }, { bits: 16 }, /unknown option "bits"/],
  ]
  for (const [clip, options, message] of wrong) {
    assert.throws(() => encodeWav(clip as Parameters<typeof encodeWav>[0], options as object), message)
  }
})

test.run()
