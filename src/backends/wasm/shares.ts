/** Frames on their way between a problem, (batch, rows, time), and a worker's share of it, (1, rows, count). */
import type { Values } from '../../tensor.ts'
import { nextTurn } from '../../turn.ts'
import { readColumns } from './columns.ts'

/** Values that are copied between two turns of the event loop: 1 MB, which takes 1 to 2 ms. */
const VALUES = 2 ** 18
const FEWEST = 64

/** Frames of so many rows that are copied at a time; whole lane groups. */
export function framesAtATime(rows: number): number {
  return Math.max(FEWEST, 8 * Math.floor(VALUES / rows / 8))
}

/** A copy of `count` frames from `first` on. */
export async function gather(
  source: Values,
  rows: number,
  time: number,
  first: number,
  count: number,
): Promise<Float32Array<ArrayBuffer>> {
  const part = new Float32Array(rows * count)
  const step = framesAtATime(rows)
  for (let column = 0; column < count; column += step) {
    if (column > 0) await nextTurn()
    readColumns(source, { rows, time }, first + column, Math.min(step, count - column), part, column, count)
  }
  return part
}
