/** All that one core holds of the joint method: the bank, the transforms, and for a part of a signal its frames. */
import type { JointSpec } from '../../joint.ts'
import { rowLength } from './columns.ts'
import { instantiateSound, type SoundCore } from './core.ts'
import { Filterbank } from './filterbank.ts'
import { GROUP } from './lane-groups.ts'
import { Memory } from './memory.ts'
import { SCALINGS } from './sound-session.ts'
import { placeWindow } from './window.ts'

/** The numbers of assembly/joint-layout.ts. */
const MARGINS = { reflect: 0, constant: 1, replicate: 2, circular: 3 } as const
/** No centre, no margin. */
const FREE = 3

/** Bytes up to which a room is worth keeping. */
const KEPT = 2 ** 26

/** Values of the frames that come in at a time, and the fewest groups of four. */
const VALUES = 2 ** 17
const LEAST_GROUPS = 8

/** Columns before the first of a block: room for the last of the block before it, and rows stay aligned. */
export const BEFORE: number = GROUP
/** Columns behind a block that its phases are led around. */
export const BEHIND = 16

/** Rows of neighbouring frames, and where each kind begins. */
export interface Staging {
  /** Values of a row. */
  row: number
  bark: number
  spectra: number
  phases: number
  mask: number
}

/** A part of a signal: frames are counted in groups of four. */
export interface Extent {
  /** Of the whole signal, whose samples include the zeros at its ends. */
  frames: number
  samples: number
  /** The first group in memory, and how many there are at a time. */
  first: number
  held: number
}

export class JointRoom {
  readonly core: SoundCore
  readonly memory: Memory
  readonly spec: JointSpec
  readonly bins: number
  /** Groups that come in at a time. */
  readonly block: number
  /** Samples before the signal that the first frame begins at. */
  readonly edge: number
  /** 1 over the sum of the weights of every band, 0 where it has none. */
  readonly densities: Float32Array
  readonly bank: number
  readonly staging: Staging
  readonly pitch: number
  readonly window: Float32Array
  readonly windowAt: number
  /** What the spectra of the bands are divided by. */
  readonly spread: number
  /** Of the Gaussian window that is nearest to the one in use, in samples squared. */
  readonly gamma: number
  readonly filterbank: Filterbank
  /** Where the state of a signal is, after `begin`. */
  state = 0
  readonly #stft: number
  readonly #exact: number
  readonly #records: number
  readonly #logs: number
  readonly #base: number
  readonly #onClose: ((room: JointRoom) => void) | undefined

  /** @param leastGroups to come in at a time */
  constructor(spec: JointSpec, onClose?: (room: JointRoom) => void, leastGroups: number = LEAST_GROUPS) {
    const { nFft, window, bank, power } = spec
    this.spec = spec
    this.#onClose = onClose
    this.core = instantiateSound()
    this.memory = new Memory(this.core)
    const { core, memory } = this
    this.bins = bank.nBins
    this.block = Math.max(leastGroups, Math.floor(VALUES / (4 * nFft)))
    this.edge = spec.center ? Math.floor(nFft / 2) : 0
    this.filterbank = new Filterbank(core, memory, bank)
    const exact = memory.reserve(core.exactBankBytes(this.filterbank.at))
    core.exactBank(exact, this.filterbank.at)
    this.#exact = memory.reserve(core.exactRoomBytes(exact, true))
    core.exactRoom(this.#exact, exact, true)
    this.bank = memory.reserve(core.jointBankBytes(exact))
    core.jointBank(this.bank, exact, bank.sampleRate / nFft)
    const densities = memory.reserve(4 * bank.nBands)
    core.jointDensities(this.bank, densities)
    this.densities = memory.floats.slice(densities / 4, densities / 4 + bank.nBands)
    this.windowAt = placeWindow(core, memory, window)
    this.window = memory.floats.slice(this.windowAt / 4, this.windowAt / 4 + window.length)
    this.#stft = memory.reserve(core.stftBytes(nFft))
    this.spread = 1 / core.stftPlan(this.#stft, nFft, this.windowAt, window.length, SCALINGS.indexOf(spec.scaling))
    core.stftPlan(this.#stft, nFft, this.windowAt, window.length, 0)
    this.gamma = core.windowGamma(this.windowAt, window.length)
    this.pitch = spec.pitch && !spec.isHeld ? this.#planPitch(power) : 0
    const columns = BEFORE + 4 * this.block + BEHIND
    const row = rowLength(columns)
    const rows = (count: number): number => memory.reserve(4 * row * count)
    this.staging = { row, bark: rows(bank.nBands), spectra: rows(this.bins), phases: rows(this.bins), mask: rows(1) }
    this.#records = memory.reserve(8 * 5 * row)
    this.#logs = memory.reserve(16 * (bank.nBands + 2))
    this.#base = memory.top
  }

  #planPitch(power: number): number {
    const { core, memory } = this
    const { nFft, hopLength, bank, window } = this.spec
    const at = memory.reserve(core.pitchBytes(this.filterbank.at, nFft, bank.sampleRate, window.length))
    const { sampleRate } = bank
    core.pitchPlan(at, this.filterbank.at, nFft, hopLength, sampleRate, power, this.windowAt, window.length)
    return at
  }

  /** Bands that have bins. */
  get bands(): number {
    return this.densities.reduce((count, density) => count + Number(density > 0), 0)
  }

  /** Gives back what the last signal took. */
  clear(): void {
    this.memory.release(this.#base)
  }

  /** For the next who asks, if it is worth keeping. */
  close(): void {
    this.clear()
    if (this.memory.floats.byteLength <= KEPT) this.#onClose?.(this)
  }

  /** Lays out the frames of a signal, or of a part of it. */
  begin({ frames, samples, first, held }: Extent): void {
    const { core, memory, edge, bank } = this
    const { nFft, hopLength, power, isHeld, bandTolerance, padMode, pad, center } = this.spec
    const istft = this.#planIstft(frames)
    this.state = memory.reserve(core.jointBytes(bank, nFft, hopLength, held))
    const margin = center ? MARGINS[padMode] : FREE
    core.jointPlan(this.state, bank, this.#stft, edge, margin, pad, power, isHeld, bandTolerance)
    core.jointBegin(this.state, istft, nFft, hopLength, frames, samples, first, held)
  }

  /** Whether windows reach so many samples of the signal, as far as there are frames. */
  reaches(frames: number, samples: number): boolean {
    this.clear()
    return Boolean(this.core.istftReaches(this.#planIstft(frames), this.edge, this.edge + samples))
  }

  #planIstft(frames: number): number {
    const { core, memory } = this
    const { nFft, hopLength, window } = this.spec
    const at = memory.reserve(core.istftBytes(nFft, hopLength, frames))
    core.istftPlan(at, core.stftTransform(this.#stft), nFft, hopLength, frames, this.windowAt, window.length, 0)
    return at
  }

  /** Fills the staging's spectra with the smooth prior of `count` frames from column BEFORE on. */
  layPrior(count: number, leastAverage: number): void {
    const { core, staging } = this
    const { bark, spectra, row } = staging
    core.jointPrior(this.bank, bark + 4 * BEFORE, spectra + 4 * BEFORE, 4 * row, count, leastAverage, this.#logs)
  }

  /** Makes of the staging's spectra those of maximum entropy about them. */
  solve(count: number): void {
    const { core, staging } = this
    const at = 4 * BEFORE
    const { bark, spectra, row } = staging
    core.maxent(this.#exact, bark + at, spectra + at, spectra + at, 4 * row, count, this.#records)
  }
}
