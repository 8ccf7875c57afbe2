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
import { blockFrames } from './exact-frames.ts'
import { ExactPoolSession } from './exact-pool.ts'
import { WasmExactSession } from './exact-session.ts'
import { BLOCK } from './frames.ts'
import { chooseGears } from './gears.ts'
import { Pool } from './pool.ts'
import { PoolSession } from './pool-session.ts'
import { WasmSession } from './session.ts'

/** Most threads that `'auto'` takes. */
const MOST_THREADS = 16
/**
 * Work from which on `'auto'` takes more than one thread: bins and bands times frames times iterations, of which 500 are
 * sure enough to come. Measured on two cores: 1e8 take 23 ms on one thread; two workers that run are even with it at
 * 1.3e8, and two that have to be started, which takes 40 ms once, at 6e8.
 */
const WORK = 2e8
const SURE_ITERATIONS = 500

/** The same for an exact solver, in bins and bands times frames: 0.3 s on one thread. */
const EXACT_WORK = 2e7

/** The WebAssembly core, on the calling thread or on a pool of workers. */
export class WasmBackend implements Backend {
  readonly device = 'cpu'
  readonly name = 'wasm'
  readonly bank: Bank
  readonly #spec: FilterbankSpec
  readonly #threads: Threads
  readonly #pool: Pool
  /** On the eigenvalues of F^T F. */
  readonly #bound: number
  /** A session between two solves, with its memory. */
  #idle: WasmSession | undefined
  #idleExact: WasmExactSession | undefined
  /** Counts the calls of `dispose`: a session that was begun before the last one is let go when it ends. */
  #age = 0

  constructor(spec: FilterbankSpec, { threads, workerUrl }: Workers) {
    this.#spec = spec
    this.#threads = threads
    this.#pool = new Pool(spec, workerUrl)
    this.#idle = this.#create()
    const { emptyBands, bound } = this.#idle.frames.bank
    this.#bound = bound
    this.bank = { emptyBands, dense: () => this.#dense() }
  }

  #dense(): Float32Array {
    const session = this.#take()
    try {
      return session.frames.bank.dense()
    } finally {
      session.close()
    }
  }

  open(problem: Problem, run: Run): Awaitable<Session> {
    const threads = this.#choose(problem, run)
    const gears = chooseGears(problem, run, this.#spec, this.#bound)
    return threads > 1 ? this.#openPool(problem, gears, threads) : this.#openHere(problem, gears)
  }

  /** How many threads a run is worth; decided from sizes alone. */
  #choose({ batch, time }: Problem, { maxIter, isSync }: Run): number {
    const frames = batch * time
    const blocks = Math.ceil(frames / BLOCK)
    if (isSync || this.#threads === 1) return 1
    if (this.#threads !== 'auto') return Math.min(this.#threads, blocks)
    const work = frames * (this.#spec.nBins + this.#spec.nBands) * Math.min(maxIter, SURE_ITERATIONS)
    if (work < WORK) return 1
    return Math.min(cores(), MOST_THREADS, blocks)
  }

  #openHere(problem: Problem, gears: Gears, why?: string): Session {
    const session = this.#take()
    try {
      session.begin(problem, gears, why)
    } catch (error) {
      session.close()
      throw error
    }
    return session
  }

  openExact(problem: ExactProblem, { isSync }: { isSync: boolean }): Awaitable<ExactSession> {
    const threads = isSync ? 1 : this.#chooseExact(problem)
    return threads > 1 ? this.#openExactPool(problem, threads) : this.#openExactHere(problem)
  }

  #chooseExact({ batch, time }: ExactProblem): number {
    const { nBins, nBands } = this.#spec
    const blocks = Math.ceil((batch * time) / blockFrames(this.#spec))
    if (this.#threads !== 'auto') return Math.min(this.#threads, blocks)
    if (batch * time * (nBins + nBands) < EXACT_WORK) return 1
    return Math.min(cores(), MOST_THREADS, blocks)
  }

  #openExactHere(problem: ExactProblem, why?: string): ExactSession {
    const age = this.#age
    const session =
      this.#idleExact ??
      new WasmExactSession(this.#spec, (ended) => {
        if (age === this.#age) this.#idleExact = ended
      })
    this.#idleExact = undefined
    session.begin(problem, why)
    return session
  }

  async #openExactPool(problem: ExactProblem, threads: number): Promise<ExactSession> {
    try {
      return new ExactPoolSession(this.#spec, problem, await this.#pool.take(threads))
    } catch (error) {
      if (this.#threads !== 'auto') throw error
      return this.#openExactHere(problem, (error as Error).message)
    }
  }

  async #openPool(problem: Problem, gears: Gears, threads: number): Promise<Session> {
    try {
      const remotes = await this.#pool.take(threads)
      return new PoolSession(this.#spec, problem, gears, remotes, this.#pool.nextSession())
    } catch (error) {
      if (this.#threads !== 'auto') throw error
      return this.#openHere(problem, gears, (error as Error).message)
    }
  }

  dispose(): void {
    this.#pool.dispose()
    this.#idle = undefined
    this.#idleExact = undefined
    this.#age++
  }

  #take(): WasmSession {
    const session = this.#idle ?? this.#create()
    this.#idle = undefined
    return session
  }

  #create(): WasmSession {
    const age = this.#age
    return new WasmSession(this.#spec, (session) => {
      if (age === this.#age) this.#idle = session
    })
  }
}

type Host = {
  navigator?: { hardwareConcurrency?: number }
  process?: { getBuiltinModule?(name: string): { availableParallelism?(): number } | undefined }
}

/** Threads that run at a time here. Node 20 has no `navigator`. */
function cores(): number {
  const host = globalThis as Host
  return (
    host.navigator?.hardwareConcurrency ?? host.process?.getBuiltinModule?.('node:os')?.availableParallelism?.() ?? 1
  )
}
