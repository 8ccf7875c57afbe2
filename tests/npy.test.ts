import fc from 'fast-check'
import { dump, float16ToFloat32, parse } from 'npyjs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { allocate } from '../src/bytes.ts'
import { readNpy, writeNpy } from '../src/npy.ts'
import { attempt, check, continued, mutated } from './audio/fuzz.ts'

/** A file by hand. */
function npy(header: string, data: Uint8Array = new Uint8Array(0), major = 1): Uint8Array {
  const length = new Uint8Array(major === 1 ? 2 : 4)
  for (let i = 0; i < length.length; i++) length[i] = (header.length / 256 ** i) & 255
  const letters = Array.from(`\x93NUMPY${String.fromCharCode(major, 0)}`, (letter) => letter.charCodeAt(0))
  return Uint8Array.from([...letters, ...length, ...Array.from(header, (letter) => letter.charCodeAt(0)), ...data])
}

function dictionary(descr: string, shape: string, fortran = 'False'): string {
  return `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }\n`
}

function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}

/** The bytes of every value, the other way round. */
function swapped(array: ArrayBufferView & { BYTES_PER_ELEMENT: number }): Uint8Array {
  const bytes = bytesOf(array).slice()
  for (let i = 0; i < bytes.length; i += array.BYTES_PER_ELEMENT)
    bytes.subarray(i, i + array.BYTES_PER_ELEMENT).reverse()
  return bytes
}

/** Equal bit for bit but for the payload of NaN. */
function same(actual: ArrayLike<number>, wanted: ArrayLike<number>): void {
  assert.is(actual.length, wanted.length)
  for (let i = 0; i < wanted.length; i++)
    assert.ok(Object.is(actual[i], wanted[i]), `[${i}]: ${actual[i]}, not ${wanted[i]}`)
}

const values = [0, -0, 1, -1.5, 0.1, 1e-45, 3.4e38, Infinity, -Infinity, NaN]

test('npyjs reads what is written', () => {
  for (const shape of [[6], [2, 3], [1, 2, 3], [3, 2, 1, 1]]) {
    const data = Float32Array.from({ length: 6 }, (_, i) => i / 3)
    const bytes = writeNpy({ data, shape })
    const read = parse(bytes.buffer as ArrayBuffer)
    same(read.data as Float32Array, data)
    assert.equal([read.shape, read.dtype, read.fortranOrder], [shape, 'f4', false])
  }
})

test('what npyjs writes is read', () => {
  const source = [0, 1, 2, 127, 100, 3]
  for (const type of [
    Float32Array,
    Float64Array,
    Int8Array,
    Uint8Array,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
  ]) {
    const { data, shape } = readNpy(dump(type.from(source), [2, 3]))
    same(data, source)
    assert.equal(shape, [2, 3])
  }
})

test('read back, a tensor is the same', () => {
  const tensors = [
    { data: Float32Array.from(values), shape: [values.length] },
    { data: Float32Array.from(values), shape: [5, 1, 2] },
    { data: Float32Array.of(42), shape: [] },
    { data: new Float32Array(0), shape: [0] },
    { data: new Float32Array(0), shape: [3, 0, 2] },
    { data: new Float32Array(1), shape: new Array<number>(64).fill(1) },
  ]
  for (const { data, shape } of tensors) {
    const back = readNpy(writeNpy({ data, shape }))
    same(back.data, data)
    assert.equal(back.shape, shape)
  }
})

test('the header is padded so that data begins at a multiple of 64', () => {
  for (const n of [0, 1, 10, 1000]) {
    for (let dims = 0; dims < 30; dims++) {
      const shape = new Array<number>(dims).fill(1).concat(n)
      const bytes = writeNpy({ data: new Float32Array(n), shape })
      const start = bytes.length - 4 * n
      assert.is(start % 64, 0)
      assert.is(bytes[start - 1], 10)
      assert.is(bytes[8]! + 256 * bytes[9]!, start - 10)
    }
  }
})

test('a view into a larger buffer is written and read as what it shows', () => {
  const bytes = writeNpy({ data: Float32Array.of(9, 1, 2, 9).subarray(1, 3), shape: [2] })
  const within = new Uint8Array(bytes.length + 3)
  within.set(bytes, 3)
  same(readNpy(within.subarray(3)).data, [1, 2])
  same(readNpy(bytes.buffer as ArrayBuffer).data, [1, 2])
})

