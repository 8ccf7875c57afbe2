/**
 * `unbark/npy`: NumPy's .npy files in and out.
 *
 * The format is NEP 1, "A Simple File Format for NumPy Arrays": magic, version, length of the header, the header (a
 * Python dictionary literal with the keys descr, fortran_order and shape), the data.
 */
import { allocate, latin1, readBytes } from './bytes.ts'
import { looksLike } from './looks-like.ts'
import { show } from './options.ts'
import { readTensorSync, size, type Tensor, type TensorLike } from './tensor.ts'

export type { Tensor, TensorLike }

const MAGIC = '\x93NUMPY'

/** NumPy's own limit. */
const MOST_DIMENSIONS = 64

/** Longer ones describe structured arrays only. */
const LONGEST_HEADER = 65535

/**
 * Reads an .npy file of version 1.0, 2.0 or 3.0 into a tensor of float32, row-major.
 *
 * The array may be of floats (float16, 32, 64), integers (8 to 64 bits) or booleans, in either byte order, in C or
 * Fortran order (which is transposed), of any shape up to 64 dimensions, () and empty ones included. What float32
 * cannot hold is rounded to the nearest; float64 beyond its range becomes infinite. Bytes after the data are ignored.
 *
 * @throws TypeError `npy: expected ...` for arrays of anything but real numbers (complex, string, object, structured)
 * @throws RangeError `npy: expected ...` for a file that is malformed, shorter than its header says, or too large
 */
export function readNpy(bytes: ArrayBuffer | Uint8Array): Tensor {
  const file = readBytes('npy', bytes)
  const { descr, fortran, shape, start } = readHeader(file)
  const [width, read] = readDescr(descr)
  const count = countValues(shape)
  if (count * width > file.length - start) {
    const what = `${count * width} bytes of data for shape ${showShape(shape)} of ${show(descr)}`
    throw new RangeError(`npy: expected ${what}, got ${file.length - start}`)
  }
  const view = new DataView(file.buffer, file.byteOffset + start, count * width)
  const data = allocate('npy', 'values', count, Float32Array)
  for (let i = 0; i < count; i++) data[i] = read(view, i * width)
  if (!fortran || shape.length < 2) return { data, shape }
  const stride = shape.map((_, i) => size(shape.slice(0, i)))
  return readTensorSync('npy', { data, shape, stride })
}

/**
 * Writes a tensor as an .npy file: version 1.0, little-endian float32, C order.
 *
 * @throws TypeError or RangeError naming `tensor` where it is none, has more than 64 dimensions, or is too large
 */
export function writeNpy(tensor: TensorLike): Uint8Array {
  const { data, shape } = readTensorSync('tensor', tensor)
  if (shape.length > MOST_DIMENSIONS) {
    throw new RangeError(`tensor.shape: expected at most ${MOST_DIMENSIONS} dimensions, got ${shape.length}`)
  }
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': ${showShape(shape)}, }`
  const start = Math.ceil((MAGIC.length + 4 + dictionary.length + 1) / 64) * 64
  const header = `${`${MAGIC}\x01\x00\x00\x00${dictionary}`.padEnd(start - 1)}\n`
  const bytes = allocate('tensor', 'bytes', start + data.length * 4, Uint8Array)
  for (let i = 0; i < start; i++) bytes[i] = header.charCodeAt(i)
  const view = new DataView(bytes.buffer)
  view.setUint16(8, start - 10, true)
  for (let i = 0; i < data.length; i++) view.setFloat32(start + i * 4, data[i]!, true)
  return bytes
}

interface Header {
  descr: string
  fortran: boolean
  shape: number[]
}

/** The header, and the byte where the data begins. */
function readHeader(file: Uint8Array): Header & { start: number } {
  if (latin1(file.subarray(0, 6)) !== MAGIC) throw new RangeError(`npy: expected an .npy file, got ${looksLike(file)}`)
  const [major = 0, minor = 0] = file.subarray(6, 8)
  if (major < 1 || major > 3 || minor !== 0) {
    throw new RangeError(`npy: expected version 1.0, 2.0 or 3.0, got ${major}.${minor}`)
  }
  const at = major === 1 ? 10 : 12
  if (file.length < at) throw new RangeError(`npy: expected at least ${at} bytes, got ${file.length}`)
  const view = new DataView(file.buffer, file.byteOffset, at)
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true)
  const most = Math.min(file.length - at, LONGEST_HEADER)
  if (length > most) throw new RangeError(`npy: expected a header of at most ${most} bytes, got ${length}`)
  return { ...parseHeader(latin1(file.subarray(at, at + length))), start: at + length }
}

