/** Work in slices, so that the worker hears what the page says meanwhile. */
import { nextTurn, now } from '../../src/turn.ts'

/** Milliseconds of work before a turn: a cancel, or a drag of the view, waits no longer. */
const SLICE = 8

/** Drains a generator, with a turn of the event loop after each slice. Rejects with the signal's reason. */
export async function inSlices<T>(steps: Generator<unknown, T>, signal?: AbortSignal): Promise<T> {
  let since = now()
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
    if (now() - since < SLICE) continue
    await nextTurn()
    signal?.throwIfAborted()
    since = now()
  }
}
