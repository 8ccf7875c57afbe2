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

/** What comes next: groups `from` to before `to`. */
export type Piece =
  | { kind: 'load'; from: number; to: number }
  | { kind: 'step'; step: number; from: number; to: number }
  /** The groups are behind all steps: the next begin where they did. */
  | { kind: 'slide'; from: number; to: number }

/**
 * Steps 0 to `last` of all groups, each a lag behind the one before it.
 * @param most groups of a piece
 */
export function* sweep({ groups, block, lag }: Sweep, last: number, most: number): Generator<Piece, void> {
  let first = 0
  for (let end = block; end - block - last * lag < groups; end += block) {
    for (let from = Math.min(groups, end - block), to = Math.min(groups, end); from < to; from += most) {
      yield { kind: 'load', from, to: Math.min(to, from + most) }
    }
    for (let step = 0; step <= last; step++) {
      const to = Math.min(groups, end - step * lag)
      for (let from = Math.max(0, Math.min(groups, end - block - step * lag)); from < to; from += most) {
        yield { kind: 'step', step, from, to: Math.min(to, from + most) }
      }
    }
    const next = Math.min(groups, end - last * lag)
    if (next > first && end < groups) {
      yield { kind: 'slide', from: first, to: next }
      first = next
    }
  }
}
