/** A GPU where one is asked for, or where it should win; else the CPU. */
import type {
  Awaitable,
  Backend,
  Bank,
  Device,
  ExactProblem,
  ExactSession,
  FilterbankSpec,
  Problem,
  Run,
  Session,
  State,
} from '../backend.ts'
import { FallbackSession } from './fallback-session.ts'
import { type Adapter, findGpus, forgetGpu, nameOf, openOn } from './gpus.ts'
import { predict } from './pace.ts'
import { isSoftware, paceOf, paceOfCpu } from './paces.ts'
import { SURE_ITERATIONS, type WasmBackend } from './wasm/backend.ts'

/**
 * Work from which on a GPU is thought of: bins and bands times frames times iterations, as far as these are sure to come.
 * The CPU takes half a second for it (2.3e-10 s a value, measured on one core), about what it takes to load what a GPU
 * needs, to open it, and to find out how fast it is.
 */
const WORK = 2e9

/** What is asked of the place before a choice is made. */
export interface Scout {
  findGpus: typeof findGpus
  isSoftware: typeof isSoftware
  paceOf: typeof paceOf
  paceOfCpu: typeof paceOfCpu
  openOn: typeof openOn
}
const SCOUT: Scout = { findGpus, isSoftware, paceOf, paceOfCpu, openOn }

export class AutoBackend implements Backend {
  readonly bank: Bank
  readonly #spec: FilterbankSpec
  readonly #cpu: WasmBackend
  readonly #device: Device
  readonly #scout: Scout

  constructor(spec: FilterbankSpec, cpu: WasmBackend, device: Device, scout: Scout = SCOUT) {
    this.#scout = scout
    this.bank = cpu.bank
    this.#spec = spec
    this.#cpu = cpu
    this.#device = device
  }

  open(problem: Problem, run: Run): Awaitable<Session> {
    if (this.#device === 'gpu') {
      if (run.isSync) throw new RangeError('device: solveSync computes on the CPU; expected "auto" or "cpu", got "gpu"')
      return this.#openGpu(problem)
    }
    const values = problem.batch * problem.time * (this.#spec.nBins + this.#spec.nBands)
    const iterations = Math.min(run.maxIter, SURE_ITERATIONS)
    if (run.isSync || values * iterations < WORK) return this.#cpu.open(problem, run)
    return this.#openBetter(problem, run, values, iterations)
  }

  /** Only the CPU has exact solvers. */
  openExact(problem: ExactProblem, run: { isSync: boolean }): Awaitable<ExactSession> {
    return this.#cpu.openExact(problem, run)
  }

  /** The first adapter that works. */
  async #openGpu(problem: Problem): Promise<Session> {
    const { adapters, failures } = await this.#scout.findGpus()
    const reasons = failures.map(({ backend, why }) => `${backend}: ${why}`)
    for (const adapter of adapters) {
      try {
        return await this.#scout.openOn(adapter, this.#spec, this.#cpu, problem, reasons.join('; '))
      } catch (error) {
        forgetGpu(adapter)
        reasons.push(`${nameOf(adapter)}: ${(error as Error).message}`)
      }
    }
    throw new Error(`device: expected a GPU that works, got none: ${reasons.join('; ')}`)
  }

  /** The first real adapter that should be done before the CPU, or the CPU with the reasons against each. */
  async #openBetter(problem: Problem, run: Run, values: number, iterations: number): Promise<Session> {
    const reasons: string[] = []
    const cpuMs = predict(await this.#scout.paceOfCpu(), values, iterations) / this.#cpu.threadsFor(problem, run)
    const { adapters, failures } = await this.#scout.findGpus()
    for (const { backend, why } of failures) reasons.push(`${backend}: ${why}`)
    for (const adapter of adapters) {
      try {
        const against = await this.#against(adapter, cpuMs, values, iterations)
        if (against === undefined) return await this.#openGuarded(adapter, problem, run, reasons)
        reasons.push(`${nameOf(adapter)}: ${against}`)
      } catch (error) {
        forgetGpu(adapter)
        reasons.push(`${nameOf(adapter)}: ${(error as Error).message}`)
      }
    }
    return await this.#cpu.open(problem, { ...run, why: reasons.join('; ') })
  }

  async #against(adapter: Adapter, cpuMs: number, values: number, iterations: number): Promise<string | undefined> {
    if (await this.#scout.isSoftware(adapter)) return 'a program, not a GPU'
    const gpuMs = predict(await this.#scout.paceOf(adapter), values, iterations)
    return gpuMs < cpuMs ? undefined : `${told(gpuMs)} expected, ${told(cpuMs)} on the CPU`
  }

  /** A session on a GPU with the CPU behind it. */
  async #openGuarded(adapter: Adapter, problem: Problem, run: Run, reasons: string[]): Promise<Session> {
    const session = await this.#scout.openOn(adapter, this.#spec, this.#cpu, problem, reasons.join('; '))
    const { batch, time, sgd } = problem
    const { nBins, nBands } = this.#spec
    const rows = Math.fround(sgd.weightDecay) > 0 ? nBins : nBands
    const newState = (): State => ({
      iteration: 0,
      spectrogram: new Float32Array(batch * nBins * time),
      momentum: new Float32Array(batch * rows * time),
    })
    return new FallbackSession(session, { open: () => this.#cpu.open(problem, run), newState })
  }

  dispose(): void {
    this.#cpu.dispose()
  }
}

function told(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`
}
