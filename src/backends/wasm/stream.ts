import type { Stream, StreamSpec } from '../../stream.ts'
import type { NumberArray } from '../../tensor.ts'
import { exponentOf, RANGE } from './joint-levels.ts'
import { BEFORE, JointRoom } from './joint-room.ts'
import { GROUP } from './lane-groups.ts'

/** Seconds in which the loudest magnitude is forgotten by half. */
const HALVES = 10

/** From bands to sound in WebAssembly, a frame at a time. After the constructor nothing is allocated. */
export class WasmStream implements Stream {
  readonly #room: JointRoom
  readonly #slots: number
  /** Frames that fill the groups, of eight, that the slots are solved in. */
  readonly #columns: number
  readonly #at: number
  readonly #lead: number
  /** [nBands][columns]: bands of the open frames as they came, from the oldest on. */
  readonly #bark: Float32Array
  #open = 0
  /** The greatest average of all frames so far, forgotten by and by: what the pitch takes levels from. */
  #loudest = 0
  /** The greatest average of each frame that the sums still hold. */
  readonly #peaks: Float64Array
  /** Bands are divided by 2 to this. */
  #exponent = 0

  constructor(spec: StreamSpec) {
    const { nFft, hopLength, lookAhead, lead, bank } = spec
    this.#slots = lookAhead + 1
    this.#lead = lead
    this.#columns = GROUP * Math.ceil(this.#slots / GROUP)
    const held = this.#columns / 4
    this.#room = new JointRoom(spec, undefined, held)
    const { core, memory } = this.#room
    const frames = 2 * Math.ceil(nFft / hopLength) + 1
    this.reaches = this.#room.reaches(frames, (frames - 1) * hopLength + nFft - 2 * this.#room.edge)
    this.#room.clear()
    this.#room.begin({ frames: this.#columns, samples: this.#columns * hopLength, first: 0, held })
    this.#at = memory.reserve(core.streamBytes(this.#room.state, this.#slots))
    this.#bark = new Float32Array(bank.nBands * this.#columns)
    this.#peaks = new Float64Array(this.#slots + Math.ceil(nFft / hopLength))
    this.reset()
  }

  readonly reaches: boolean

  get emptyBands(): number {
    return this.#room.filterbank.emptyBands
  }

  reset(): void {
    const { core, state, windowAt, window, pitch } = this.#room
    core.streamBegin(this.#at, state, pitch, this.#slots, this.#lead, windowAt, window.length)
    this.#bark.fill(0)
    this.#open = 0
    this.#loudest = 0
    this.#peaks.fill(0)
    this.#exponent = 0
  }

  push(bark: NumberArray, out: Float32Array): boolean {
    const { core, spec } = this.#room
    const was = this.#exponent
    this.#take(bark)
    core.streamOpen(this.#at, 2 ** ((was - this.#exponent) / spec.power))
    this.#load()
    core.streamEnter(this.#at)
    if (this.#open === this.#slots) {
      this.#close(out, 0)
      return true
    }
    core.streamRun(this.#at, spec.iterations, false)
    return false
  }

  close(out: Float32Array, at: number): void {
    this.#load()
    this.#close(out, at)
  }

  #close(out: Float32Array, at: number): void {
    const { core, memory, spec, spread, state } = this.#room
    core.streamRun(this.#at, spec.iterations, true)
    const heap = memory.floats
    const from = core.jointSignal(state) / 4 - at
    const gain = spread * 2 ** (this.#exponent / spec.power)
    for (let i = Math.max(0, at); i < out.length; i++) out[i] = heap[from + i]! * gain
    core.streamSlide(this.#at)
    this.#bark.copyWithin(0, 1)
    this.#open--
  }

  /** Keeps the bands of a frame, and scales by the loudest one that is still about. */
  #take(bark: NumberArray): void {
    const { densities, spec } = this.#room
    let most = 0
    for (let k = 0, to = this.#open++; k < densities.length; k++, to += this.#columns) {
      this.#bark[to] = Math.max(0, bark[k]!)
      most = Math.max(most, this.#bark[to]! * densities[k]!)
    }
    this.#peaks.copyWithin(0, 1)[this.#peaks.length - 1] = most
    const forgets = 2 ** ((-spec.power * spec.hopLength) / (HALVES * spec.bank.sampleRate))
    this.#loudest = Math.max(most, this.#loudest * forgets)
    const peak = this.#peak()
    if (peak > 0) this.#exponent = exponentOf(peak)
  }

  /** Makes magnitudes of all open frames, with the pitch that they are found to have. */
  #load(): void {
    const { core, memory, staging, spec, state, pitch } = this.#room
    const { nBands } = spec.bank
    const stride = 4 * staging.row
    const columns = this.#columns
    const column = 4 * BEFORE
    const [bark, spectra, mask] = [staging.bark + column, staging.spectra + column, staging.mask + column]
    const heap = memory.floats
    for (let k = 0, from = 0, to = bark / 4; k < nBands; k++, to += staging.row) {
      for (let i = 0; i < columns; i++, from++) heap[to + i] = i < this.#open ? this.#bark[from]! : 0
    }
    const scale = 2 ** -this.#exponent
    // silence is as if the loudest were 1; a band is at least its average
    const peak = this.#peak() * scale || 1
    const least = RANGE * peak
    core.jointBands(bark, nBands, stride, columns, scale, least, mask)
    this.#room.layPrior(columns, least)
    if (pitch) {
      const voice = staging.phases + column
      core.pitchPeak(pitch, this.#loudest * scale)
      core.streamHear(this.#at, bark, voice, stride)
      core.pitchComb(pitch, spectra, stride, columns, voice, voice + stride, voice + 2 * stride)
    }
    this.#room.solve(columns)
    core.jointLoad(state, 0, spectra, 0, bark, mask, stride, this.#open)
  }

  #peak(): number {
    let most = 0
    for (let i = 0; i < this.#peaks.length; i++) most = Math.max(most, this.#peaks[i]!)
    return most
  }
}
