/** What a session tells after a stretch, of sums over its frames. */
import type { Advance } from '../../backend.ts'
import { STRETCH } from './frames.ts'

/** What there is behind the losses of a stretch, as many numbers: by how much each falls, or the one will. */
export type Behind = 'falls' | 'decrease' | undefined

export class Advances {
  readonly advance: Advance = {
    at: 0,
    count: 0,
    iteration: new Float64Array(STRETCH),
    loss: new Float32Array(STRETCH),
  }
  readonly #falls = new Float64Array(STRETCH)

  /** @param mean of a column: `count` losses, and what is behind them */
  tell(at: number, count: number, behind: Behind, mean: (column: number) => number): void {
    const { advance } = this
    advance.at = at
    advance.count = count
    advance.falls = behind === 'falls' ? this.#falls : undefined
    advance.decrease = behind === 'decrease' ? mean(count) : undefined
    for (let i = 0; i < count; i++) {
      advance.iteration[i] = at - count + 1 + i
      advance.loss[i] = mean(i)
      if (advance.falls) advance.falls[i] = mean(count + i)
    }
  }
}
