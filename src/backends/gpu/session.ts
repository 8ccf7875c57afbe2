/**
 * SGD on a GPU: the order of work. Frames are cut into tiles, which all run the same stretches; the losses of each frame
 * come back once a stretch and are added up here as on the CPU: in float64, over blocks of frames, and these in order.
 */
import type { Advance, Problem, Session, State } from '../../backend.ts'
import { now } from '../../turn.ts'
import { addBlocks } from './losses.ts'
import type { Adapter, Device, Tile } from './tile.ts'
import { fillTiles, readTiles } from './transfer.ts'

/** Most iterations of a stretch. */
const STRETCH = 512
/** Losses that come back at a time: 4 MB. */
const LOSS_VALUES = 2 ** 20
/** Iterations of the first stretch; the later ones are an eighth of what is behind them, which bounds the replay. */
const FIRST_STRETCH = 16
/** Values times iterations of a stretch whose pace is not known: 60 ms at 3 ns each. */
const FIRST_WORK = 2e7
/** Milliseconds that a stretch should take at most: until then nobody hears of progress, and the device is not free. */
const STRETCH_MS = 60

export class GpuSession implements Session {
  readonly device = 'gpu'
  readonly backend: 'webgl2' | 'webgpu'
  readonly adapter: string
  readonly threads = 1
  readonly why: string | undefined
  readonly #device: Device
  readonly #problem: Problem
  readonly #tiles: Tile[]
  readonly #advance: Advance = {
    at: 0,
    count: 0,
    iteration: new Float64Array(STRETCH),
    loss: new Float32Array(STRETCH),
  }
  #at = 0
  #keptAt = 0
  #keeps = false
  #isClosed = false
  /** What the tiles are still to be filled with. */
  #start: (() => Promise<State>) | undefined
  /** Milliseconds an iteration took in the last stretch. */
  #pace = Number.POSITIVE_INFINITY

  constructor(
    { backend, name }: Adapter,
    device: Device,
    tiles: Tile[],
    problem: Problem,
    start: () => Promise<State>,
    why: string | undefined,
  ) {
    this.backend = backend
    this.adapter = name
    this.why = why || undefined
    this.#device = device
    this.#problem = problem
    this.#tiles = tiles
    this.#start = start
  }

  restore(from: State): void {
    this.#start = () => Promise.resolve(from)
    this.#at = from.iteration
  }

  keep(): void {
    this.#keeps = true
    this.#keptAt = this.#at
  }

  back(): void {
    this.#at = this.#keptAt
    if (!this.#keeps) for (const tile of this.#tiles) tile.back()
  }

  advance(to: number): Promise<Advance> {
    return this.#surely(async () => {
      await this.#fill()
      const replays = this.#keeps
      if (this.#keeps) for (const tile of this.#tiles) tile.keep()
      this.#keeps = false
      const count = this.#stretch(to, replays)
      const start = now()
      const isFirst = this.#at === 0
      // all tiles are under way before the first is waited for
      const losses = await Promise.all(this.#tiles.map((tile) => tile.run(count, isFirst)))
      // the first stretch also compiles
      this.#pace = isFirst ? Number.POSITIVE_INFINITY : (now() - start) / count
      this.#report(losses, count)
      return this.#advance
    })
  }

  /** Says which adapter an error is of, and whether it was lost: all else is a consequence. */
  async #surely<T>(what: () => Promise<T>): Promise<T> {
    try {
      return await what()
    } catch (error) {
      if (!this.#isClosed) this.#device.fail(error as Error)
      const why = this.#device.lost ?? (error as Error).message
      throw new Error(`device: ${this.backend} (${this.adapter}) failed: ${why}`, { cause: error })
    }
  }

  /** How many iterations to run; no bit of the result depends on it. */
  #stretch(to: number, replays: boolean): number {
    const growing = replays ? Math.max(FIRST_STRETCH, this.#at >> 3) : STRETCH
    const frames = this.#problem.batch * this.#problem.time
    const { nBins, nBands } = this.#tiles[0]!.sizes
    const isNew = this.#pace === Number.POSITIVE_INFINITY
    const few = isNew ? Math.min(FIRST_STRETCH, FIRST_WORK / (frames * (nBins + nBands))) : STRETCH_MS / this.#pace
    return Math.min(Math.ceil(Math.min(growing, few, LOSS_VALUES / frames, STRETCH)), to - this.#at)
  }

  #report(losses: Float32Array[], count: number): void {
    const advance = this.#advance
    for (let i = 0; i < count; i++) {
      let total = 0
      for (const [n, { sizes }] of this.#tiles.entries()) total = addBlocks(total, losses[n]!, i, sizes.frames)
      advance.iteration[i] = this.#at + 1 + i
      advance.loss[i] = total / (this.#problem.batch * this.#problem.time)
    }
    this.#at += count
    advance.at = this.#at
    advance.count = count
  }

  state(into: State): Promise<boolean> {
    return this.#surely(async () => {
      await this.#fill()
      await readTiles(this.#tiles, this.#problem.time, into)
      into.iteration = this.#at
      return true
    })
  }

  async #fill(): Promise<void> {
    if (!this.#start) return
    const state = await this.#start()
    await fillTiles(this.#tiles, this.#problem, state)
    this.#start = undefined
  }

  close(): void {
    this.#isClosed = true
    for (const tile of this.#tiles) tile.close()
    this.#device.release()
  }
}
