/** What a backend offers for going from bands to sound while they come. */
import type { JointSpec } from './joint.ts'
import type { NumberArray } from './tensor.ts'

/** How frames become sound one by one; every field checked. */
export interface StreamSpec extends JointSpec {
  /** Frames that are waited for before one is closed. */
  lookAhead: number
  /** Samples before a frame that are given away with it, in place of as many of its own; less than a hop. */
  lead: number
}

/** A stream under way. */
export interface Stream {
  readonly emptyBands: number
  /** Whether windows reach every sample. */
  readonly reaches: boolean
  /**
   * Takes a frame in, of finite values; where as many are open as may be, closes the oldest.
   * @param out where samples go if one is closed, hopLength of them
   * @returns whether one is
   */
  push(bark: NumberArray, out: Float32Array): boolean
  /**
   * Closes the oldest frame without a new one.
   * @param at where its first sample goes, which may lie before the beginning; what comes behind its hop is not yet as it
   *   stays, but for the last frame
   */
  close(out: Float32Array, at: number): void
  reset(): void
}
