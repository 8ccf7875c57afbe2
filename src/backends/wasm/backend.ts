import type {
  Awaitable,
  Backend,
  Bank,
  ExactProblem,
  ExactSession,
  FilterbankSpec,
  Gears,
  Problem,
  Run,
  Session,
  Threads,
  Workers,
} from '../../backend.ts'
import { cores, MOST_THREADS } from './cores.ts'
import { blockFrames, FRAMES } from './exact-frames.ts'
import { ExactPoolSession } from './exact-pool.ts'
import { WasmExactSession } from './exact-session.ts'
import { BLOCK, type Frames } from './frames.ts'
import { chooseGears, plainlyWorth } from './gears.ts'
import type { Answer, Job, SolveRemote } from './jobs.ts'
import { Pool } from './pool.ts'
import { PoolSession } from './pool-session.ts'
import { WasmSession } from './session.ts'
import { solveCrew } from './solve-crew.ts'
import { Spare } from './spare.ts'

/**
 * Work from which on `'auto'` takes more than one thread: bins and bands times frames times iterations, of which 500 are
 * sure enough to come. Measured on two cores: 1e8 take 23 ms on one thread; two workers that run are even with it at
 * 1.3e8, and two that have to be started, which takes 40 ms once, at 6e8.
 */
const WORK = 2e8
export const SURE_ITERATIONS = 500

/** The same for an exact solver, in bins and bands times frames: 0.3 s on one thread. */
const EXACT_WORK = 2e7

/** The WebAssembly core, on the calling thread or on a pool of workers. */
export class WasmBackend implements Backend {
  readonly bank: Bank
  readonly #spec: FilterbankSpec
  readonly #threads: Threads
  readonly #pool: Pool<Job, Answer>
  readonly #sessions: Spare<WasmSession>
  readonly #exact: Spare<WasmExactSession>
  /** On the eigenvalues of F^T F. */
  readonly #bound: number

  constructor(spec: FilterbankSpec, { threads, workerUrl }: Workers) {
    this.#spec = spec
    this.#threads = threads
    this.#pool = new Pool(solveCrew(spec), workerUrl)
    this.#sessions = new Spare((onClose) => new WasmSession(spec, onClose))
    this.#exact = new Spare((onClose) => new WasmExactSession(spec, onClose))
    this.bank = {
      emptyBands: this.#ask(({ bank }) => bank.emptyBands),
      dense: () => this.#ask(({ bank }) => bank.dense()),
      compact: () => this.#ask(({ bank }) => bank.compact()),
    }
    this.#bound = this.#ask(({ bound }) => bound)
  }

  #ask<T>(what: (frames: Frames) => T): T {
    const session = this.#sessions.take()
    try {
      return what(session.frames)
    } finally {
      session.close()
    }
  }

  open(problem: Problem, run: Run): Awaitable<Session> {
    const threads = this.threadsFor(problem, run)
    const gears = this.gearsFor(problem, run)
    const { why } = run
    if (threads === 1) return this.#openHere(problem, gears, why)
    return this.#onPool<Session>(
      threads,
      (remotes) => new PoolSession(this.#spec, problem, gears, remotes, this.#pool.nextSession(), why),
      (refusal) => this.#openHere(problem, gears, why === undefined ? refusal : `${why}; ${refusal}`),
    )
  }

  /** How a run is stepped; decided from sizes and arguments alone. */
  gearsFor(problem: Problem, run: Run): Gears {
    return chooseGears(problem, run, this.#spec, this.#bound)
  }

  /** Plain iterations that take as long as `count` in these gears. */
  plainlyWorth(count: number, gears: Gears): number {
    return plainlyWorth(count, gears)
  }

  /** How many threads a run is worth; decided from sizes alone. */
  threadsFor({ batch, time }: Problem, { maxIter, isSync }: Run): number {
    const frames = batch * time
    const work = frames * (this.#spec.nBins + this.#spec.nBands) * Math.min(maxIter, SURE_ITERATIONS)
    return this.#threadsFor(Math.ceil(frames / BLOCK), work >= WORK, isSync)
  }

  /** The same for so many blocks, which are or are not worth more than one thread. */
  #threadsFor(blocks: number, isWorthIt: boolean, isSync: boolean): number {
    if (isSync) return 1
    if (this.#threads !== 'auto') return Math.min(this.#threads, blocks)
    return isWorthIt ? Math.min(cores(), MOST_THREADS, blocks) : 1
  }

  #openHere(problem: Problem, gears: Gears, why?: string): Session {
    const session = this.#sessions.take()
    try {
      session.begin(problem, gears, why)
    } catch (error) {
      session.close()
      throw error
    }
    return session
  }

  openExact(problem: ExactProblem, { isSync }: { isSync: boolean }): Awaitable<ExactSession> {
    const frames = problem.batch * problem.time
    const work = frames * (this.#spec.nBins + this.#spec.nBands)
    const blocks = Math.ceil(frames / blockFrames(this.#spec, FRAMES))
    const threads = this.#threadsFor(blocks, work >= EXACT_WORK, isSync)
    const here = (why?: string): ExactSession => {
      const session = this.#exact.take()
      session.begin(problem, why)
      return session
    }
    if (threads === 1) return here()
    return this.#onPool(threads, (remotes) => new ExactPoolSession(this.#spec, problem, remotes), here)
  }

  /** A session on workers; where they are refused, and were not asked for, one on the calling thread, told why. */
  async #onPool<S>(threads: number, there: (remotes: SolveRemote[]) => S, here: (why: string) => S): Promise<S> {
    try {
      return there(await this.#pool.take(threads))
    } catch (error) {
      if (this.#threads !== 'auto') throw error
      return here((error as Error).message)
    }
  }

  dispose(): void {
    this.#pool.dispose()
    this.#sessions.drop()
    this.#exact.drop()
  }
}
