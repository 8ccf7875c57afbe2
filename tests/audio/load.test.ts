import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { decodeWav, type LoadOptions, load } from '../../src/audio/index.ts'
import { chunk, fmt, le, pcm16, riff, wav } from './build-wav.ts'
import { SparseBlob, sparse } from './sparse-blob.ts'

const bytes = wav({ channels: 2, sampleRate: 22050 }, pcm16(0, 10, 1, 11, 2, 12, 3, 13))
const wanted = decodeWav(bytes)
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'unbark-load-'))
test.after(() => fs.rmSync(folder, { recursive: true }))

function file(name: string, content: Uint8Array | string): string {
  const whole = path.join(folder, name)
  fs.writeFileSync(whole, content)
  return whole
}

type Source = Parameters<typeof load>[0]

/** The error that a source is rejected with. */
async function refusal(source: unknown, options?: LoadOptions): Promise<Error> {
  try {
    await load(source as Source, options)
  } catch (error) {
    assert.instance(error, Error)
    return error as Error
  }
  throw new Error(`${source} was loaded`)
}

/** The functions of `node:fs/promises`, or none, as long as `work` goes on. */
async function withFileSystem(files: object | undefined, work: () => Promise<void>): Promise<void> {
  const { getBuiltinModule } = process
  process.getBuiltinModule = (() => files) as typeof getBuiltinModule
  try {
    await work()
  } finally {
    process.getBuiltinModule = getBuiltinModule
  }
}

test('every kind of source', async () => {
  const name = file('a b.wav', bytes)
  const base64 = Buffer.from(bytes).toString('base64')
  const blob = new Blob([bytes as BlobPart])
  const sources: Source[] = [
    name,
    path.relative(process.cwd(), name),
    pathToFileURL(name),
    pathToFileURL(name).href,
    `data:audio/wav;base64,${base64}`,
    new URL(`data:audio/wav;base64,${base64}`),
    URL.createObjectURL(blob),
    blob,
    bytes,
    Buffer.from(bytes),
    bytes.slice().buffer,
  ]
  for (const source of sources) assert.equal(await load(source), wanted)
})

test('the options do what they do in decodeWav', async () => {
  const name = file('options.wav', bytes)
  const options = { frameOffset: 1, numFrames: 2, normalize: false, channelsFirst: false }
  const part = await load(name, options)
  assert.equal(part, decodeWav(bytes, options))
  assert.equal(part.waveform, { data: Float32Array.of(1, 11, 2, 12), shape: [2, 2] })
  assert.equal(await load(new Blob([bytes as BlobPart]), options), part)
  assert.equal((await load(name, { frameOffset: 100 })).waveform.shape, [2, 0])
  assert.match((await refusal(name, { numFrames: -2 })).message, /^numFrames: expected -1 or an integer >= 0, got -2$/)
  assert.match((await refusal('missing', { num: 1 } as LoadOptions)).message, /^load: unknown option "num"/)
})

test('of a Blob only the header and the wanted frames are read', async () => {
  let read = 0
  class Counting extends Blob {
    override slice(from = 0, to = 0): Blob {
      read += to - from
      return super.slice(from, to)
    }
  }
  const samples = new Array(2 ** 20).fill(5)
  const large = riff([
    chunk('LIST', new Array(100001).fill(32)),
    chunk('fmt ', fmt({ bits: 8 })),
    chunk('data', samples),
  ])
  const { waveform } = await load(new Counting([large as BlobPart]), {
    frameOffset: 1000,
    numFrames: 10,
    normalize: false,
  })
  assert.equal(waveform, { data: new Float32Array(10).fill(5), shape: [1, 10] })
  assert.ok(read < 2 ** 20, `${read} bytes`)
  const whole = await load(file('large.wav', large))
  assert.is(whole.waveform.data.length, 2 ** 20)
})

test('speech.wav from its path and its URL', async () => {
  const url = new URL('../../examples/speech.wav', import.meta.url)
  const { waveform, sampleRate } = await load(url)
  assert.is(sampleRate, 16000)
  assert.is(waveform.shape[0], 1)
  assert.equal(
    (await load(url, { frameOffset: 16000, numFrames: 400 })).waveform.data,
    waveform.data.slice(16000, 16400),
  )
})