/** Parses the one Python literal that a header may be: {'descr': str, 'fortran_order': bool, 'shape': tuple of int}. */
function parseHeader(text: string): Header {
  const tokens = text.match(/'[^']*'|"[^"]*"|\w+|\S/g) ?? []
  let at = 0
  const take = (what: string, pattern: RegExp): string => {
    const token = tokens[at++]
    if (token !== undefined && pattern.test(token)) return token
    throw new RangeError(`npy: expected ${what} in the header, got ${token === undefined ? 'its end' : show(token)}`)
  }
  const takeTuple = (): number[] => {
    const numbers: number[] = []
    take('a tuple', /^\($/)
    while (tokens[at] !== ')') {
      numbers.push(Number.parseInt(take('an integer', /^\d+L?$/), 10)) // Python 2 wrote 3L
      if (numbers.length === 1 || tokens[at] !== ')') take('a comma', /^,$/)
    }
    at++
    return numbers
  }
  const header: Partial<Header> = {}
  take('{', /^\{$/)
  while (tokens[at] !== '}') {
    const key = take('descr, fortran_order or shape', /^(['"])(descr|fortran_order|shape)\1$/).slice(1, -1)
    take('a colon', /^:$/)
    if (key === 'shape') header.shape = takeTuple()
    else if (key === 'fortran_order') header.fortran = take('True or False', /^(True|False)$/) === 'True'
    else if (tokens[at] === '[' || tokens[at] === '(') throw notNumbers('structured or raw records', text.trim())
    else header.descr = take('a dtype', /^(['"]).*\1$/s).slice(1, -1)
    if (tokens[at] !== '}') take('a comma', /^,$/)
  }
  at++
  if (at < tokens.length) throw new RangeError(`npy: expected the end of the header, got ${show(tokens[at])}`)
  const { descr, fortran, shape } = header
  if (descr === undefined || fortran === undefined || shape === undefined) {
    throw new RangeError(`npy: expected descr, fortran_order and shape in the header, got ${show(text.trim())}`)
  }
  if (shape.length > MOST_DIMENSIONS) {
    throw new RangeError(`npy: expected at most ${MOST_DIMENSIONS} dimensions, got ${shape.length}`)
  }
  return { descr, fortran, shape }
}

function notNumbers(kind: string, descr: string): TypeError {
  return new TypeError(`npy: expected floats, integers or booleans, got ${kind} (dtype ${show(descr)})`)
}

/** As Python writes a tuple. */
function showShape(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`
}

/** The product of the shape, 0 where a dimension is; too large a product is refused even then, as NumPy does. */
function countValues(shape: readonly number[]): number {
  const product = size(shape.map((n) => n || 1))
  if (!Number.isSafeInteger(product)) {
    throw new RangeError(`npy: expected a shape of fewer than 2^53 values, got ${showShape(shape)}`)
  }
  return shape.includes(0) ? 0 : product
}

type Read = (view: DataView, at: number) => number

/** The width of a type in bytes, and how to read a value of it. */
function readDescr(descr: string): [width: number, read: Read] {
  const [, order, type = ''] = /^([<>=|]?)(.*)$/s.exec(descr) ?? []
  const little = order !== '>' // '=' is the writer's own, and all machines of today are little-endian
  const readers: Record<string, Read> = {
    b1: (view, at) => (view.getUint8(at) === 0 ? 0 : 1),
    i1: (view, at) => view.getInt8(at),
    u1: (view, at) => view.getUint8(at),
    i2: (view, at) => view.getInt16(at, little),
    u2: (view, at) => view.getUint16(at, little),
    i4: (view, at) => view.getInt32(at, little),
    u4: (view, at) => view.getUint32(at, little),
    i8: (view, at) => Number(view.getBigInt64(at, little)),
    u8: (view, at) => Number(view.getBigUint64(at, little)),
    f2: (view, at) => float16(view.getUint16(at, little)),
    f4: (view, at) => view.getFloat32(at, little),
    f8: (view, at) => view.getFloat64(at, little),
  }
  if (!Object.hasOwn(readers, type)) throw notNumbers(kinds[type[0] ?? ''] ?? 'an unknown type', descr)
  return [Number(type[1]), readers[type]!]
}

const kinds: Record<string, string> = {
  O: 'Python objects',
  V: 'structured or raw records',
  S: 'byte strings',
  a: 'byte strings',
  U: 'strings',
  T: 'strings',
  c: 'complex numbers',
  M: 'dates',
  m: 'time spans',
  f: 'floats of another width',
}

/** IEEE 754 binary16: sign, five bits of exponent (bias 15), ten of fraction. */
function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = (bits & 1023) / 1024
  if (exponent === 0) return sign * fraction * 2 ** -14
  if (exponent === 31) return fraction ? NaN : sign * Infinity
  return sign * (1 + fraction) * 2 ** (exponent - 15)
}
