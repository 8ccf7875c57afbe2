import fs from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { decodeWav, type LoadOptions } from '../../src/audio/index.ts'
import { chunk, extensible, le, pcm16, riff, wav } from './build-wav.ts'
import { bytesOf, decode } from './decode.ts'

test('PCM of every width, at its limits', () => {
  for (const bits of [16, 24, 32]) {
    const most = 2 ** (bits - 1)
    const stored = [0, 1, -1, most - 1, -most, 300, -300]
    const bytes = wav(
      { bits },
      stored.flatMap((value) => le(value, bits / 8)),
    )
    assert.equal(decode(bytes, { normalize: false }).data, stored.map(Math.fround))
    assert.equal(
      decode(bytes).data,
      stored.map((value) => Math.fround(value / most)),
    )
  }
  const eight = wav({ bits: 8 }, [128, 129, 127, 255, 0])
  assert.equal(decode(eight).data, [0, 1 / 128, -1 / 128, 127 / 128, -1])
  assert.equal(decode(eight, { normalize: false }).data, [128, 129, 127, 255, 0])
})

test('float of 32 and 64 bits comes as it is', () => {
  const values = [0, 0.1, -1, 2.5, Infinity, -Infinity, 1e-45, NaN]
  for (const array of [Float32Array.from(values), Float64Array.from(values)]) {
    const bytes = wav({ code: 3, bits: array.BYTES_PER_ELEMENT * 8 }, bytesOf(array))
    for (const normalize of [true, false]) {
      const { data } = decode(bytes, { normalize })
      for (const [i, value] of values.entries()) assert.ok(Object.is(data[i], Math.fround(value)), `[${i}]: ${data[i]}`)
    }
  }
})

test('WAVE_FORMAT_EXTENSIBLE', () => {
  const pcm = riff([
    chunk('fmt ', extensible({ code: 1, bits: 24, channels: 2 })),
    chunk('data', [0, 0, 64, 0, 0, 192]),
  ])
  assert.equal(decode(pcm), { data: [0.5, -0.5], shape: [2, 1], sampleRate: 16000 })
  const float = riff([chunk('fmt ', extensible({ code: 3, bits: 32 })), chunk('data', bytesOf(Float32Array.of(0.25)))])
  assert.equal(decode(float).data, [0.25])
})

test('channels, rates and orders', () => {
  const samples = [0, 1, 2, 3, 4, 5]
  const bytes = wav({ channels: 2, sampleRate: 44100 }, pcm16(...samples))
  assert.equal(decode(bytes, { normalize: false }), { data: [0, 2, 4, 1, 3, 5], shape: [2, 3], sampleRate: 44100 })
  const transposed = decode(bytes, { normalize: false, channelsFirst: false })
  assert.equal(transposed, { data: samples, shape: [3, 2], sampleRate: 44100 })

  const eight = wav(
    { channels: 8, sampleRate: 192000, bits: 24 },
    Array.from({ length: 16 }, (_, i) => le(i, 3)).flat(),
  )
  const { data, shape, sampleRate } = decode(eight, { normalize: false })
  assert.equal([shape, sampleRate], [[8, 2], 192000])
  assert.equal(
    data,
    Array.from({ length: 16 }, (_, i) => (i % 2) * 8 + (i >> 1)),
  )
  assert.equal(decode(wav({}, pcm16(-32768))), { data: [-1], shape: [1, 1], sampleRate: 16000 })
  assert.equal(decode(wav({ channels: 65535, bits: 8 }, [])).shape, [65535, 0])
})

