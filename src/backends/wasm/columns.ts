/** Frames as columns, and how far apart their rows lie in the memory of a core. */

import { type Rows, readColumns } from '../../columns.ts'
import type { Values } from '../../tensor.ts'
import { GROUP } from './lane-groups.ts'

export { pieces, readColumns, writeColumns } from '../../columns.ts'

/** Values of a row for so many frames: whole lane groups, and no large power of two, whose rows would share cache sets. */
export function rowLength(frames: number): number {
  const groups = Math.ceil(frames / GROUP)
  return GROUP * (groups % 32 === 0 ? groups + 1 : groups)
}

/** Copies frames to rows of a core; the columns that fill the last lane group repeat the last of them. */
export function readRepeated(
  from: Values,
  rows: Rows,
  first: number,
  count: number,
  heap: Float32Array,
  at: number,
  row: number,
): void {
  readColumns(from, rows, first, count, heap, at, row)
  if (count % GROUP === 0) return
  for (let r = 0, end = at + count; r < rows.rows; r++, end += row) {
    for (let i = count; i % GROUP !== 0; i++) heap[end + i - count] = heap[end - 1]!
  }
}
