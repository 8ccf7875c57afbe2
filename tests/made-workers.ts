/** Every worker that a pool makes, as tests see it. */
import type { Test } from 'uvu'
import * as assert from 'uvu/assert'

type Worker = { terminate(): Promise<number>; on(name: 'exit', listen: () => void): void }

/** What `process.getBuiltinModule` gives to the pool. */
export const threads = process.getBuiltinModule('node:worker_threads') as unknown as {
  Worker: new (url: URL) => Worker
}
const { Worker: Real } = threads

/** Those that the running test has made. */
export const made: Worker[] = []
let alive = 0

/** Has the tests of a suite look on. */
export function watchWorkers(test: Test): void {
  test.before.each(() => {
    made.length = 0
    threads.Worker = class extends (Real as new (url: URL) => Worker) {
      constructor(url: URL) {
        super(url)
        made.push(this)
        alive++
        this.on('exit', () => alive--)
      }
    }
  })
  test.after.each(() => {
    threads.Worker = Real
  })
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Every worker has ended, now or soon. */
export async function gone(): Promise<void> {
  for (let i = 0; alive > 0 && i < 100; i++) await sleep(50)
  assert.is(alive, 0)
}
