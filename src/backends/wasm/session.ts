/**
 * SGD in WebAssembly on the calling thread: the order of work. A stretch of iterations goes through one block of
 * frames after the other; packing, the random start and the checkpoint of a block are done when its turn comes, so a
 * call comes back after some milliseconds whatever the number of frames.
 */
import type { Advance, FilterbankSpec, Gears, Problem, Session, State } from '../../backend.ts'
import { now } from '../../turn.ts'
import { Advances, type Behind } from './advances.ts'
import { Frames, STRETCH } from './frames.ts'
import { checkpointAfter, PLAIN, watchedStretch } from './gears.ts'

/** Milliseconds after which a call comes back. */
const SLICE_MS = 8
/** Bins and bands times iterations that one block may take between two looks at the clock: 2 ms, or 10 on a phone. */
const WORK = 150_000
/** Most iterations of a plain stretch. */
const LONGEST = 256
/** Of losses, and by how much they fall. */
const ROW = 2 * STRETCH
/** Iterations of the first stretch; the later ones are an eighth of what is behind them, which bounds the replay. */
const FIRST_STRETCH = 16

export class WasmSession implements Session {
  readonly device = 'cpu'
  readonly backend = 'wasm'
  readonly frames: Frames
  readonly #longest: number
  readonly #onClose: (session: WasmSession) => void

  #problem!: Problem
  /** Iterations whose losses are known. The step of the last one waits, unless the state has been settled. */
  #at = 0
  #waits = false
  /** Iterations of the stretch in hand, and the next block of it. */
  #stretch = 0
  #block = 0
  /** Its losses so far, and by how much they fall: one row, or of a part of a problem a row for each block. */
  #sums: Float64Array = new Float64Array(ROW)
  readonly #advances = new Advances()
  /** What is behind the losses of the last stretch. */
  behind: Behind
  /** Whether the stretch in hand has every loss checked. */
  #everyLoss = false
  /** Whether the next stretch loads the blocks, and from what: the random start if undefined. */
  #loads = true
  #from: State | undefined
  /** Whether the next stretch makes a checkpoint or starts from it. */
  #keeps = false
  #returns = false
  #keptAt = 0
  #keptWaits = false
  /** The next group to be brought to where the stretch begins, and the next that `state` writes. */
  #prepared = 0
  #written = 0

  readonly threads = 1
  why: string | undefined
  gears: Gears = PLAIN

  constructor(spec: FilterbankSpec, onClose: (session: WasmSession) => void) {
    this.frames = new Frames(spec)
    this.#longest = Math.min(LONGEST, Math.max(1, Math.floor(WORK / (spec.nBins + spec.nBands))))
    this.#onClose = onClose
  }

  /** Takes on a problem, in the memory of the last one. */
  begin(problem: Problem, gears: Gears, why?: string): void {
    this.why = why
    this.gears = gears
    this.frames.begin(problem, gears)
    this.#problem = problem
    const rows = problem.part ? this.frames.blocks : 1
    if (this.#sums.length < rows * ROW) this.#sums = new Float64Array(rows * ROW)
    this.#restart(0, undefined)
  }

  restore(from: State): void {
    this.#restart(from.iteration, from)
  }

  #restart(at: number, from: State | undefined): void {
    this.#at = at
    this.#from = from
    this.#loads = true
    this.#waits = this.#keeps = this.#returns = false
    this.#block = this.#prepared = this.#written = 0
  }

  keep(): void {
    this.#keeps = true
    this.#keptAt = this.#at
    this.#keptWaits = this.#waits
  }

