import type { Istft, IstftProblem, IstftSpec } from '../../stft.ts'
import { readColumns, rowLength } from './columns.ts'
import { copyRange, lookInto, reaches, SoundSession } from './sound-session.ts'
import { Spare } from './spare.ts'

/** Frames and values that go through the core at a time. */
const FRAMES = 960
const VALUES = 2 ** 18

/** The way back in WebAssembly: blocks of frames stream through the core, four neighbours at a time. */
export class WasmIstft implements Istft {
  readonly window: Float32Array
  readonly #spec: IstftSpec
  readonly #sessions: Spare<SoundSession>
  readonly #bins: number
  readonly #edge: number

  constructor(spec: IstftSpec) {
    this.#spec = spec
    this.#bins = Math.floor(spec.nFft / 2) + 1
    this.#edge = spec.center ? Math.floor(spec.nFft / 2) : 0
    this.#sessions = new Spare((onClose) => new SoundSession(spec, onClose))
    this.window = lookInto(this.#sessions, ({ window }) => window)
  }

  reaches(frames: number, samples: number): boolean {
    return lookInto(this.#sessions, (session) => reaches(session, frames, this.#edge, samples))
  }

  *waveforms(problem: IstftProblem, out: Float32Array): Generator<undefined, void> {
    const { nFft, hopLength, scaling } = this.#spec
    const { items, frames } = problem
    const most = 4 * Math.max(1, Math.floor(Math.min(FRAMES, VALUES / Math.max(2 * this.#bins, hopLength)) / 4))
    const block = Math.min(most, frames)
    const session = this.#sessions.take()
    try {
      const plan = session.planIstft(frames, scaling)
      const spectra = session.memory.reserve(8 * rowLength(block) * this.#bins)
      const values = (block - 1) * hopLength + nFft
      const sums = session.memory.reserve(4 * values)
      for (let item = 0; item < items; item++) {
        session.memory.floats.fill(0, sums / 4, sums / 4 + values)
        for (let first = 0; first < frames; first += block) {
          this.#block(session, plan, spectra, sums, problem, item, first, Math.min(block, frames - first), out)
          yield
        }
      }
    } finally {
      session.close()
    }
  }

  /** Adds `count` frames of an item to the sums, which begin with the first of them, and takes out what is complete. */
  #block(
    { core, memory }: SoundSession,
    plan: number,
    spectra: number,
    sums: number,
    { spectrogram, rows, frames, samples, pad }: IstftProblem,
    item: number,
    first: number,
    count: number,
    out: Float32Array,
  ): void {
    const { nFft, hopLength } = this.#spec
    const row = 2 * rowLength(count)
    const heap = memory.floats
    // a value's two parts are two columns
    const columns = { rows, time: 2 * frames, count: this.#bins }
    readColumns(spectrogram, columns, 2 * (item * frames + first), 2 * count, heap, spectra / 4, row)
    core.istft(plan, spectra, 4 * row, count, sums)
    core.istftSettle(plan, sums, sums, first, count)
    const at = sums / 4
    const next = at + count * hopLength
    const end = next - hopLength + nFft
    const isLast = first + count === frames
    const done = heap.subarray(at, isLast ? end : next)
    copyRange(done, first * hopLength - this.#edge - pad, out, item * samples, samples)
    heap.copyWithin(at, next, end)
    heap.fill(0, at + end - next, end)
  }
}
