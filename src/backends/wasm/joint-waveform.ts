/** A signal between two stages and at the end, as the frames see it: with what lies beyond its ends. */
import type { JointSpec } from '../../joint.ts'

export class Waveform {
  readonly #spec: JointSpec
  readonly #edge: number
  readonly #samples: Float32Array

  /** @param samples without the zeros at its ends */
  constructor(spec: JointSpec, edge: number, samples: Float32Array) {
    this.#spec = spec
    this.#edge = edge
    this.#samples = samples
  }

  /** Takes samples, counted from the beginning of the first frame. */
  keep(position: number, values: Float32Array, gain: number): void {
    const at = position - this.#edge - this.#spec.pad
    const from = Math.max(0, -at)
    const to = Math.min(values.length, this.#samples.length - at)
    for (let i = from; i < to; i++) this.#samples[at + i] = values[i]! * gain
  }

  /** The other way round. */
  read(position: number, count: number, heap: Float32Array, to: number): void {
    const at = position - this.#edge - this.#spec.pad
    const from = Math.min(count, Math.max(0, -at))
    const until = Math.max(from, Math.min(count, this.#samples.length - at))
    for (let i = 0; i < from; i++) heap[to + i] = this.#beyond(at + i)
    heap.set(this.#samples.subarray(at + from, at + until), to + from)
    for (let i = until; i < count; i++) heap[to + i] = this.#beyond(at + i)
  }

  #beyond(at: number): number {
    const { pad, padMode } = this.#spec
    const length = this.#samples.length + 2 * pad
    let p = at + pad
    if (p < 0 || p >= length) {
      if (padMode === 'reflect') p = p < 0 ? -p : 2 * (length - 1) - p
      else if (padMode === 'replicate') p = p < 0 ? 0 : length - 1
      else if (padMode === 'circular') p = p < 0 ? p + length : p - length
      else return 0
    }
    return this.#samples[p - pad] ?? 0
  }
}
