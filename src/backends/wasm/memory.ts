import type { Core } from './core.ts'

/** No JavaScript engine gives a 32-bit memory more. */
const MOST_BYTES = 2 ** 32
const PAGE = 65536
/** A cache line. */
const ALIGNMENT = 64

/**
 * The memory of one instance, handed out from its base upwards like a stack, and the only place that makes views of it.
 * A view lives until the memory grows: read the getters again after every `reserve`.
 */
export class Memory {
  readonly #memory: WebAssembly.Memory
  #top: number
  #floats!: Float32Array
  #doubles!: Float64Array

  constructor(core: Core) {
    this.#memory = core.memory
    this.#top = core.heapBase()
    this.#view()
  }

  /** Bytes in use; hand it to `release` to give back what is reserved from now on. */
  get top(): number {
    return this.#top
  }

  /** All of the memory as float32: byte pointer p is index p / 4. */
  get floats(): Float32Array {
    if (this.#floats.length === 0) this.#view()
    return this.#floats
  }

  /** All of the memory as float64: byte pointer p is index p / 8. */
  get doubles(): Float64Array {
    if (this.#doubles.length === 0) this.#view()
    return this.#doubles
  }

  /** Reserves bytes, aligned to a cache line; their content is whatever lay there. Throws RangeError past 4 GiB. */
  reserve(bytes: number): number {
    const at = Math.ceil(this.#top / ALIGNMENT) * ALIGNMENT
    const top = at + bytes
    const missing = top - this.#memory.buffer.byteLength
    if (missing > 0) {
      try {
        if (top > MOST_BYTES) throw new RangeError()
        this.#memory.grow(Math.ceil(missing / PAGE))
      } catch {
        const size = (top / 2 ** 30).toFixed(2)
        throw new RangeError(`memory: expected a problem that fits into WebAssembly's 4 GiB, got one of ${size} GiB`)
      }
      this.#view()
    }
    this.#top = top
    return at
  }

  /** Gives back everything reserved since `top` was read. The memory itself does not shrink. */
  release(top: number): void {
    this.#top = top
  }

  #view(): void {
    this.#floats = new Float32Array(this.#memory.buffer)
    this.#doubles = new Float64Array(this.#memory.buffer)
  }
}
