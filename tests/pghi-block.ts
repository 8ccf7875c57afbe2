/** Blocks of spectra for phase gradient heap integration in the core, and transforms by the definition to judge them. */
import { instantiateSound, type SoundCore } from '../src/backends/wasm/core.ts'
import { Memory } from '../src/backends/wasm/memory.ts'

/** Of Hann's window, over the square of its length. */
export const HANN = 0.25645

export interface Settings {
  n: number
  hop: number
  frames: number
  gamma?: number
  power?: number
  least?: number
  seed?: number
  first?: number
  known?: number
  /** Known phases, in turns, [bin][frame]. */
  phases?: ArrayLike<number>
}

export const binsOf = (n: number): number => Math.floor(n / 2) + 1

/** Rows of a block, at a stride of their own, with NaN in whatever lies beside the columns. */
class Rows {
  readonly stride: number
  readonly at: number

  constructor(
    readonly memory: Memory,
    readonly bins: number,
    readonly frames: number,
  ) {
    this.stride = 32 * Math.ceil(frames / 8)
    this.at = memory.reserve(bins * this.stride)
  }

  put(values: ArrayLike<number>): void {
    const { memory, at, stride, bins, frames } = this
    memory.floats.fill(Number.NaN, at / 4, (at + bins * stride) / 4)
    for (let i = 0; i < bins * frames; i++) memory.floats[this.#index(i)] = values[i]!
  }

  get(): Float32Array {
    return Float32Array.from({ length: this.bins * this.frames }, (_, i) => this.memory.floats[this.#index(i)]!)
  }

  #index(i: number): number {
    return (this.at + Math.floor(i / this.frames) * this.stride) / 4 + (i % this.frames)
  }
}

let core: SoundCore

/** Phases in turns, [bin][frame], of spectra [bin][frame]; the plan is for more columns than there are. */
export function phasesOf(spectra: ArrayLike<number>, settings: Settings): Float32Array {
  const { n, hop, frames, gamma = HANN * n ** 2, power = 1, least = 0, seed = 1, first = 0, known = 0 } = settings
  core ??= instantiateSound()
  const memory = new Memory(core)
  const bytes = core.pghiBytes(n, frames + 3)
  const plan = memory.reserve(bytes)
  const beyond = memory.reserve(64)
  const from = new Rows(memory, binsOf(n), frames)
  const to = new Rows(memory, binsOf(n), frames)
  memory.floats.fill(Number.NaN, plan / 4, beyond / 4 + 16)
  from.put(spectra)
  to.put(settings.phases ?? new Float32Array(spectra.length).fill(Number.NaN))
  core.pghiPlan(plan, n, hop, frames + 3, gamma)
  core.pghi(plan, from.at, from.stride, frames, 1 / power, least, seed, first, known, to.at)
  const guard = memory.floats.subarray(Math.ceil((plan + bytes) / 4), beyond / 4 + 16)
  if (!guard.every(Number.isNaN)) throw new Error(`n ${n}, ${frames} frames: writes beyond its plan`)
  return to.get()
}

export function randomPhases(bins: number, frames: number, seed: number, first: number): Float32Array {
  core ??= instantiateSound()
  const to = new Rows(new Memory(core), bins, frames)
  to.put(new Float32Array(bins * frames))
  core.pghiRandom(to.at, to.stride, frames, seed, first, bins)
  return to.get()
}

const hann = (j: number, n: number): number => 0.5 - 0.5 * Math.cos((2 * Math.PI * j) / n)

/** Magnitudes, and phases in turns, [bin][frame], of frames that begin at multiples of hop, under Hann's window. */
export function transform(signal: (j: number) => number, n: number, hop: number, frames: number) {
  const bins = binsOf(n)
  const magnitudes = new Float64Array(bins * frames)
  const phases = new Float64Array(bins * frames)
  for (let t = 0; t < frames; t++) {
    const x = Float64Array.from({ length: n }, (_, j) => hann(j, n) * signal(t * hop + j))
    for (let f = 0; f < bins; f++) {
      let re = 0
      let im = 0
      for (let j = 0; j < n; j++) {
        const angle = (2 * Math.PI * ((f * j) % n)) / n
        re += x[j]! * Math.cos(angle)
        im -= x[j]! * Math.sin(angle)
      }
      magnitudes[f * frames + t] = Math.hypot(re, im)
      phases[f * frames + t] = Math.atan2(im, re) / (2 * Math.PI)
    }
  }
  return { magnitudes, phases }
}

/** The signal nearest to spectra: overlapped and added under the window, over the sum of its squares. */
export function soundOf(magnitudes: Float64Array, phases: ArrayLike<number>, n: number, hop: number, frames: number) {
  const sum = new Float64Array((frames - 1) * hop + n)
  const weight = new Float64Array(sum.length)
  for (let t = 0; t < frames; t++) {
    for (let j = 0; j < n; j++) {
      let x = 0
      for (let f = 0; f < binsOf(n); f++) {
        const twice = f === 0 || 2 * f === n ? 1 : 2
        const i = f * frames + t
        x += twice * magnitudes[i]! * Math.cos(2 * Math.PI * (phases[i]! + ((f * j) % n) / n))
      }
      sum[t * hop + j]! += (x / n) * hann(j, n)
      weight[t * hop + j]! += hann(j, n) ** 2
    }
  }
  return sum.map((x, j) => (weight[j]! > 1e-3 ? x / weight[j]! : 0))
}