test('errors and warnings begin with the name', async () => {
  const text = file('notes.txt', 'hello')
  assert.is((await refusal(text)).message, `${text}: expected a WAV file, got text`)
  assert.instance(await refusal(text), RangeError)
  const empty = file('empty.wav', '')
  assert.is((await refusal(empty)).message, `${empty}: expected a WAV file, got an empty file`)
  const missing = path.join(folder, 'missing.wav')
  assert.is((await refusal(missing)).message, `${missing}: no such file`)
  assert.is((await refusal(folder)).message, `${folder}: expected a file, got a directory`)
  assert.match((await refusal('/dev/zero')).message, /^\/dev\/zero: (expected a file, got a device|no such file)$/)
  assert.match((await refusal('a\0b')).message, /^a\0b: /)
  assert.match((await refusal('http://')).message, /^http:\/\/: /)
  assert.match((await refusal('data:,hello')).message, /^data:,hello: expected a WAV file, got text$/)
  assert.match((await refusal(`data:,${'x'.repeat(1000)}`)).message, /^data:,x{31}\.\.\.: expected/)
  assert.is((await refusal(new File(['x'], 'x.wav'))).message, 'x.wav: expected a WAV file, got text')
  assert.is((await refusal(new Blob([]))).message, 'wav: expected a WAV file, got an empty file')

  const warnings: string[] = []
  const cut = file('cut.wav', bytes.subarray(0, bytes.length - 3))
  const { waveform } = await load(cut, { onWarning: (message) => warnings.push(message) })
  assert.equal(waveform.shape, [2, 3])
  assert.equal(warnings, [`${cut}: the data chunk promises 16 bytes, the file holds 13; 3 frames are read`])
})

test('what is no source', async () => {
  for (const wrong of [undefined, null, '', 5, {}, [1], new Float32Array(4)]) {
    const error = await refusal(wrong)
    assert.instance(error, TypeError)
    assert.match(error.message, /^source: expected a path, a URL, a Blob, an ArrayBuffer or a Uint8Array, got /)
  }
})

test('a path where there is no file system, or no permission', async () => {
  await withFileSystem(undefined, async () => {
    const { message } = await refusal('a.wav')
    assert.is(message, 'a.wav: expected a URL, a Blob or bytes, got a path where there is no file system')
  })
  const open = async (): Promise<never> => Promise.reject(Object.assign(new Error('EACCES: ...'), { code: 'EACCES' }))
  await withFileSystem({ open }, async () => {
    const error = await refusal('secret.wav')
    assert.is(error.message, 'secret.wav: no permission to read it')
    assert.instance(error.cause, Error)
  })
})

test('a file is closed whatever happens', async () => {
  let opened = 0
  let closed = 0
  const files = {
    async open(name: string) {
      const handle = await fs.promises.open(name)
      opened++
      const close = async (): Promise<void> => {
        closed++
        await handle.close()
      }
      return { stat: () => handle.stat(), read: handle.read.bind(handle), close }
    },
  }
  const good = file('good.wav', bytes)
  const bad = file('bad.wav', bytes.subarray(0, 20))
  await withFileSystem(files, async () => {
    await load(good)
    await refusal(bad)
    await refusal(folder)
  })
  assert.equal([opened, closed], [3, 3])
})

test('a file that shrinks while it is read', async () => {
  const name = file('shrinking.wav', bytes)
  const files = {
    async open() {
      const handle = await fs.promises.open(name)
      const stat = async (): Promise<object> => ({
        ...(await handle.stat()),
        size: 100,
        isFile: () => true,
        isDirectory: () => false,
        isCharacterDevice: () => false,
      })
      return { stat, read: handle.read.bind(handle), close: () => handle.close() }
    },
  }
  await withFileSystem(files, async () => {
    assert.match((await refusal(name)).message, /shrinking\.wav: expected 100 bytes from byte 0 on, got 60$/)
  })
})

