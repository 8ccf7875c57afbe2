/** What is accepted as a tensor, and what is returned. */
import { allocate } from './bytes.ts'
import { expected, show } from './options.ts'
import type { Steps } from './steps.ts'
import { orAbort } from './turn.ts'

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

/** Row-major values of any typed array of numbers: the core rounds them to float32 as it takes them in. */
export type Values =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array

/** A tensor whose shape has been read, and whose data may have to be waited for. */
interface Pending {
  readonly name: string
  readonly shape: number[]
  readonly data: unknown
  readonly stride: number[] | undefined
  readonly offset: number
}

/** A tensor whose data is there and fits its shape, but may have to be put in order. */
export interface Source extends Pending {
  readonly data: Values | ArrayLike<unknown>
}

/** As many as NumPy has. */
const MOST_DIMENSIONS = 64
/** Values that are put in order between two steps: some milliseconds. */
const STEP_VALUES = 2 ** 19

/** Number of values of a shape. */
export function size(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1)
}

/** Room for a result; RangeError that names what it is the result of, where there is none. */
export function newFloats(name: string, length: number): Float32Array {
  return allocate(name, 'values of a result', length, Float32Array)
}

/** Reads all of a tensor but its values. Throws TypeError or RangeError naming `name`. */
export function readSource(name: string, value: unknown): Pending {
  if (typeof value !== 'object' || value === null)
    throw new TypeError(expected(name, 'a tensor { data, shape }', value))
  const from = value as Record<string, unknown>
  const key = 'shape' in from ? 'shape' : 'dims'
  const shape = readIntegers(`${name}.${key}`, from[key], 0)
  const offset = from['offset'] ?? 0
  if (!Number.isSafeInteger(offset) || (offset as number) < 0) {
    throw new RangeError(expected(`${name}.offset`, 'an integer >= 0', offset))
  }
  const stride = from['stride'] === undefined ? undefined : readIntegers(`${name}.stride`, from['stride'], -Infinity)
  if (stride && stride.length !== shape.length) {
    throw new RangeError(expected(`${name}.stride`, `${shape.length} integers`, stride))
  }
  const data = typeof from['data'] === 'function' ? (from['data'] as () => unknown).call(value) : from['data']
  // float16 tensors of onnxruntime hold bit patterns in a Uint16Array
  if (from['type'] === 'float16' && kindOf(data) === 'Uint16Array') {
    throw new TypeError(`${name}.data: expected numbers, got the bits of float16; convert them to float32`)
  }
  return { name, shape, data, stride, offset: offset as number }
}

/** Waits for the data, but no longer than until `signal` aborts. */
export async function settle(pending: Pending, signal?: AbortSignal): Promise<Source> {
  if (!isPromise(pending.data)) return checkData(pending)
  return checkData({ ...pending, data: await orAbort(pending.data, signal) })
}

/** The same where there is no waiting. */
export function settleSync(pending: Pending): Source {
  if (!isPromise(pending.data)) return checkData(pending)
  pending.data.then(undefined, () => {}) // nobody else will hear of its end
  throw new TypeError(`${pending.name}: expected data that is there, got a promise; use the asynchronous method`)
}

function isPromise(data: unknown): data is PromiseLike<unknown> {
  return typeof (data as { then?: unknown } | null | undefined)?.then === 'function'
}

function checkData(pending: Pending): Source {
  const { name, data, shape, stride, offset } = pending
  if (!Array.isArray(data) && !isValues(data)) {
    throw new TypeError(expected(`${name}.data`, 'a typed array or an array of numbers', data))
  }
  if (stride) checkReach(name, data.length, shape, stride, offset)
  else if (offset !== 0) throw new RangeError(`${name}.offset: expected 0 without a stride, got ${offset}`)
  else if (data.length !== size(shape)) {
    throw new RangeError(`${name}.data: expected ${size(shape)} values for shape ${show(shape)}, got ${data.length}`)
  }
  return { ...pending, data }
}

/** Row-major values of a source: its own typed array where that is what it holds, else a copy, in steps. */
export function* dense({ name, data, shape, stride, offset }: Source): Steps<Values> {
  if (stride) return yield* gather(name, data, shape, stride, offset)
  return isValues(data) ? data : yield* gather(name, data, [data.length], [1], 0)
}

/** The same as float32. */
export function* denseFloat32(source: Source): Steps<Float32Array> {
  const values = yield* dense(source)
  if (values instanceof Float32Array) return values
  return yield* gather(source.name, values, [values.length], [1], 0)
}

/** Reads a tensor at once. Throws TypeError or RangeError naming `name`. */
export function readTensorSync(name: string, value: unknown): Tensor {
  const source = settleSync(readSource(name, value))
  const steps = denseFloat32(source)
  let step = steps.next()
  while (!step.done) step = steps.next()
  return { data: step.value, shape: source.shape }
}

function readIntegers(name: string, value: unknown, least: number): number[] {
  const list = value as ArrayLike<number> | null | undefined
  if (typeof list !== 'object' || list === null || typeof list.length !== 'number') {
    throw new TypeError(expected(name, 'an array of integers', value))
  }
  if (!(list.length <= MOST_DIMENSIONS)) {
    throw new RangeError(`${name}: expected at most ${MOST_DIMENSIONS} dimensions, got ${list.length}`)
  }
  const numbers = Array.from(list)
  for (const n of numbers) {
    if (!Number.isSafeInteger(n) || n < least) {
      throw new RangeError(expected(name, `integers${least === 0 ? ' >= 0' : ''}`, numbers))
    }
  }
  return numbers
}

/** `'Float32Array'` and the like, also for an array of another realm; undefined for what is no typed array. */
export function kindOf(data: unknown): string | undefined {
  if (!ArrayBuffer.isView(data)) return undefined
  return Object.prototype.toString.call(data).slice('[object '.length, -1)
}

function isValues(data: unknown): data is Values {
  return /^(Float(16|32|64)|Uint8Clamped|Uint(8|16|32)|Int(8|16|32))Array$/.test(kindOf(data) ?? '')
}

function checkReach(name: string, length: number, shape: number[], stride: number[], offset: number): void {
  if (size(shape) === 0) return
  let [first, last] = [offset, offset]
  for (const [axis, n] of shape.entries()) {
    const reach = (n - 1) * stride[axis]!
    if (reach < 0) first += reach
    else last += reach
  }
  if (first >= 0 && last < length) return
  throw new RangeError(
    `${name}.stride: expected places within the ${length} values, got ${first} to ${last} for shape ${show(shape)}`,
  )
}

function* gather(
  name: string,
  data: ArrayLike<unknown>,
  shape: number[],
  stride: number[],
  offset: number,
): Steps<Float32Array> {
  const count = size(shape)
  const out = newFloats(name, count)
  const inner = shape.at(-1) ?? 1
  const step = stride.at(-1) ?? 1
  const index = new Array<number>(Math.max(0, shape.length - 1)).fill(0)
  let from = offset
  for (let to = 0, told = 0; to < count; ) {
    for (let i = 0, at = from; i < inner; i++, at += step) {
      const value = data[at]
      if (typeof value !== 'number') throw new TypeError(`${expected(`${name}.data`, 'numbers', value)} at ${at}`)
      out[to++] = value
      if (to - told >= STEP_VALUES) {
        told = to
        yield undefined
      }
    }
    for (let axis = index.length - 1; axis >= 0; axis--) {
      from += stride[axis]!
      if (++index[axis]! < shape[axis]!) break
      from -= stride[axis]! * shape[axis]!
      index[axis] = 0
    }
  }
  return out
}
