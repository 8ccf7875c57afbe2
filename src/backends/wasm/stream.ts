import type { Stream, StreamSpec } from '../../stream.ts'
import type { NumberArray } from '../../tensor.ts'
import { exponentOf, RANGE } from './joint-levels.ts'
import { BEFORE, JointRoom } from './joint-room.ts'
import { GROUP } from './lane-groups.ts'

/** From bands to sound in WebAssembly, a frame at a time. After the constructor nothing is allocated. */
export class WasmStream implements Stream {
  readonly #room: JointRoom
  readonly #slots: number
  readonly #at: number
  readonly #lead: number
  /** The group of four that frames come in by. */
  readonly #gate: number
  /** The greatest average of each frame that the sums still hold. */
  readonly #peaks: Float64Array
  /** Bands are divided by 2 to this. */
  #exponent = 0

  constructor(spec: StreamSpec) {
    const { nFft, hopLength, lookAhead, lead } = spec
    this.#slots = lookAhead + 1
    this.#lead = lead
    this.#room = new JointRoom(spec)
    const { core, memory } = this.#room
    const held = Math.ceil(this.#slots / 4) + 1
    const frames = 2 * Math.ceil(nFft / hopLength) + 1
    this.reaches = this.#room.reaches(frames, (frames - 1) * hopLength + nFft - 2 * this.#room.edge)
    this.#room.clear()
    this.#room.begin({ frames: 4 * held, samples: 4 * held * hopLength, first: 0, held })
    this.#gate = held - 1
    this.#at = memory.reserve(core.streamBytes(this.#room.state, this.#slots))
    this.#peaks = new Float64Array(this.#slots + Math.ceil(nFft / hopLength))
    this.reset()
  }

  readonly reaches: boolean

  get emptyBands(): number {
    return this.#room.filterbank.emptyBands
  }

  reset(): void {
    const { core, state, windowAt, window } = this.#room
    core.streamBegin(this.#at, state, this.#slots, this.#lead, windowAt, window.length)
    this.#peaks.fill(0)
    this.#exponent = 0
  }

  push(bark: NumberArray, out: Float32Array): boolean {
    const { core, spec } = this.#room
    const was = this.#exponent
    this.#load(bark)
    const change = was - this.#exponent
    if (core.streamEnter(this.#at, 2 ** change, 2 ** (change / spec.power)) === this.#slots) {
      this.close(out, 0)
      return true
    }
    core.streamRun(this.#at, spec.iterations, false)
    return false
  }

  close(out: Float32Array, at: number): void {
    const { core, memory, spec, spread, state } = this.#room
    core.streamRun(this.#at, spec.iterations, true)
    const heap = memory.floats
    const from = core.jointSignal(state) / 4 - at
    const gain = spread * 2 ** (this.#exponent / spec.power)
    for (let i = Math.max(0, at); i < out.length; i++) out[i] = heap[from + i]! * gain
    core.streamSlide(this.#at)
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
    // silence is as if the loudest were 1; a band is at least its average
    const least = RANGE * (this.#peak() * scale || 1)
    const mask = staging.mask + 4 * BEFORE
    core.jointBands(bands, nBands, 4 * row, GROUP, scale, least, mask)
    this.#room.layPrior(GROUP, least)
    this.#room.solve(1)
    core.jointLoad(state, this.#gate, spectra, 0, bands, mask, 4 * row, 4)
  }

  /** Scales by the loudest frame that is still about. */
  #weigh(bark: NumberArray): void {
    const { densities } = this.#room
    let most = 0
    for (let k = 0; k < densities.length; k++) most = Math.max(most, bark[k]! * densities[k]!)
    this.#peaks.copyWithin(0, 1)[this.#peaks.length - 1] = most
    const peak = this.#peak()
    if (peak > 0) this.#exponent = exponentOf(peak)
  }

  #peak(): number {
    let most = 0
    for (let i = 0; i < this.#peaks.length; i++) most = Math.max(most, this.#peaks[i]!)
    return most
  }
}