test('a header that promises 4 GiB in a small file allocates nothing', async () => {
  const name = file('huge.wav', riff([chunk('fmt ', fmt()), chunk('data', pcm16(1), 2 ** 32 - 2)]))
  const began = performance.now()
  const { waveform } = await load(name, { onWarning: () => {} })
  assert.is(waveform.data.length, 1)
  const list = file('list.wav', riff([chunk('LIST', le(0, 4), 2 ** 31), chunk('fmt ', fmt())]))
  assert.match((await refusal(list)).message, /expected 2147483648 bytes in chunk "LIST", got /)
  assert.ok(performance.now() - began < 1000)
})

test('a Blob that gives fewer bytes than its size', async () => {
  const header = new SparseBlob(1000, { 0: bytes }, 60)
  assert.is((await refusal(header)).message, 'wav: expected 1000 bytes from byte 0 on, got 60')
  const samples = Object.assign(new SparseBlob(400052, sparse(0, 400000), 300052), { name: 'cut.wav' })
  assert.is((await refusal(samples)).message, 'cut.wav: expected 400000 bytes from byte 52 on, got 300000')
})

test('bytes that are transferred while they are read', async () => {
  const buffer = wav({}, pcm16(...new Array(50000).fill(1))).buffer as ArrayBuffer
  const loading = refusal(buffer)
  structuredClone(buffer, { transfer: [buffer] })
  assert.match((await loading).message, /^wav: .*(detached|got 0$)/)
  const { message } = await refusal(buffer)
  assert.match(message, /^source: expected a path, a URL, .* or a Uint8Array, got a detached ArrayBuffer$/)
})

test('a large chunk before the samples is not read', async () => {
  const blob = new SparseBlob(1.5e9 + 58, sparse(1.5e9, 6))
  const { waveform } = await load(blob as unknown as Blob, { numFrames: 2, normalize: false })
  assert.equal(waveform, { data: Float32Array.of(7, 8), shape: [1, 2] })
  assert.ok(blob.read < 2 ** 17, `${blob.read} bytes`)
})

test('more samples than any memory takes', async () => {
  const blob = new SparseBlob(2e14 + 52, sparse(0, 0xffffffff)) as unknown as Blob
  const error = await refusal(blob)
  assert.instance(error, RangeError)
  const advice = 'read fewer with frameOffset and numFrames'
  assert.is(error.message, `wav: expected samples that fit into memory, got 100000000000000; ${advice}`)
  const { waveform } = await load(blob, { frameOffset: 1, numFrames: 3, normalize: false })
  assert.equal(waveform.data, Float32Array.of(8, 9, 0))
})

test('the event loop gets its turns', async () => {
  let turns = 0
  let running = true
  const turn = (): void => {
    turns++
    if (running) setImmediate(turn)
  }
  turn()
  const large = Buffer.concat([wav({}, []), new Uint8Array(2 ** 23)])
  large.fill(255, 40, 44)
  const { waveform } = await load(large).finally(() => {
    running = false
  })
  assert.is(waveform.data.length, 2 ** 22)
  assert.ok(turns >= 8, `${turns} turns`)
})

test('a million empty chunks', async () => {
  const chunks = Buffer.concat([bytes.subarray(0, 12), Buffer.alloc(8e6, 'JUNK\0\0\0\0')])
  const began = performance.now()
  assert.is((await refusal(chunks)).message, 'wav: expected a fmt chunk, got 10000 other chunks')
  assert.ok(performance.now() - began < 1000)
})

test('over http', async () => {
  const server = http.createServer((request, response) => {
    if (request.url === '/a.wav') response.end(bytes)
    else if (request.url === '/page') response.end('<!doctype html><p>not here')
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    assert.equal(await load(`${base}/a.wav`), wanted)
    assert.equal(await load(new URL('/a.wav', base)), wanted)
    assert.is((await refusal(`${base}/page`)).message, `${base}/page: expected a WAV file, got an HTML page`)
    assert.is((await refusal(`${base}/b.wav`)).message, `${base}/b.wav: expected a file, got status 404 Not Found`)
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  assert.ok((await refusal(`${base}/a.wav`)).message.startsWith(`${base}/a.wav: `))
})

test.run()
