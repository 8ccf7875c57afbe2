/**
 * The frames of one SGD problem in the memory of one core: in blocks of 32, the blocks in lane groups of 8. Everything
 * is done block by block, so that no call takes long, however many frames there are.
 */
import type { FilterbankSpec, Gears, Problem, State } from '../../backend.ts'
import { instantiateSolve, type SolveCore } from './core.ts'
import { Filterbank } from './filterbank.ts'
import { GROUP, pack, unpack } from './lane-groups.ts'
import { Memory } from './memory.ts'

/**
 * Frames of a block. Losses are added up block by block in float64, so this number is part of the result. It is small
 * enough to share 947 frames evenly among two threads (1.86 times one; 1.66 with 64), and large enough to be little to send.
 */
export const BLOCK = 32
const BLOCK_GROUPS = BLOCK / GROUP
/** Most iterations of a stretch. */
export const STRETCH = 512

export class Frames {
  readonly bank: Filterbank
  /** No eigenvalue of F^T F is larger. */
  readonly bound: number
  readonly #core: SolveCore
  readonly #memory: Memory
  readonly #nBins: number
  readonly #nBands: number
  readonly #sgd: number
  readonly #random: number
  /** f64 [2][STRETCH]: losses of the block at hand, and by how much they fall. */
  readonly #losses: number
  /** End of what outlives a problem. */
  readonly #base: number

  #problem!: Problem
  #frames = 0
  /** Frames before these whose part of the random start is still to be drawn: it is one stream over all frames. */
  #skipped = 0
  /** Whether there is weight decay in float32, as the core has it. The momentum then has a row a bin, else one a band. */
  #decays = false
  #groups = 0
  #groupBytes = 0
  /** Working memory of the faster ways to step, where they are to be taken. */
  #watch = 0
  #chunk = 0
  #jumps = 0
  /** float32 values of a group that change: all but its target. */
  #stateSize = 0
  /**
   * Checkpoint of what does not fit the problem's `spectrogram`: momentum and waiting steps of each group, and the
   * spectrogram of a last group that is not full.
   */
  #checkpoint: Float32Array = new Float32Array(0)

