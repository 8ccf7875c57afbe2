/**
 * Frames as columns: between (batch, rows, time), in which they lie with the host, and [row][frames], in which backends
 * take some of them. Frames count across batch items.
 */

/** Columns from which on a copy of a row is left to the engine. */
const MANY = 32

/** The items that `count` frames from `first` on belong to, each with its first of these frames and their number. */
export function* pieces(
  frames: number,
  first: number,
  count: number,
): Generator<{ item: number; frame: number; length: number }> {
  for (const end = first + count; first < end; ) {
    const frame = first % frames
    const length = Math.min(frames - frame, end - first)
    yield { item: (first - frame) / frames, frame, length }
    first += length
  }
}

/** Values that may be copied from: any typed array. */
interface Numbers extends ArrayLike<number> {
  subarray(from: number, to: number): ArrayLike<number>
}

/** Copies `rows` pieces of `length` values; `from` and `to` are where the first begin, `fromRow` and `toRow` apart. */
export function copyRows(
  source: Numbers,
  from: number,
  fromRow: number,
  target: Float32Array,
  to: number,
  toRow: number,
  rows: number,
  length: number,
): void {
  for (let r = 0; r < rows; r++, from += fromRow, to += toRow) {
    if (length >= MANY) target.set(source.subarray(from, from + length), to)
    else for (let i = 0; i < length; i++) target[to + i] = source[from + i]!
  }
}
