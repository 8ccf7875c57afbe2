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

/** How frames lie with the host: (batch, rows, time). */
export interface Rows {
  rows: number
  time: number
  /** The first row that is meant, and how many are; all of them, if left out. */
  row?: number
  count?: number
}

/** Copies `frames` frames from `first` on to index `to` of `target`, where rows are `toRow` apart. */
export function readColumns(
  source: Numbers,
  { rows, time, row = 0, count = rows }: Rows,
  first: number,
  frames: number,
  target: Float32Array,
  to: number,
  toRow: number,
): void {
  for (const { item, frame, length } of pieces(time, first, frames)) {
    copyRows(source, (item * rows + row) * time + frame, time, target, to, toRow, count, length)
    to += length
  }
}

/** The other way round, from index `from` of `source`. */
export function writeColumns(
  source: Float32Array,
  from: number,
  fromRow: number,
  target: Float32Array,
  { rows, time, row = 0, count = rows }: Rows,
  first: number,
  frames: number,
): void {
  for (const { item, frame, length } of pieces(time, first, frames)) {
    copyRows(source, from, fromRow, target, (item * rows + row) * time + frame, time, count, length)
    from += length
  }
}

/** Values that may be copied from: any typed array. */
interface Numbers extends ArrayLike<number> {
  subarray(from: number, to: number): ArrayLike<number>
}

/** Copies `rows` pieces of `length` values; `from` and `to` are where the first begin, `fromRow` and `toRow` apart. */
function copyRows(
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
