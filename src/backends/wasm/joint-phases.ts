/** The phases that frames start with, block by block. */
import { BEFORE, BEHIND, type JointRoom } from './joint-room.ts'

/** Below this part of the greatest magnitude phases are random: 80 dB. */
const TOLERANCE = 1e-4

export class Phases {
  readonly #room: JointRoom
  readonly #seed: number
  readonly #least: number
  readonly #plan: number = 0
  /** Columns whose phases are known: the last of the block before, once there is one. */
  #known = 0
  /** Columns of the block before. */
  #before = 0

  /** @param peak the greatest average of a band */
  constructor(room: JointRoom, seed: number, peak: number) {
    const { core, memory, spec, block } = room
    const { nFft, hopLength, phase, power } = spec
    this.#room = room
    this.#seed = seed
    this.#least = peak * TOLERANCE ** power
    if (phase !== 'pghi') return
    const frames = 1 + 4 * block + BEHIND
    this.#plan = memory.reserve(core.pghiBytes(nFft, frames))
    core.pghiPlan(this.#plan, nFft, hopLength, frames, room.gamma)
  }

  /** Frames behind a block that its phases are led around. */
  get behind(): number {
    return this.#room.spec.phase === 'pghi' ? BEHIND : 0
  }

  /**
   * Fills the staging's phases for the magnitudes there, of `count` frames and those behind, which come after the block
   * before.
   */
  next(first: number, count: number, behind: number): void {
    const { core, memory, staging, spec, bins } = this.#room
    const { row, spectra, phases } = staging
    const heap = memory.floats
    if (spec.phase === 'zero') {
      heap.fill(0, phases / 4, phases / 4 + bins * row)
      return
    }
    const seed = this.#seed
    if (spec.phase === 'random') {
      core.pghiRandom(phases + 4 * BEFORE, 4 * row, count, seed, first, bins)
      return
    }
    const known = this.#known
    const at = 4 * (BEFORE - known)
    const columns = known + count + behind
    const [from, to] = [spectra + at, phases + at]
    core.pghi(this.#plan, from, 4 * row, columns, 1 / spec.power, this.#least, seed, first - known, known, to)
    this.#before = count
  }

  /** Keeps the last column of a block, to go on from. To be called when all has been taken out of the staging. */
  turn(): void {
    if (this.#before === 0) return
    this.#known = 1
    const { memory, staging, bins } = this.#room
    const heap = memory.floats
    for (const rows of [staging.spectra / 4, staging.phases / 4]) {
      for (let r = 0, at = rows + BEFORE - 1; r < bins; r++, at += staging.row) heap[at] = heap[at + this.#before]!
    }
  }
}
