/** The core's pieces of the joint method over plain arrays, for the tests. */
import { BEFORE, JointRoom } from '../src/backends/wasm/joint-room.ts'
import type { Step } from '../src/backends/wasm/joint-schedule.ts'
import {
  type InverseBarkSpectrogramOptions,
  readInverseBarkSpectrogram,
} from '../src/inverse-bark-spectrogram-options.ts'
import { type Bank, readBank } from './oracle/bank.ts'
import type { Random } from './oracle/random.ts'
import { type Framing, lengthOf, type Spectrum } from './oracle/stft.ts'

/** What frames are loaded with: [frame][bin], [frame][bin] in turns, [frame][band]. */
export interface Loaded {
  spectra: ArrayLike<number>[]
  phases?: ArrayLike<number>[]
  bark?: ArrayLike<number>[]
}

export const STEP: Step = { kind: 0, isDual: false, isLast: false, pull: 0, momentum: 0 }

/** A signal all of whose frames are in memory: 32 at most. */
export class JointCase {
  readonly room: JointRoom
  readonly bank: Bank
  /** Hz from a bin to the next. */
  readonly width: number

  constructor(options: InverseBarkSpectrogramOptions) {
    this.room = new JointRoom(readInverseBarkSpectrogram({ onWarning: () => {}, ...options }).spec)
    const { bins, filterbank, spec } = this.room
    this.bank = readBank(filterbank.dense(), bins, spec.bank.nBands)
    this.width = spec.bank.sampleRate / spec.nFft
  }

  /** The framing of a signal. */
  framing(frames: number, samples: number): Framing {
    const { nFft, hopLength: hop, center, padMode, pad } = this.room.spec
    return { nFft, hop, window: this.room.window, center, padMode, pad, frames, samples }
  }

  /** The signal, at every position of the frames, after steps. */
  after({ frames, samples }: Framing, loaded: Loaded, steps: Step[]): Float32Array {
    const { room, bank } = this
    const { core, staging } = room
    const groups = Math.ceil(frames / 4)
    if (groups > room.block) throw new Error(`${frames} frames`)
    room.clear()
    room.begin({ frames, samples, first: 0, held: groups })
    const { row } = staging
    this.#put(staging.spectra, loaded.spectra, bank.nBins)
    if (loaded.phases) this.#put(staging.phases, loaded.phases, bank.nBins)
    this.#put(staging.bark, loaded.bark ?? loaded.spectra.map(() => new Float32Array(bank.nBands)), bank.nBands)
    room.memory.floats.fill(Number.NaN, staging.mask / 4, staging.mask / 4 + row)
    const [spectra, phases, bark, mask] = [staging.spectra, staging.phases, staging.bark, staging.mask].map(
      (at) => at + 4 * BEFORE,
    )
    core.jointBands(bark!, bank.nBands, 4 * row, frames, 1, 0, mask!)
    core.jointLoad(room.state, 0, spectra!, loaded.phases ? phases! : 0, bark!, mask!, 4 * row, frames)
    for (const { kind, isDual, isLast, pull, momentum } of steps) {
      core.jointStep(room.state, 0, groups, kind, isDual, isLast, pull, momentum)
    }
    const at = core.jointSignal(room.state) / 4
    return room.memory.floats.slice(at, at + lengthOf(this.framing(frames, samples)))
  }

  /** The prior of frames of bands, [frame][bin]. */
  prior(bark: ArrayLike<number>[], least: number): Float32Array[] {
    const { room, bank } = this
    const { core, staging, memory } = room
    room.clear()
    const logs = memory.reserve(16 * (bank.nBands + 2))
    this.#put(staging.bark, bark, bank.nBands)
    const [from, to] = [staging.bark + 4 * BEFORE, staging.spectra + 4 * BEFORE]
    core.jointPrior(room.bank, from, to, 4 * staging.row, bark.length, least, logs)
    return bark.map((_, t) =>
      Float32Array.from({ length: bank.nBins }, (_, f) => memory.floats[to / 4 + f * staging.row + t]!),
    )
  }

  /** Rows in the staging, with NaN in whatever lies beside the frames. */
  #put(at: number, values: ArrayLike<number>[], rows: number): void {
    const { memory, staging } = this.room
    const heap = memory.floats
    heap.fill(Number.NaN, at / 4, at / 4 + rows * staging.row)
    for (let r = 0; r < rows; r++) {
      for (const [t, frame] of values.entries()) heap[at / 4 + r * staging.row + BEFORE + t] = frame[r]!
    }
  }
}

/** Values one by one. */
export const list = (length: number, of: (i: number) => number): Float64Array =>
  Float64Array.from({ length }, (_, i) => of(i))

export const noise = (r: Random, frames: number, bins: number): Spectrum[] =>
  Array.from({ length: frames }, () => ({ re: list(bins, () => r.normal()), im: list(bins, () => r.normal()) }))

/** Magnitudes. */
export const sizes = (spectra: Spectrum[]): Float64Array[] =>
  spectra.map(({ re, im }) => re.map((x, f) => Math.hypot(x, im[f]!)))

/** Phases. */
export const turns = (spectra: Spectrum[]): Float64Array[] =>
  spectra.map(({ re, im }) => re.map((x, f) => Math.atan2(im[f]!, x) / (2 * Math.PI)))

/** Spectra of magnitudes to the power, and of phases in turns. */
export function polar(s0: ArrayLike<number>[], phases: ArrayLike<number>[], power: number): Spectrum[] {
  return s0.map((s, t) => {
    const m = Float64Array.from(s, (x) => x ** (1 / power))
    const at = (f: number): number => 2 * Math.PI * phases[t]![f]!
    return { re: m.map((x, f) => x * Math.cos(at(f))), im: m.map((x, f) => x * Math.sin(at(f))) }
  })
}

/** Wide and narrow first bands, bands without bins, one band, a bank that begins above 0 and ends below half the rate. */
export const banks: (InverseBarkSpectrogramOptions & { nFft: number })[] = [
  { nFft: 1024, nBarks: 24 },
  { nFft: 1024, nBarks: 128 },
  { nFft: 1024, nBarks: 80, fMin: 50, fMax: 6000 },
  { nFft: 401, nBarks: 64 },
  { nFft: 64, nBarks: 60 },
  { nFft: 64, nBarks: 1 },
  { nFft: 64, nBarks: 2 },
  { nFft: 256, nBarks: 20, fMin: 300, fMax: 5000, barkScale: 'wang' },
  { nFft: 256, nBarks: 20, barkScale: 'schroeder', filterbank: 'corrected' },
  { nFft: 512, nBarks: 40, sampleRate: 44100 },
]