  back(): void {
    if (this.#keeps) return
    this.#returns = true
    this.#at = this.#keptAt
    this.#waits = this.#keptWaits
  }

  advance(to: number, everyLoss = false): Advance {
    const { advance } = this.#advances
    if (this.#block === 0) {
      this.#everyLoss = everyLoss
      this.#stretch = Math.min(this.#stretchFrom(this.#at), to - this.#at)
      this.#sums.fill(0)
      advance.count = 0
    }
    const deadline = now() + SLICE_MS
    while (this.#block < this.frames.blocks) {
      if (!this.#prepare(deadline)) return advance
      const row = this.#problem.part ? this.#block * ROW : 0
      if (this.#jumps) this.frames.jump(this.#block, this.#at + 1, this.#stretch, this.#sums, row)
      else if (this.#watches) this.frames.watch(this.#block, this.#at + 1, this.#stretch, this.#sums, row)
      else this.frames.advance(this.#block, this.#at + 1, this.#stretch, this.#waits, this.#sums, row)
      this.#block++
      if (now() > deadline && this.#block < this.frames.blocks) return advance
    }
    this.#report()
    return advance
  }

  /** How many iterations to run at a time. */
  #stretchFrom(at: number): number {
    // the faster ways take a step that waits to begin with
    if (at >= this.gears.watchFrom && !this.#waits) return 1
    if (this.#jumps) return checkpointAfter(at, this.gears) - at
    // without a checkpoint there is no return, and nothing to keep short for it
    const growing = this.#keeps ? Math.max(FIRST_STRETCH, at >> 3) : this.#longest
    const length = Math.min(this.#longest, growing)
    if (!this.#watches) return Math.min(length, this.gears.watchFrom - at)
    const watched = watchedStretch(at, this.gears, this.#longest)
    return Math.min(watched - (at % watched), this.#jumpFrom - at)
  }

  get #watches(): boolean {
    return this.#at >= this.gears.watchFrom && this.#waits && !this.#jumps
  }

  /** Jumps do not know every loss. */
  get #jumpFrom(): number {
    return this.#everyLoss ? PLAIN.jumpFrom : this.gears.jumpFrom
  }

  get #jumps(): boolean {
    return this.#at >= this.#jumpFrom && this.#waits
  }

  /**
   * Of a part of a problem: the losses of the last stretch, a row of its iterations for each block, and in it what is
   * behind them.
   */
  blockSums(): Float64Array<ArrayBuffer> {
    const { blocks } = this.frames
    const { count } = this.#advances.advance
    const width = this.behind ? 2 * count : count
    const sums = new Float64Array(blocks * width)
    for (let b = 0; b < blocks; b++) sums.set(this.#sums.subarray(b * ROW, b * ROW + width), b * width)
    return sums
  }

  /** Brings the groups of the block at hand to where the stretch begins; false where time is up before the last. */
  #prepare(deadline: number): boolean {
    const end = this.frames.firstGroup(this.#block + 1)
    if (!(this.#loads || this.#returns || this.#keeps)) this.#prepared = end
    for (; this.#prepared < end; this.#prepared++) {
      if (now() > deadline) return false
      if (this.#loads) this.frames.load(this.#prepared, this.#from)
      if (this.#returns) this.frames.back(this.#prepared)
      else if (this.#keeps) this.frames.keep(this.#prepared)
    }
    return true
  }

  #report(): void {
    const { batch, time } = this.#problem
    this.behind = this.#jumps ? 'decrease' : this.#watches ? 'falls' : undefined
    const count = this.#jumps ? 1 : this.#stretch
    this.#at += this.#stretch
    this.#advances.tell(this.#at, count, this.behind, (column) => this.#sums[column]! / (batch * time))
    this.#waits = true
    this.#block = this.#prepared = 0
    this.#loads = this.#returns = this.#keeps = false
  }

  state(into: State): boolean {
    const { frames } = this
    const deadline = now() + SLICE_MS
    // all blocks are settled before any is written: `into` may be where they come from, or hold the checkpoint
    if (!this.#settle(deadline)) return false
    for (const end = frames.firstGroup(frames.blocks); this.#written < end; this.#written++) {
      if (now() > deadline) return false
      frames.write(this.#written, into)
    }
    into.iteration = this.#at
    this.#settled()
    return true
  }

  /** Steps taken, or that are as soon as they are settled. */
  get iteration(): number {
    return this.#at
  }

  /** Takes what waits, in slices: true when it is done. What was kept is not needed any more. */
  settle(): boolean {
    if (!this.#settle(now() + SLICE_MS)) return false
    this.#settled()
    return true
  }

  #settle(deadline: number): boolean {
    for (; this.#block < this.frames.blocks; this.#block++) {
      if (!this.#prepare(deadline) || now() > deadline) return false
      if (this.#waits) this.frames.finish(this.#block, this.#at)
    }
    return true
  }

  #settled(): void {
    this.#block = this.#prepared = this.#written = 0
    this.#waits = this.#loads = this.#returns = this.#keeps = false
  }

  close(): void {
    this.frames.end()
    this.#problem = undefined as unknown as Problem
    this.#from = undefined
    this.#onClose(this)
  }
}
