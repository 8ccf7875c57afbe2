import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { decodeWav } from '../../src/audio/index.ts'
import { chunk, ds64, extensible, type Format, fmt, le, pcm16, riff, text, wav } from './build-wav.ts'
import { decode, warned } from './decode.ts'

test('other chunks are skipped, wherever they are, with their padding', () => {
  const format = chunk('fmt ', fmt())
  const data = chunk('data', pcm16(7, 8))
  const odd = chunk('LIST', text('INFOx'))
  const trailing = [0xff, 0xfb, 0, 0, 1]
  const files = [
    [odd, format, data],
    [format, odd, data],
    [chunk('JUNK', []), format, chunk('\x20id3', [1]), odd, data, odd],
    [data, format],
    [data, odd, format],
    [format, data, trailing],
    [chunk('fmt ', [...fmt(), ...le(0, 2)]), data],
    [chunk('fmt ', [...fmt(), 1, 2, 3]), data, data],
  ]
  for (const chunks of files) assert.equal(decode(riff(chunks), { normalize: false }).data, [7, 8])
  assert.equal(decode(riff([format, data], { size: 0 }), { normalize: false }).data, [7, 8])
})

test('RF64 and BW64 take their sizes from ds64', () => {
  for (const form of ['RF64', 'BW64']) {
    const data = chunk('data', [...pcm16(1, 2), ...text('LIST'), ...le(0, 4)], 0xffffffff)
    const bytes = riff([ds64(92, 4), chunk('fmt ', fmt()), data], { form, size: 0xffffffff })
    assert.equal(decode(bytes, { normalize: false }).data, [1, 2])
  }
  const chunks = [chunk('fmt ', fmt()), chunk('data', pcm16(1, 2), 0xffffffff)]
  const last = [ds64(0, 4), chunk('data', pcm16(3, 4), 0xffffffff), chunk('fmt ', fmt())]
  assert.equal(decode(riff(last, { form: 'RF64' }), { normalize: false }).data, [3, 4])
  const long = warned(riff([ds64(2 ** 40, 2 ** 39), ...chunks], { form: 'RF64' }))
  assert.is(long.data.length, 2)
  assert.match(long.warnings.join(), /promises 549755813888 bytes, the file holds 4; 2 frames are read/)
  assert.equal(decode(riff([ds64(0, 0), ...chunks], { form: 'RF64' })).data.length, 2)
  assert.throws(() => decode(riff([chunk('ds64', [1, 2]), ...chunks], { form: 'RF64' })), /expected a ds64 chunk of at/)
})

test('ten thousand chunks before the samples, and no more', () => {
  const files = [9998, 9999].map((count) => {
    const junk = Array.from({ length: count }, () => chunk('JUNK', []))
    return riff([...junk, chunk('fmt ', fmt()), chunk('data', pcm16(1))])
  })
  assert.equal(decode(files[0]!, { normalize: false }).data, [1])
  assert.throws(() => decode(files[1]!), /^wav: expected a data chunk, got 10000 other chunks$/)
})

test('a streamed file is read to its end, an empty one is empty', () => {
  const format = chunk('fmt ', fmt())
  const samples = pcm16(1, 2, 3)
  for (const size of [0, 0xffffffff]) {
    for (const whole of [0, 36, 0xffffffff]) {
      const bytes = riff([format, chunk('data', samples, size)], { size: whole })
      assert.equal(decode(bytes, { normalize: false }).data, [1, 2, 3])
    }
  }
  for (const size of [0, 36, 0xffffffff]) {
    assert.equal(decode(riff([format, chunk('data', [])], { size })).shape, [1, 0])
  }
  assert.equal(decode(riff([format, chunk('data', []), chunk('LIST', text('INFO'))])).shape, [1, 0])
})

test('a data chunk that promises more than there is gives whole frames and a warning', () => {
  const bytes = riff([chunk('fmt ', fmt({ channels: 2 })), chunk('data', pcm16(1, 2, 3), 4000)])
  const { data, warnings } = warned(bytes)
  assert.equal(data, [1 / 32768, 2 / 32768])
  assert.equal(warnings, ['wav: the data chunk promises 4000 bytes, the file holds 6; 1 frames are read'])

  const odd = warned(wav({ channels: 2 }, [...pcm16(1, 2), 5]))
  assert.is(odd.data.length, 2)
  assert.equal(odd.warnings, ['wav: the last 1 bytes are no whole frame of 4 bytes and are left out'])

  const { warn } = console
  const said: unknown[] = []
  console.warn = (message: unknown): number => said.push(message)
  try {
    decodeWav(bytes)
  } finally {
    console.warn = warn
  }
  assert.is(said.length, 1)
})