  constructor(spec: FilterbankSpec) {
    this.#core = instantiateSolve()
    this.#memory = new Memory(this.#core)
    this.bank = new Filterbank(this.#core, this.#memory, spec)
    this.bound = this.#core.filterbankBound(this.bank.at)
    this.#nBins = spec.nBins
    this.#nBands = spec.nBands
    this.#sgd = this.#memory.reserve(this.#core.sgdBytes())
    this.#random = this.#memory.reserve(this.#core.randomBytes())
    this.#losses = this.#memory.reserve(16 * STRETCH)
    this.#base = this.#memory.top
  }

  get blocks(): number {
    return Math.ceil(this.#frames / BLOCK)
  }

  /** Takes on a problem, in the memory of the last one. */
  begin(problem: Problem, gears: Gears): void {
    const { lr, momentum, dampening, weightDecay, nesterov, maximize } = problem.sgd
    const frames = problem.batch * problem.time
    const { of, skipped } = problem.part ?? { of: frames, skipped: 0 }
    const core = this.#core
    core.sgdArguments(this.#sgd, this.bank.at, of, lr, momentum, dampening, weightDecay, nesterov, maximize)
    core.randomSeed(this.#random, problem.seed)
    this.#groupBytes = core.sgdGroupBytes(this.#sgd)
    this.#stateSize = core.sgdTargetAt(this.#sgd) / 4
    this.#memory.release(this.#base)
    this.#groups = this.#memory.reserve(Math.ceil(frames / GROUP) * this.#groupBytes)
    this.#chunk = gears.chunk
    if (Number.isFinite(gears.watchFrom)) this.#watch = this.#memory.reserve(core.sgdWatchBytes(this.#sgd))
    if (Number.isFinite(gears.jumpFrom)) {
      this.#jumps = this.#memory.reserve(core.sgdJumpsBytes(this.#sgd))
      core.sgdJumps(this.#jumps, this.#sgd, this.bound)
    }
    this.#problem = problem
    this.#frames = frames
    this.#skipped = skipped
    this.#decays = Math.fround(weightDecay) > 0
  }

  /** Lets the problem go; `begin` is next. */
  end(): void {
    this.#problem = undefined as unknown as Problem
  }

  /** The first group of a block; that of the block after the last is the number of groups. */
  firstGroup(block: number): number {
    return Math.min(block * BLOCK_GROUPS, Math.ceil(this.#frames / GROUP))
  }

  /** Fills a group: its target, and a state or the random start. The random ones have to come in order. */
  load(g: number, from: State | undefined): void {
    const { bark, time } = this.#problem
    const heap = this.#memory.floats
    const at = this.#at(g)
    pack(bark, this.#nBands, time, g * GROUP, this.#frames, heap, at + this.#stateSize)
    heap.fill(0, at + this.#nBins * GROUP, at + this.#stateSize)
    if (!from) {
      this.#fillRandom(g, heap)
      return
    }
    pack(from.spectrogram, this.#nBins, time, g * GROUP, this.#frames, heap, at)
    if (!from.momentum) return
    pack(from.momentum, this.#momentumRows, time, g * GROUP, this.#frames, heap, this.#momentum(g))
  }

  /**
   * Runs a block through a stretch, `iterations` of it, the first of which is `iteration`, and adds its losses to
   * `sums`, from `at` on.
   * @param waits whether the step of the iteration before is still to be taken
   */
  advance(block: number, iteration: number, iterations: number, waits: boolean, sums: Float64Array, at: number): void {
    const first = this.#groups + this.firstGroup(block) * this.#groupBytes
    const count = this.firstGroup(block + 1) - this.firstGroup(block)
    this.#clear(iterations)
    let losses = this.#losses
    let left = iterations
    if (!waits) {
      this.#core.sgdStart(this.#sgd, first, count, iteration, losses)
      iteration++
      losses += 8
      left--
    }
    if (left > 0) this.#core.sgdRun(this.#sgd, first, count, iteration, left, losses)
    this.#add(iterations, sums, at)
  }

  /**
   * The same by the watch list; the step of the iteration before waits. Behind the losses it adds by how much each is
   * lower than the one before.
   */
  watch(block: number, iteration: number, iterations: number, sums: Float64Array, at: number): void {
    const first = this.#groups + this.firstGroup(block) * this.#groupBytes
    const frames = this.#framesOf(block)
    this.#clear(2 * iterations)
    this.#core.sgdWatch(this.#sgd, this.#watch, first, frames, iteration, iterations, this.#chunk, this.#losses)
    this.#add(2 * iterations, sums, at)
  }

  #clear(count: number): void {
    this.#memory.doubles.fill(0, this.#losses / 8, this.#losses / 8 + count)
  }

  #add(count: number, sums: Float64Array, at: number): void {
    const from = this.#losses / 8
    const doubles = this.#memory.doubles
    for (let i = 0; i < count; i++) sums[at + i]! += doubles[from + i]!
  }

  /**
   * Runs a block through `iterations` in jumps; the step of the iteration before waits. Adds to `sums`, at `at`, the loss
   * before the last iteration's step, and behind it by how much that step lowers the loss.
   */
  jump(block: number, iteration: number, iterations: number, sums: Float64Array, at: number): void {
    const first = this.#groups + this.firstGroup(block) * this.#groupBytes
    const frames = this.#framesOf(block)
    this.#core.sgdJump(this.#jumps, this.#sgd, first, frames, iteration, iterations, this.#losses)
    const checks = this.#memory.doubles.subarray(this.#losses / 8)
    let loss = 0
    let decrease = 0
    for (let t = 0; t < frames; t++) {
      loss += checks[2 * t]!
      decrease += checks[2 * t + 1]!
    }
    sums[at]! += loss
    sums[at + 1]! += decrease
  }

  #framesOf(block: number): number {
    return Math.min(BLOCK, this.#frames - block * BLOCK)
  }

  /** Takes the step of `iteration` that waits in a block. */
  finish(block: number, iteration: number): void {
    const first = this.#groups + this.firstGroup(block) * this.#groupBytes
    this.#core.sgdFinish(this.#sgd, first, this.firstGroup(block + 1) - this.firstGroup(block), iteration)
  }

  /** Writes a group's part of the state. */
  write(g: number, into: State): void {
    this.#write(g, into, this.#problem.time, 0, this.#frames)
  }

  /** The same for a piece of one batch item: frames `first`, the first of a group, to `first + count` of it. */
  writePiece(g: number, into: Omit<State, 'iteration'>, first: number, count: number): void {
    this.#write(g, into, count, first, count)
  }

  #write(g: number, into: Omit<State, 'iteration'>, time: number, first: number, frames: number): void {
    const heap = this.#memory.floats
    const n = g * GROUP - first
    unpack(heap, this.#at(g), this.#nBins, time, n, frames, into.spectrogram)
    if (into.momentum) unpack(heap, this.#momentum(g), this.#momentumRows, time, n, frames, into.momentum)
  }

  /** Keeps a copy of a group's state; the spectrogram goes where the result will be, so that it costs no memory. */
  keep(g: number): void {
    this.#copy(g, true)
  }

  /** Brings back what was kept. */
  back(g: number): void {
    this.#copy(g, false)
  }

  #copy(g: number, out: boolean): void {
    const size = this.#nBins * GROUP
    const rest = this.#stateSize - size
    const groups = Math.ceil(this.#frames / GROUP)
    const needed = groups * rest + size
    if (this.#checkpoint.length < needed) this.#checkpoint = new Float32Array(needed)
    const heap = this.#memory.floats
    const at = this.#at(g)
    move(heap, at + size, this.#checkpoint, g * rest, rest, out)
    if ((g + 1) * GROUP <= this.#frames) move(heap, at, this.#problem.spectrogram, g * size, size, out)
    else move(heap, at, this.#checkpoint, groups * rest, size, out)
  }

  #fillRandom(g: number, heap: Float32Array): void {
    for (; this.#skipped > 0; this.#skipped--) this.#core.randomFill(this.#random, this.#losses, 0, this.#nBins)
    const lanes = Math.min(GROUP, this.#frames - g * GROUP)
    const at = this.#groups + g * this.#groupBytes
    if (lanes < GROUP) heap.fill(0, at / 4, at / 4 + this.#nBins * GROUP)
    for (let lane = 0; lane < lanes; lane++) {
      this.#core.randomFill(this.#random, at + 4 * lane, 4 * GROUP, this.#nBins)
    }
  }

  get #momentumRows(): number {
    return this.#decays ? this.#nBins : this.#nBands
  }

  /** Index of a group in the float32 view. */
  #at(g: number): number {
    return (this.#groups + g * this.#groupBytes) / 4
  }

  /** Index of a group's momentum: behind the spectrogram, and in the Bark domain behind a zero band. */
  #momentum(g: number): number {
    return this.#at(g) + (this.#nBins + (this.#decays ? 0 : 1)) * GROUP
  }
}

function move(heap: Float32Array, at: number, copy: Float32Array, to: number, length: number, out: boolean): void {
  if (out) copy.set(heap.subarray(at, at + length), to)
  else heap.set(copy.subarray(to, to + length), at)
}
