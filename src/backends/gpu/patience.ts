/**
 * When to ask whether a stretch is done. The package `webgpu` has no thread that waits: from the request on until the
 * answer it asks the driver in every turn of the event loop, which keeps a core busy, on a software adapter one that
 * computes. So the request is made when most of the time has gone by that the last stretch took.
 */
import { now } from '../../turn.ts'

/** Of what the last stretch took: the rest is for stretches that are done sooner. */
const SHARE = 0.9

export class Patience {
  #iterations = 0
  #ms = 0

  /** Gives what `ask` does, having waited first. */
  async before<T>(ask: () => Promise<T>, iterations: number): Promise<T> {
    const start = now()
    const ms = this.wait(iterations)
    if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms))
    const answer = await ask()
    this.took(iterations, now() - start)
    return answer
  }

  /** Whole milliseconds. No longer than the last: a short one is the way there and back rather than its iterations. */
  wait(iterations: number): number {
    if (this.#iterations === 0) return 0
    return Math.floor(SHARE * this.#ms * Math.min(1, iterations / this.#iterations))
  }

  took(iterations: number, ms: number): void {
    this.#iterations = iterations
    this.#ms = ms
  }
}