test('a file that lies about itself is refused', () => {
  const data = chunk('data', pcm16(1, 2))
  const withFormat = (format: Format, body = fmt(format)): Uint8Array => riff([chunk('fmt ', body), data])
  const refused: [bytes: Uint8Array, message: RegExp][] = [
    [withFormat({ channels: 0 }), /^wav: expected at least 1 channel, got 0$/],
    [withFormat({ sampleRate: 0 }), /^wav: expected a sample rate of at least 1 Hz, got 0$/],
    [withFormat({ bits: 12, blockAlign: 2 }), /expected 8, 16, 24, 32 bits a PCM sample, got 12/],
    [withFormat({ bits: 0 }), /bits a PCM sample, got 0/],
    [withFormat({ code: 3, bits: 16 }), /expected 32, 64 bits a float sample, got 16/],
    [withFormat({ blockAlign: 0 }), /expected 2 bytes a frame of 1 x 16 bits, got 0/],
    [withFormat({ bits: 24, blockAlign: 4 }), /expected 3 bytes a frame of 1 x 24 bits, got 4/],
    [withFormat({ channels: 65535, blockAlign: 2 }), /expected 131070 bytes a frame/],
    [withFormat({ code: 6, bits: 8 }), /expected PCM or float samples, got compression 6 \(A-law\)/],
    [withFormat({ code: 7, bits: 8 }), /compression 7 \(mu-law\)/],
    [withFormat({ code: 85 }), /compression 85 \(MP3\)/],
    [withFormat({ code: 4660 }), /compression 4660 \(unknown\)/],
    [withFormat({}, extensible({ code: 6, bits: 8 })), /compression 6 \(A-law\)/],
    [
      withFormat({}, extensible({}, '\x21\x07\xd3\x11\x86\x44\xc8\xc1\xca\0\0\0\0\0')),
      /expected an extensible sub format/,
    ],
    [withFormat({}, extensible({}).slice(0, 20)), /expected an extensible fmt chunk of at least 40 bytes, got 20/],
    [withFormat({}, fmt().slice(0, 14)), /expected a fmt chunk of at least 16 bytes, got 14/],
    [riff([]), /expected a fmt chunk, got the end of the file/],
    [riff([data]), /expected a fmt chunk, got the end of the file/],
    [riff([chunk('fmt ', fmt())]), /expected a data chunk, got the end of the file/],
    [riff([chunk('fmt ', fmt()), chunk('LIST', [1, 2], 2 ** 31)]), /expected 2147483648 bytes in chunk "LIST", got 2/],
    [riff([chunk('fmt ', fmt(), 2 ** 32 - 1)]), /expected 4294967295 bytes in chunk "fmt ", got 16/],
    [riff([chunk('\0\0\0\0', []), data]), /expected the name of a chunk at byte 12/],
  ]
  for (const [bytes, message] of refused) {
    assert.throws(() => decode(bytes), message)
    assert.throws(
      () => decode(bytes),
      (error: Error) => error instanceof RangeError,
    )
  }
})

test('bytes that are no WAV are named', () => {
  const names: [beginning: string, what: RegExp][] = [
    ['', /^wav: expected a WAV file, got an empty file$/],
    ['ID3\x04\0\0\0', /got MP3 audio$/],
    ['\xff\xfb\x90\0', /got MP3 audio$/],
    ['\xff\xf1\x50\x80', /got AAC audio$/],
    ['fLaC\0\0\0\x22', /got FLAC audio$/],
    ['OggS\0\x02', /got Ogg audio$/],
    ['FORM\0\0\0\0AIFF', /got AIFF audio$/],
    ['\0\0\0\x18ftypM4A ', /got MP4 audio or video$/],
    ['RIFX\0\0\0\0WAVE', /got a big-endian RIFX file$/],
    ['RIFF\0\0\0\0AVI LIST', /got a RIFF file of form "AVI "$/],
    ['RIFG\0\0\0\0WAVE', /got unknown bytes/],
    ['RIFF\0\0', /got the first bytes of a RIFF file$/],
    ['\x93NUMPY\x01\0', /got a NumPy array/],
    ['PK\x03\x04\x14\0', /got a zip archive/],
    ['<!DOCTYPE html><html lang="en">', /got an HTML page$/],
    ['version https://git-lfs.github.com/spec/v1', /got a Git LFS pointer/],
    ['hello, world\n', /got text$/],
    ['gr\xc3\xbc\xc3\x9fe', /got text$/],
    ['\xef\xbb\xbfa', /got text$/],
    ['\0\x01\x02\x03\x04\x05\x06\x07\x08', /got unknown bytes that begin with 00 01 02 03 04 05 06 07$/],
  ]
  for (const [beginning, what] of names) assert.throws(() => decodeWav(Uint8Array.from(text(beginning))), what)
  assert.throws(
    () => decodeWav('a.wav' as unknown as Uint8Array),
    /^wav: expected an ArrayBuffer or a Uint8Array, got "a.wav"/,
  )
})

test.run()
