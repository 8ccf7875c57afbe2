/** One reader for files in memory and elsewhere: it says which bytes it wants next, and is given them. */
import { nextTurn } from '../turn.ts'
import type { Source } from './source.ts'

/** Yields ranges of bytes that lie within the file, and takes their bytes. */
export type Reading<T> = Generator<[from: number, to: number], T, Uint8Array>

/** Bytes that are read at once at least: what a reader wants next is mostly near. */
const WINDOW = 65536

/** Over bytes that are there. */
export function readMemory<T>(bytes: Uint8Array, reading: Reading<T>): T {
  let step = reading.next()
  while (!step.done) step = reading.next(bytes.subarray(...step.value))
  return step.value
}

/** Over a file of which no more is held than what lies around; the event loop gets a turn before each read. */
export async function readSource<T>(file: Source, reading: Reading<T>): Promise<T> {
  let start = 0
  let held: Uint8Array = new Uint8Array(0)
  let step = reading.next()
  while (!step.done) {
    const [from, to] = step.value
    if (from < start || to > start + held.length) {
      await nextTurn()
      held = await file.read(from, Math.max(to, Math.min(from + WINDOW, file.size)))
      start = from
    }
    step = reading.next(held.subarray(from - start, to - start))
  }
  return step.value
}
