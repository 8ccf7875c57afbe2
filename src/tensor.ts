/** What is accepted as a tensor, and what is returned. */
import { expected, show } from './options.ts'

/** A dense array in row-major order: the last dimension of `shape` lies side by side in `data`. */
export interface Tensor {
  data: Float32Array
  shape: number[]
}

/** Numbers in memory: a typed array (not of bigints) or a plain array. */
export type NumberArray = ArrayLike<number> & (Iterable<number> | object)

/**
 * What every computing method takes:
 * - `{ data, shape }`, row-major, as this package returns it;
 * - `{ data, dims }`, as onnxruntime and transformers.js have it;
 * - `{ data, shape, stride, offset }`, as ndarray has it;
 * - `{ data(), shape }`, as tfjs has it, where `data()` may give a promise (not in the synchronous methods).
 *
 * Values are computed with as float32. Leave the data unchanged until the call has settled.
 */
export type TensorLike =
  | { readonly data: NumberArray; readonly shape: ArrayLike<number> }
  | { readonly data: NumberArray; readonly dims: ArrayLike<number> }
  | {
      readonly data: NumberArray
      readonly shape: ArrayLike<number>
      readonly stride: ArrayLike<number>
      readonly offset?: number
    }
  | { data(): NumberArray | PromiseLike<NumberArray>; readonly shape: ArrayLike<number> }

/** A tensor whose data may have to be waited for. */
interface Source {
  data: unknown
  shape: number[]
  stride?: ArrayLike<number>
  offset: number
}

/** Reads a tensor, waiting for its data where that is asynchronous. Throws TypeError or RangeError naming `name`. */
export async function readTensor(name: string, value: unknown): Promise<Tensor> {
  const source = readSource(name, value)
  return finish(name, { ...source, data: await source.data })
}

/** Reads a tensor whose data is there. */
export function readTensorSync(name: string, value: unknown): Tensor {
  const source = readSource(name, value)
  if (typeof (source.data as { then?: unknown } | null)?.then === 'function') {
    throw new TypeError(`${name}: expected data that is there, got a promise; use the asynchronous method`)
  }
  return finish(name, source)
}

/** Number of values of a shape. */
export function size(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1)
}

function readSource(name: string, value: unknown): Source {
  if (typeof value !== 'object' || value === null)
    throw new TypeError(expected(name, 'a tensor { data, shape }', value))
  const from = value as Record<string, unknown>
  const key = 'shape' in from ? 'shape' : 'dims'
  const shape = readIntegers(`${name}.${key}`, from[key], 0)
  // float16 tensors of onnxruntime hold bit patterns in a Uint16Array
  if (from['type'] === 'float16' && from['data'] instanceof Uint16Array) {
    throw new TypeError(`${name}.data: expected numbers, got the bits of float16; convert them to float32`)
  }
  const data = typeof from['data'] === 'function' ? (from['data'] as () => unknown).call(value) : from['data']
  const offset = from['offset'] ?? 0
  if (!Number.isSafeInteger(offset) || (offset as number) < 0) {
    throw new RangeError(expected(`${name}.offset`, 'an integer >= 0', offset))
  }
  const source: Source = { data, shape, offset: offset as number }
  if (from['stride'] !== undefined)
    source.stride = readIntegers(`${name}.stride`, from['stride'], -Infinity, shape.length)
  return source
}

function readIntegers(name: string, value: unknown, least: number, length?: number): number[] {
  const list = value as ArrayLike<number> | null | undefined
  if (typeof list !== 'object' || list === null || typeof list.length !== 'number') {
    throw new TypeError(expected(name, 'an array of integers', value))
  }
  const numbers = Array.from(list)
  for (const n of numbers) {
    if (!Number.isSafeInteger(n) || n < least) {
      throw new RangeError(expected(name, `integers${least === 0 ? ' >= 0' : ''}`, numbers))
    }
  }
  if (length !== undefined && numbers.length !== length)
    throw new RangeError(expected(name, `${length} integers`, numbers))
  return numbers
}

function isNumberArray(data: unknown): data is ArrayLike<number> {
  if (Array.isArray(data)) return data.every((x) => typeof x === 'number')
  return (
    ArrayBuffer.isView(data) &&
    !(data instanceof DataView || data instanceof BigInt64Array || data instanceof BigUint64Array)
  )
}

function finish(name: string, { data, shape, stride, offset }: Source): Tensor {
  if (!isNumberArray(data)) throw new TypeError(expected(`${name}.data`, 'a typed array or an array of numbers', data))
  const count = size(shape)
  if (stride) return { data: gather(name, data, shape, stride, offset), shape }
  if (offset !== 0) throw new RangeError(`${name}.offset: expected 0 without a stride, got ${offset}`)
  if (data.length !== count) {
    throw new RangeError(`${name}.data: expected ${count} values for shape ${show(shape)}, got ${data.length}`)
  }
  return { data: data instanceof Float32Array ? data : Float32Array.from(data), shape }
}

function gather(
  name: string,
  data: ArrayLike<number>,
  shape: number[],
  stride: ArrayLike<number>,
  offset: number,
): Float32Array {
  const count = size(shape)
  let first = offset
  let last = offset
  for (let i = 0; i < shape.length; i++) {
    const reach = (shape[i]! - 1) * stride[i]!
    if (reach < 0) first += reach
    else last += reach
  }
  if (count > 0 && (first < 0 || last >= data.length)) {
    throw new RangeError(
      `${name}.stride: expected places within the ${data.length} values, got ${first} to ${last} for shape ${show(shape)}`,
    )
  }
  const out = new Float32Array(count)
  const index = new Array<number>(shape.length).fill(0)
  let from = offset
  for (let to = 0; to < count; to++) {
    out[to] = data[from]!
    for (let i = shape.length - 1; i >= 0; i--) {
      from += stride[i]!
      if (++index[i]! < shape[i]!) break
      from -= stride[i]! * shape[i]!
      index[i] = 0
    }
  }
  return out
}
