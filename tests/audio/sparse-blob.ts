/** Files that are too large to build. */
import { chunk, fmt, le, pcm16, text } from './build-wav.ts'

/** A Blob of any size that holds few bytes, and counts what is read of it. */
export class SparseBlob {
  /** Bytes that were read. */
  read = 0
  readonly size: number
  readonly parts: Record<number, ArrayLike<number>>
  readonly there: number

  /** Zeros but for the parts, each at its place. Of `size` bytes only those before `there` can be read. */
  constructor(size: number, parts: Record<number, ArrayLike<number>>, there: number = size) {
    this.size = size
    this.parts = parts
    this.there = there
  }

  slice(from: number, to: number): { arrayBuffer(): Promise<ArrayBuffer> } {
    const bytes = new Uint8Array(Math.max(0, Math.min(to, this.there) - from))
    this.read += bytes.length
    for (const [place, part] of Object.entries(this.parts)) {
      for (let i = 0; i < part.length; i++) bytes[Number(place) + i - from] = part[i]!
    }
    return { arrayBuffer: async () => bytes.buffer }
  }

  arrayBuffer(): Promise<ArrayBuffer> {
    throw new Error('the whole of it was read')
  }
}

/** A mono file of 16 bits with `junk` zeros before its data chunk, as the parts of a SparseBlob. */
export function sparse(junk: number, data: number): Record<number, ArrayLike<number>> {
  const head = [...text('RIFF\xff\xff\xff\xffWAVE'), ...chunk('fmt ', fmt()), ...text('JUNK'), ...le(junk, 4)]
  return { 0: head, [head.length + junk]: [...text('data'), ...le(data, 4), ...pcm16(7, 8, 9)] }
}
