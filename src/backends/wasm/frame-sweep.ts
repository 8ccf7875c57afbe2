/** How iterations go over the frames of a signal, where the whole of it need not be in memory. */

/** Frames are counted in groups of four. */
export interface Sweep {
  groups: number
  /** Groups in memory at a time, at least block + iterations * lag unless they are all. */
  held: number
  /** Groups that are taken in at a time. */
  block: number
  /** Groups that an iteration stays behind the one before it: 0 only where a block is all there is. */
  lag: number
}

/** What comes next, for groups `from` to before `to`: to take them in, a step, or to let go of them, after all steps. */
export interface Piece {
  kind: 'load' | 'step' | 'slide'
  step: number
  from: number
  to: number
}

/**
 * Steps 0 to `last` of all groups, each a lag behind the one before it.
 * @param most groups of a step
 */
export function* sweep({ groups, block, lag }: Sweep, last: number, most: number): Generator<Piece, void> {
  let first = 0
  for (let end = block; end - block - last * lag < groups; end += block) {
    const fresh = Math.min(groups, end - block)
    if (fresh < groups) yield { kind: 'load', step: 0, from: fresh, to: Math.min(groups, end) }
    for (let step = 0; step <= last; step++) {
      const to = Math.min(groups, end - step * lag)
      for (let from = Math.max(0, Math.min(groups, end - block - step * lag)); from < to; from += most) {
        yield { kind: 'step', step, from, to: Math.min(to, from + most) }
      }
    }
    const next = Math.min(groups, end - last * lag)
    if (next > first && end < groups) {
      yield { kind: 'slide', step: last, from: first, to: next }
      first = next
    }
  }
}