test('frameOffset and numFrames', () => {
  const bytes = wav({ channels: 2 }, pcm16(0, 10, 1, 11, 2, 12, 3, 13))
  const part = (frameOffset: number, numFrames: number): number[] =>
    decode(bytes, { frameOffset, numFrames, normalize: false }).data
  assert.equal(part(0, -1), [0, 1, 2, 3, 10, 11, 12, 13])
  assert.equal(part(1, 2), [1, 2, 11, 12])
  assert.equal(part(3, 100), [3, 13])
  assert.equal(part(4, -1), [])
  assert.equal(part(1e9, 1), [])
  assert.equal(decode(bytes, { frameOffset: 9 }).shape, [2, 0])
})

test('options that are undefined are absent', () => {
  const { waveform } = decodeWav(wav({}, pcm16(1)), {
    frameOffset: undefined,
    numFrames: undefined,
    normalize: undefined,
    channelsFirst: undefined,
    onWarning: undefined,
  })
  assert.equal(waveform, { data: Float32Array.of(1 / 32768), shape: [1, 1] })
})

test('more than is decoded in one piece', () => {
  const channels = 3
  const samples = Uint8Array.from({ length: 2 ** 21 + 1 }, (_, i) => (i * i) >> 7)
  const whole = Buffer.concat([wav({ channels, bits: 8 }, []), samples])
  whole.writeUInt32LE(0xffffffff, 40)
  const time = samples.length / channels
  for (const channelsFirst of [true, false]) {
    const { data, shape } = decodeWav(whole, { normalize: false, channelsFirst, frameOffset: 1 }).waveform
    assert.equal(shape, channelsFirst ? [channels, time - 1] : [time - 1, channels])
    const [frame, channel] = channelsFirst ? [1, time - 1] : [channels, 1]
    for (let i = channels; i < samples.length; i++) {
      const to = (Math.floor(i / channels) - 1) * frame + (i % channels) * channel
      if (data[to] !== samples[i]) assert.is(data[to], samples[i], `byte ${i}`)
    }
  }
})

test('an ArrayBuffer that was transferred, and a view of it', () => {
  const { buffer } = wav({}, pcm16(1))
  const view = new Uint8Array(buffer)
  structuredClone(buffer, { transfer: [buffer as ArrayBuffer] })
  for (const gone of [buffer as ArrayBuffer, view]) {
    assert.throws(
      () => decodeWav(gone),
      (error: Error) =>
        error instanceof TypeError &&
        error.message === 'wav: expected an ArrayBuffer or a Uint8Array, got a detached ArrayBuffer',
    )
  }
})

test('speech.wav', () => {
  const bytes = fs.readFileSync(new URL('../../examples/speech.wav', import.meta.url))
  const { data, shape, sampleRate } = decode(bytes)
  assert.is(sampleRate, 16000)
  const from = bytes.indexOf('data') + 8
  assert.equal(shape, [1, (bytes.length - from) / 2])
  assert.equal(
    data,
    Array.from(data, (_, i) => bytes.readInt16LE(from + 2 * i) / 32768),
  )
})

test('options outside their domain', () => {
  const bytes = wav({}, pcm16(1))
  const wrong: [options: unknown, message: RegExp][] = [
    [{ frameOffset: -1 }, /^frameOffset: expected an integer >= 0, got -1$/],
    [{ frameOffset: 0.5 }, /^frameOffset: /],
    [{ frameOffset: NaN }, /^frameOffset: /],
    [{ numFrames: -2 }, /^numFrames: expected -1 or an integer >= 0, got -2$/],
    [{ numFrames: '3' }, /^numFrames: /],
    [{ numFrames: Infinity }, /^numFrames: /],
    [{ normalize: 1 }, /^normalize: expected true or false, got 1$/],
    [{ channelsFirst: 'no' }, /^channelsFirst: /],
    [{ onWarning: 3 }, /^onWarning: expected a function, got 3$/],
    [{ num_frames: 3 }, /unknown option "num_frames" \(did you mean numFrames\?\)/],
    [null, /^decodeWav options: expected an object, got null$/],
  ]
  for (const [options, message] of wrong) assert.throws(() => decodeWav(bytes, options as LoadOptions), message)
})

test.run()
