/** Reads what tests/fixtures/generate.py recorded; tests/fixtures/README.md has the format. */
import { readRecord } from './place.ts'

export interface Ref {
  offset: number
  shape: number[]
  dtype: 'float32' | 'float64' | 'uint16' | 'int32'
}

const TYPES = { float32: Float32Array, float64: Float64Array, uint16: Uint16Array, int32: Int32Array }

/** A fixture's index, and how to get at the arrays that it refers to. */
export function readFixture<T>(kind: string): {
  index: T
  array<D extends Ref>(ref: D): { data: Float32Array; shape: number[] }
} {
  const { index, bytes } = readRecord(kind)
  const array = (ref: Ref): { data: Float32Array; shape: number[] } => {
    const Type = TYPES[ref.dtype]
    const length = ref.shape.reduce((product, n) => product * n, 1)
    const buffer = bytes.buffer.slice(
      bytes.byteOffset + ref.offset,
      bytes.byteOffset + ref.offset + length * Type.BYTES_PER_ELEMENT,
    )
    const data = new Type(buffer as ArrayBuffer, 0, length)
    return { data: data instanceof Float32Array ? data : Float32Array.from(data), shape: ref.shape }
  }
  return { index: index as T, array }
}

/** || a - b || / || b ||, in float64; the plain distance where b is zero. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`${a.length} values against ${b.length}`)
  let off = 0
  let size = 0
  for (let i = 0; i < b.length; i++) {
    off += (a[i]! - b[i]!) ** 2
    size += b[i]! ** 2
  }
  return Math.sqrt(off / (size || 1))
}
