import type { Stream, StreamSpec } from '../../stream.ts'
import type { NumberArray } from '../../tensor.ts'
import { RANGE } from './joint-levels.ts'
import { BEFORE, JointRoom } from './joint-room.ts'
import { GROUP } from './lane-groups.ts'

/** From bands to sound in WebAssembly, a frame at a time. After the constructor nothing is allocated. */
export class WasmStream implements Stream {
  readonly #room: JointRoom
  readonly #slots: number
  readonly #at: number
  /** The group of four that frames come in by. */
  readonly #gate: number
  /** The greatest band and average of each frame that the sums still hold, as a ring. */
  readonly #greatest: Float64Array
  readonly #averages: Float64Array
  #frame = 0
  #open = 0
  /** Bands are divided by 2 to this. */
  #exponent = 0

  constructor(spec: StreamSpec) {
    const { nFft, hopLength, lookAhead } = spec
    this.#slots = lookAhead + 1
    this.#room = new JointRoom(spec)
    const { core, memory } = this.#room
    const held = Math.ceil(this.#slots / 4) + 1
    const frames = 2 * Math.ceil(nFft / hopLength) + 1
    this.reaches = this.#room.reaches(frames, (frames - 1) * hopLength + nFft - 2 * this.#room.edge)
    this.#room.clear()
    this.#room.begin({ frames: 4 * held, samples: 4 * held * hopLength, first: 0, held })
    this.#gate = held - 1
    this.#at = memory.reserve(core.streamBytes(this.#room.state, this.#slots))
    const reach = this.#slots + Math.ceil(nFft / hopLength)
    this.#greatest = new Float64Array(reach)
    this.#averages = new Float64Array(reach)
    this.reset()
  }

  readonly reaches: boolean

  get emptyBands(): number {
    return this.#room.filterbank.emptyBands
  }

  reset(): void {
    this.#room.beginStream(this.#at, this.#slots)
    this.#greatest.fill(0)
    this.#averages.fill(0)
    this.#frame = 0
    this.#open = 0
    this.#exponent = 0
  }

  push(bark: NumberArray, out: Float32Array, at: number): boolean {
    const { core } = this.#room
    const isFull = this.#open === this.#slots - 1
    this.#load(bark)
    core.streamEnter(this.#at)
    this.#frame++
    this.#open++
    this.#run(isFull, out, at)
    return isFull
  }

  close(out: Float32Array, at: number): void {
    this.#run(true, out, at)
  }

  #run(closes: boolean, out: Float32Array, at: number): void {
    const { core, spec } = this.#room
    core.streamRun(this.#at, spec.iterations, closes)
    if (!closes) return
    this.#read(out, at)
    core.streamSlide(this.#at)
    this.#open--
  }

  #read(out: Float32Array, at: number): void {
    const { core, memory, spec, spread, state } = this.#room
    const heap = memory.floats
    const from = core.jointSignal(state) / 4
    const gain = spread * 2 ** (this.#exponent / spec.power)
    for (let i = at, p = from; i < out.length; i++, p++) out[i] = heap[p]! * gain
  }

  /** Makes magnitudes of a frame, and puts them into the last group. */
  #load(bark: NumberArray): void {
    const { core, memory, staging, spec, state } = this.#room
    const { nBands } = spec.bank
    const { row } = staging
    const [bands, spectra] = [staging.bark + 4 * BEFORE, staging.spectra + 4 * BEFORE]
    const heap = memory.floats
    for (let k = 0, to = bands / 4; k < nBands; k++, to += row) heap.fill(Math.max(0, bark[k]!), to, to + GROUP)
    this.#weigh(bark)
    const scale = 2 ** -this.#exponent
    // silence is as if the loudest were 1
    const least = RANGE * (greatest(this.#greatest) * scale || 1)
    const mask = staging.mask + 4 * BEFORE
    core.jointBands(bands, nBands, 4 * row, GROUP, scale, least, mask)
    this.#room.layPrior(GROUP, RANGE * (greatest(this.#averages) * scale || 1))
    this.#room.solve(1)
    core.jointLoad(state, this.#gate, spectra, 0, bands, mask, 4 * row, 4)
  }

  /** Scales by the loudest frame that is still about. */
  #weigh(bark: NumberArray): void {
    const { densities, spec, core } = this.#room
    const place = this.#frame % this.#averages.length
    let most = 0
    let average = 0
    for (let k = 0; k < densities.length; k++) {
      const density = densities[k]!
      if (density === 0 || !(bark[k]! > 0)) continue
      most = Math.max(most, bark[k]!)
      average = Math.max(average, bark[k]! * density)
    }
    this.#greatest[place] = most
    this.#averages[place] = average
    const peak = greatest(this.#averages)
    if (peak === 0) return
    // an even power: its square root is one too
    const exponent = Math.max(-126, Math.min(126, 2 * Math.floor(Math.log2(peak) / 2)))
    const change = this.#exponent - exponent
    if (change === 0) return
    this.#exponent = exponent
    core.streamScale(this.#at, power(change), power(change / spec.power))
  }
}

/** 2 to x, as far as float32 goes. */
const power = (x: number): number => 2 ** Math.max(-120, Math.min(120, x))

function greatest(values: Float64Array): number {
  let most = 0
  for (let i = 0; i < values.length; i++) if (values[i]! > most) most = values[i]!
  return most
}