test('floats in both byte orders are rounded once to float32', () => {
  for (const [type, name] of [
    [Float32Array, 'f4'],
    [Float64Array, 'f8'],
  ] as const) {
    const array = type.from([...values, 1 / 3, 1e300, 1 + 2 ** -24, 1 + 2 ** -24 + 2 ** -50])
    const wanted = Float32Array.from(array)
    const shape = `(${array.length},)`
    for (const order of ['<', '=', '|', ''])
      same(readNpy(npy(dictionary(order + name, shape), bytesOf(array))).data, wanted)
    same(readNpy(npy(dictionary(`>${name}`, shape), swapped(array))).data, wanted)
  }
})

test('every float16', () => {
  const bits = Uint16Array.from({ length: 65536 }, (_, i) => i)
  const { data } = readNpy(npy(dictionary('<f2', '(65536,)'), bytesOf(bits)))
  same(
    data,
    Array.from(bits, (b) => float16ToFloat32(b)),
  )
  same(readNpy(npy(dictionary('>f2', '(2,)'), Uint8Array.of(0x3c, 0, 0xc0, 0))).data, [1, -2])
})

test('integers and booleans in both byte orders', () => {
  const small = [0, 1, 100]
  for (const type of [Int8Array, Uint8Array, Int16Array, Uint16Array, Int32Array, Uint32Array]) {
    const signed = type.name.startsWith('Int')
    const array = type.from(signed ? [...small, -1, -128] : [...small, -1])
    const name = `${signed ? 'i' : 'u'}${type.BYTES_PER_ELEMENT}`
    const shape = `(${array.length},)`
    same(readNpy(npy(dictionary(`<${name}`, shape), bytesOf(array))).data, Float32Array.from(array))
    same(readNpy(npy(dictionary(`>${name}`, shape), swapped(array))).data, Float32Array.from(array))
  }
  const long = BigInt64Array.of(-1n, 2n ** 40n + 1n)
  same(readNpy(npy(dictionary('<i8', '(2,)'), bytesOf(long))).data, [-1, 2 ** 40])
  same(readNpy(npy(dictionary('>i8', '(2,)'), swapped(long))).data, [-1, 2 ** 40])
  same(readNpy(npy(dictionary('<u8', '(2,)'), bytesOf(long))).data, [2 ** 64, 2 ** 40])
  same(readNpy(npy(dictionary('|b1', '(3,)'), Uint8Array.of(0, 1, 7))).data, [0, 1, 1])
})

test('Fortran order is transposed', () => {
  const [a, b, c] = [2, 3, 4]
  const array = Float32Array.from({ length: a * b * c }, (_, i) => i)
  const { data, shape } = readNpy(npy(dictionary('<f4', '(2, 3, 4)', 'True'), bytesOf(array)))
  assert.equal(shape, [a, b, c])
  for (let i = 0; i < a; i++) {
    for (let j = 0; j < b; j++) {
      for (let k = 0; k < c; k++) assert.is(data[(i * b + j) * c + k], i + a * (j + b * k))
    }
  }
  same(readNpy(npy(dictionary('<f4', '(24,)', 'True'), bytesOf(array))).data, array)
  same(readNpy(npy(dictionary('<f4', '()', 'True'), bytesOf(array))).data, [0])
  assert.equal(readNpy(npy(dictionary('<f4', '(2, 0, 3)', 'True'))), { data: new Float32Array(0), shape: [2, 0, 3] })
})

test('versions 2 and 3, other spellings of the dictionary, bytes behind the data', () => {
  const data = bytesOf(Float32Array.of(1, 2, 3, 4))
  const headers = [
    dictionary('<f4', '(2, 2)'),
    `{"shape":(2,2,),"fortran_order":False,"descr":"<f4"}`,
    `  { 'fortran_order' : False , 'descr' : '<f4' , 'shape' : ( 2L , 2L ) }\n   `,
  ]
  for (const header of headers) {
    for (const major of [1, 2, 3]) {
      assert.equal(readNpy(npy(header, data, major)), { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] })
    }
  }
  same(readNpy(npy(dictionary('<f4', '(2,)'), data)).data, [1, 2])
})

