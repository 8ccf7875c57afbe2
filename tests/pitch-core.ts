/** The core's pitch functions over plain arrays, for the tests. */
import { instantiateSolve, instantiateSound, type SoundCore } from '../src/backends/wasm/core.ts'
import { Memory } from '../src/backends/wasm/memory.ts'
import { type Bank, readBank } from './oracle/bank.ts'
import { F0, type Setting } from './oracle/pitch.ts'

export const LANES = [0, 1, 2, 3]
const PADDED = 96

export interface Case extends Setting {
  nBands: number
  fMin?: number
  fMax?: number
}

const TRAUNMULLER = 0

/** The bank of a case, as the oracles see it. */
export function bankOf({ n, sampleRate, nBands, fMin = 0, fMax = sampleRate / 2 }: Case): Bank {
  const core = instantiateSolve()
  const memory = new Memory(core)
  const nBins = Math.floor(n / 2) + 1
  const at = memory.reserve(core.filterbankBytes(nBins, nBands))
  core.filterbank(at, nBins, fMin, fMax, nBands, sampleRate, TRAUNMULLER, false)
  const dense = memory.reserve(4 * nBins * nBands)
  core.filterbankDense(at, dense)
  return readBank(memory.floats.slice(dense / 4, dense / 4 + nBins * nBands), nBins, nBands)
}

/** A plan, alone in its memory. */
export class PitchCore {
  readonly core: SoundCore = instantiateSound()
  readonly memory: Memory = new Memory(this.core)
  readonly nBins: number
  readonly at: number
  readonly end: number

  constructor(readonly setting: Case) {
    const { n, hop, sampleRate, nBands, power, window, fMin = 0, fMax = sampleRate / 2 } = setting
    const { core, memory } = this
    this.nBins = Math.floor(n / 2) + 1
    const bank = memory.reserve(core.filterbankBytes(this.nBins, nBands))
    core.filterbank(bank, this.nBins, fMin, fMax, nBands, sampleRate, TRAUNMULLER, false)
    const at = memory.reserve(4 * window.length)
    memory.floats.set(window, at / 4)
    const bytes = core.pitchBytes(bank, n, sampleRate, window.length)
    this.at = memory.reserve(bytes)
    this.end = this.at + bytes
    const beyond = memory.reserve(4096)
    memory.floats.fill(123, Math.ceil(this.end / 4), beyond / 4 + 1024)
    core.pitchPlan(this.at, bank, n, hop, sampleRate, power, at, window.length)
  }

  /** What lies right behind the plan is as it was. */
  get isWithin(): boolean {
    const from = Math.ceil(this.end / 4)
    return this.memory.floats.subarray(from, from + 1024).every((x) => x === 123)
  }

  /** Scores [lane][candidate] of four frames of samples and of bands. */
  scores(frames: ArrayLike<number>[], bands: ArrayLike<number>[], peak: number): Float32Array[] {
    const { core, memory } = this
    const { n, nBands } = this.setting
    const top = memory.top
    const list = memory.reserve(16)
    const places = LANES.map(() => memory.reserve(4 * n + 12))
    const bark = memory.reserve(32 * nBands)
    const out = memory.reserve(16 * PADDED)
    const heap = memory.floats
    new Uint32Array(core.memory.buffer).set(places, list / 4)
    for (const lane of LANES) {
      heap.fill(1e6, places[lane]! / 4, places[lane]! / 4 + n + 3)
      heap.set(frames[lane]!, places[lane]! / 4)
      for (let k = 0; k < nBands; k++) heap[bark / 4 + 8 * k + lane] = bands[lane]![k]!
    }
    core.pitchPeak(this.at, peak)
    core.pitchScores(this.at, list, bark, 32, out)
    memory.release(top)
    return LANES.map((lane) => Float32Array.from(F0, (_, i) => heap[out / 4 + 4 * i + lane]!))
  }

  /** What the columns [frame][bin] are multiplied by. */
  comb(columns: Float32Array[], f0: number[], slope: number[], voicing: number[]): Float32Array[] {
    const { core, memory } = this
    const top = memory.top
    const count = columns.length
    const stride = 32 * Math.ceil(count / 8)
    const rows = memory.reserve(stride * this.nBins)
    const tracks = [f0, slope, voicing].map((values) => {
      const at = memory.reserve(stride)
      memory.floats.fill(Number.NaN, at / 4, (at + stride) / 4)
      memory.floats.set(values, at / 4)
      return at
    })
    columns.forEach((column, t) => {
      for (let f = 0; f < this.nBins; f++) memory.floats[(rows + f * stride) / 4 + t] = column[f]!
    })
    core.pitchComb(this.at, rows, stride, count, tracks[0]!, tracks[1]!, tracks[2]!)
    const heap = memory.floats
    memory.release(top)
    return columns.map((_, t) =>
      Float32Array.from({ length: this.nBins }, (_, f) => heap[(rows + f * stride) / 4 + t]!),
    )
  }
}

/** The core's track of scores [frame][candidate]. */
export function trackOf(scores: ArrayLike<number>[]): { f0: Float32Array; voicing: Float32Array; slope: Float32Array } {
  const core = instantiateSound()
  const memory = new Memory(core)
  const frames = scores.length
  const track = memory.reserve(core.pitchTrackBytes(frames))
  const group = memory.reserve(16 * PADDED)
  core.pitchTrackStart(track, frames)
  for (let t = 0; t < frames; t += 4) {
    const count = Math.min(4, frames - t)
    for (let lane = 0; lane < count; lane++) {
      for (let i = 0; i < F0.length; i++) memory.floats[group / 4 + 4 * i + lane] = scores[t + lane]![i]!
    }
    core.pitchTrackPush(track, group, count)
  }
  const out = [0, 1, 2].map(() => memory.reserve(4 * frames)) as [number, number, number]
  core.pitchTrackEnd(track, out[0], out[1])
  core.pitchSlope(out[0], out[2], frames)
  const [f0, voicing, slope] = out.map((at) => memory.floats.slice(at / 4, at / 4 + frames))
  return { f0: f0!, voicing: voicing!, slope: slope! }
}
