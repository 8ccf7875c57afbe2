import type { Awaitable, Placement } from '../../backend.ts'
import type { JointProblem, JointSession, JointSolver, JointSpec } from '../../joint.ts'
import { cores, MOST_THREADS } from './cores.ts'
import { jointCrew } from './joint-crew.ts'
import type { JointAnswer, JointJob, JointRemote } from './joint-jobs.ts'
import { JointPoolSession } from './joint-pool.ts'
import { JointRoom } from './joint-room.ts'
import { LocalJointSession } from './joint-session.ts'
import { Pool } from './pool.ts'
import { Spare } from './spare.ts'

/** Frames times bins times iterations from which on `'auto'` takes more than one thread: about 0.2 s on one. */
const WORK = 3e7
/** Frames that a thread is worth. */
const LEAST_FRAMES = 128

/** From bands to sound in WebAssembly, on the calling thread or on a pool of workers. */
export class WasmJoint implements JointSolver {
  readonly window: Float32Array
  readonly emptyBands: number
  readonly #spec: JointSpec
  readonly #where: Placement
  readonly #rooms: Spare<JointRoom>
  readonly #pool: Pool<JointJob, JointAnswer>

  constructor(spec: JointSpec, where: Placement) {
    this.#spec = spec
    this.#where = where
    this.#rooms = new Spare((onClose) => new JointRoom(spec, onClose))
    this.#pool = new Pool(jointCrew(spec), where.workerUrl)
    this.window = this.#ask(({ window }) => window)
    this.emptyBands = this.#ask(({ filterbank }) => filterbank.emptyBands)
  }

  #ask<T>(what: (room: JointRoom) => T): T {
    const room = this.#rooms.take()
    try {
      return what(room)
    } finally {
      room.close()
    }
  }

  filterbank(): Float32Array {
    return this.#ask(({ filterbank }) => filterbank.dense())
  }

  reaches(frames: number, samples: number): boolean {
    return this.#ask((room) => room.reaches(frames, samples))
  }

  open(problem: JointProblem): Awaitable<JointSession> {
    const threads = this.#threadsFor(problem)
    return threads === 1 ? this.#here(problem) : this.#onPool(problem, threads)
  }

  /** How many threads a problem is worth; decided from sizes alone. */
  #threadsFor({ items, frames }: JointProblem): number {
    const { threads } = this.#where
    const { bank, iterations } = this.#spec
    const most = Math.max(items, Math.ceil(frames / LEAST_FRAMES))
    if (threads !== 'auto') return Math.min(threads, most)
    return items * frames * bank.nBins * iterations >= WORK ? Math.min(cores(), MOST_THREADS, most) : 1
  }

  #here(problem: JointProblem, why?: string): JointSession {
    const room = this.#rooms.take()
    return new LocalJointSession(room, problem, why, () => room.close())
  }

  /** On workers; where they are refused, and were not asked for, on the calling thread, told why. */
  async #onPool(problem: JointProblem, threads: number): Promise<JointSession> {
    let remotes: JointRemote[]
    try {
      remotes = await this.#pool.take(threads)
    } catch (error) {
      if (this.#where.threads !== 'auto') throw error
      return this.#here(problem, (error as Error).message)
    }
    const room = this.#rooms.take()
    return new JointPoolSession(
      room,
      problem,
      remotes,
      () => this.#pool.nextSession(),
      () => room.close(),
    )
  }

  dispose(): void {
    this.#pool.dispose()
    this.#rooms.drop()
  }
}