test('what is no array of real numbers is refused by name', () => {
  const refused: [descr: string, kind: RegExp][] = [
    ["'|O'", /^npy: expected floats, integers or booleans, got Python objects \(dtype "\|O"\)$/],
    ["'<c8'", /complex/],
    ["'<c16'", /complex/],
    ["'|S5'", /byte strings/],
    ["'<U10'", /strings/],
    ["'<M8[ns]'", /dates/],
    ["'<m8[us]'", /time spans/],
    ["'|V8'", /records/],
    ["'<f16'", /floats of another width/],
    ["'f'", /floats of another width/],
    ["'constructor'", /./],
    ["'<x4'", /unknown type/],
    ["''", /unknown type/],
    ["[('a', '<f4'), ('b', '<i4')]", /structured/],
    ["('<f4', (2,))", /structured/],
  ]
  for (const [descr, kind] of refused) {
    const header = `{'descr': ${descr}, 'fortran_order': False, 'shape': (1,), }\n`
    assert.throws(
      () => readNpy(npy(header, new Uint8Array(64))),
      (error: Error) => error instanceof TypeError && kind.test(error.message),
      descr,
    )
  }
})

test('malformed headers', () => {
  const malformed: [header: string, message: RegExp][] = [
    ['', /^npy: expected \{ in the header, got its end$/],
    ['[]', /expected \{ in the header, got "\["/],
    ['{', /got its end/],
    ["{'descr': '<f4'", /expected a comma in the header, got its end/],
    ["{'descr': '<f4', 'shape': (1,)}", /expected descr, fortran_order and shape/],
    ["{'descr': '<f4', 'other': 1}", /expected descr, fortran_order or shape in the header, got "'other'"/],
    [`${dictionary('<f4', '(1,)')} 1`, /expected the end of the header, got "1"/],
    [dictionary('<f4', '(1,)', 'None'), /expected True or False in the header, got "None"/],
    [dictionary('<f4', '1'), /expected a tuple/],
    [dictionary('<f4', '(1)'), /expected a comma in the header, got "\)"/],
    [dictionary('<f4', '(-1,)'), /expected an integer in the header, got "-"/],
    [dictionary('<f4', '(1.5,)'), /expected a comma in the header, got "\."/],
    [dictionary('<f4', '(0x10,)'), /expected an integer in the header, got "0x10"/],
    [dictionary('<f4', '(__import__,)'), /expected an integer/],
    [dictionary('<f4', `(${'1, '.repeat(65)})`), /expected at most 64 dimensions, got 65/],
    ["{'descr': {}, }", /expected a dtype in the header, got "\{"/],
    ["{'descr': '<f4, }", /expected a dtype in the header, got "'"/],
  ]
  for (const [header, message] of malformed) {
    assert.throws(() => readNpy(npy(header, new Uint8Array(64))), message)
    assert.throws(
      () => readNpy(npy(header, new Uint8Array(64))),
      (error: Error) => error instanceof RangeError,
      header,
    )
  }
})

test('what is no npy file is named', () => {
  const letters = (text: string): Uint8Array => Uint8Array.from(text, (letter: string) => letter.charCodeAt(0))
  assert.throws(() => readNpy(new Uint8Array(0)), /^npy: expected an .npy file, got an empty file$/)
  assert.throws(() => readNpy(letters('PK\x03\x04abc')), /got a zip archive \(\.npz/)
  assert.throws(() => readNpy(letters('1.0, 2.0\n')), /got text$/)
  assert.throws(() => readNpy(letters('RIFF\0\x01\x02\x03WAVEfmt ')), /got WAV audio$/)
  assert.throws(() => readNpy(letters('\x93NUMPY')), /expected version 1.0, 2.0 or 3.0, got 0.0/)
  assert.throws(() => readNpy(letters('\x93NUMPY\x04\0\0\0\0\0')), /got 4.0/)
  assert.throws(() => readNpy(letters('\x93NUMPY\x01\0\x10')), /expected at least 10 bytes, got 9/)
  assert.throws(() => readNpy(letters('\x93NUMPY\x01\0\x10\0{}')), /expected a header of at most 2 bytes, got 16/)
  for (const wrong of [undefined, null, 'file.npy', [1, 2], new Float32Array(8), new DataView(new ArrayBuffer(8))]) {
    assert.throws(() => readNpy(wrong as unknown as Uint8Array), /^npy: expected an ArrayBuffer or a Uint8Array, got /)
  }
  const { buffer } = writeNpy({ data: [1], shape: [1] })
  structuredClone(buffer, { transfer: [buffer as ArrayBuffer] })
  assert.throws(() => readNpy(buffer as ArrayBuffer), /^npy: expected .* Uint8Array, got a detached ArrayBuffer$/)
})

test('an array that is longer than memory', () => {
  const make = (): unknown => allocate('npy', 'values', 2 ** 50, Float32Array)
  assert.throws(make, /^npy: expected values that fit into memory, got 1125899906842624$/)
  assert.throws(make, (error: Error) => error instanceof RangeError)
  assert.equal(allocate('npy', 'values', 3, Float32Array), new Float32Array(3))
})

test('a header that promises too much allocates nothing', () => {
  const data = new Uint8Array(12)
  const hostile: [shape: string, message: RegExp][] = [
    ['(4,)', /^npy: expected 16 bytes of data for shape \(4,\) of "<f4", got 12$/],
    ['(2147483648,)', /expected 8589934592 bytes of data .* got 12/],
    ['(65536, 65536, 65536)', /expected \d+ bytes of data/],
    ['(4294967296, 4294967296)', /expected a shape of fewer than 2\^53 values/],
    ['(4294967296, 4294967296, 0)', /expected a shape of fewer than 2\^53 values/],
    [`(${'9007199254740991, '.repeat(64)})`, /expected a shape of fewer than 2\^53 values/],
    [`(0, 1${'0'.repeat(400)})`, /expected a shape of fewer than 2\^53 values/],
    ['(9007199254740993,)', /expected a shape of fewer than 2\^53 values/],
  ]
  for (const [shape, message] of hostile) {
    for (const fortran of ['False', 'True']) {
      const bytes = npy(dictionary('<f4', shape, fortran), data)
      const began = performance.now()
      assert.throws(() => readNpy(bytes), message)
      assert.ok(performance.now() - began < 100)
    }
  }
  const long = npy(`${dictionary('<f4', '(1,)')}${' '.repeat(70000)}`, data, 2)
  assert.throws(() => readNpy(long), /expected a header of at most 65535 bytes, got 7\d{4}/)
})

test('what is no tensor is not written', () => {
  const write = (value: unknown) => () => writeNpy(value as Parameters<typeof writeNpy>[0])
  assert.throws(write(undefined), /^tensor: expected a tensor/)
  assert.throws(write({ data: [1, 2], shape: [3] }), /^tensor.data: expected 3 values/)
  assert.throws(
    write({ data: [1], shape: new Array(65).fill(1) }),
    /^tensor.shape: expected at most 64 dimensions, got 65/,
  )
})

/** A tensor of its shape, no larger than the file, or the promised error. */
function holds(bytes: Uint8Array): void {
  const tensor = attempt('npy', () => readNpy(bytes))
  if (!tensor) return
  assert.is(
    tensor.data.length,
    tensor.shape.reduce((product, n) => product * n, 1),
  )
  assert.ok(tensor.data.length <= bytes.length)
}

const valid = npy(dictionary('<f4', '(2, 3)', 'True'), bytesOf(Float32Array.of(1, 2, 3, 4, 5, 6)), 2)

test('fuzz: truncations', () => {
  for (let length = 0; length < valid.length; length++) {
    const cut = valid.subarray(0, length)
    assert.is(
      attempt('npy', () => readNpy(cut)),
      undefined,
      `${length} of ${valid.length} bytes were read`,
    )
  }
  assert.ok(attempt('npy', () => readNpy(valid)))
})

test('fuzz: random bytes', () => check(fc.uint8Array({ maxLength: 300 }), holds))
test('fuzz: a valid beginning and random bytes', () => check(continued(valid), holds))
test('fuzz: mutations', () => check(mutated(valid, [8]), holds))

test('fuzz: dictionaries', () => {
  const words = [
    '{',
    '}',
    '(',
    ')',
    '[',
    ']',
    ',',
    ':',
    ' ',
    '-',
    '1',
    '3L',
    '0',
    '65536',
    '9'.repeat(20),
    'True',
    'False',
    "'",
  ]
  const keys = ["'descr': '<f4', ", "'descr': '|b1', ", "'fortran_order': ", "'shape': (", "'shape': (), "]
  const header = fc.array(fc.constantFrom(...words, ...keys), { maxLength: 24 }).map((parts) => parts.join(''))
  const descr = fc.constantFrom('<f4', '>f8', '|u1', '<i2', '|b1', '>f2', '<c8', '|O', '<u8')
  const dim = fc.oneof(fc.nat(4), fc.nat(2 ** 32), fc.constantFrom(0, 1, 2 ** 31, 2 ** 53))
  const shape = fc.array(dim, { maxLength: 6 }).map((dims) => `(${dims.map((n) => `${n}, `).join('')})`)
  const right = fc.tuple(descr, shape, fc.constantFrom('True', 'False')).map((parts) => dictionary(...parts))
  const file = fc.tuple(fc.oneof(header, right), fc.uint8Array({ maxLength: 64 }), fc.constantFrom(1, 2, 3))
  check(
    file.map((parts) => npy(...parts)),
    holds,
  )
})

test.run()
