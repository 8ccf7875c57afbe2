/** What a backend offers for going from bands to sound while they come. */
import type { JointSpec } from './joint.ts'
import type { NumberArray } from './tensor.ts'

/** How frames become sound one by one; every field checked. */
export interface StreamSpec extends JointSpec {
  /** Frames that are waited for before one is closed. */
  lookAhead: number
}

/** A stream under way. */
export interface Stream {
  readonly emptyBands: number
  /** Whether windows reach every sample. */
  readonly reaches: boolean
  /**
   * Takes a frame in, of finite values; where as many are open as may be, closes the oldest.
   * @param out where from the beginning of the closed frame on samples go, from `at` to the end: hopLength are final
   * @returns whether it closes one
   */
  push(bark: NumberArray, out: Float32Array, at: number): boolean
  /** Closes the oldest frame without a new one. */
  close(out: Float32Array, at: number): void
  reset(): void
}
