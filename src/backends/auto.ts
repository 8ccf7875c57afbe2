/** A GPU where one is asked for, or where the work is large enough to look for one; else the CPU. */
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
} from '../backend.ts'
import type { GpuChoice } from './gpus.ts'
import { SURE_ITERATIONS, WasmBackend } from './wasm/backend.ts'

/**
 * Work from which on a GPU is thought of: bins and bands times frames times iterations, as far as these are sure to come.
 * The CPU takes half a second for it (2.3e-10 s a value, measured on one core), about what it takes to load what a GPU
 * needs, to open it, and to find out how fast it is.
 */
const WORK = 2e9

export const newCpu = (spec: FilterbankSpec): WasmBackend => new WasmBackend(spec, { threads: 1, workerUrl: undefined })

type Load = (spec: FilterbankSpec, cpu: WasmBackend) => Promise<GpuChoice>

const load: Load = async (spec, cpu) => {
  const { GpuChoice } = await import('./gpus.ts')
  return new GpuChoice(spec, cpu, newCpu)
}

export class AutoBackend implements Backend {
  readonly bank: Bank
  readonly #spec: FilterbankSpec
  readonly #cpu: WasmBackend
  readonly #device: Device
  readonly #load: Load

  constructor(spec: FilterbankSpec, cpu: WasmBackend, device: Device, loadGpus: Load = load) {
    this.bank = cpu.bank
    this.#spec = spec
    this.#cpu = cpu
    this.#device = device
    this.#load = loadGpus
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

  async #openGpu(problem: Problem): Promise<Session> {
    const choice = await this.#load(this.#spec, this.#cpu).catch((error: Error) => {
      throw new Error(`device: expected a GPU that works, got none: ${error.message}`)
    })
    return choice.openGpu(problem)
  }

  async #openBetter(problem: Problem, run: Run, values: number, iterations: number): Promise<Session> {
    let choice: GpuChoice
    try {
      choice = await this.#load(this.#spec, this.#cpu)
    } catch (error) {
      return this.#cpu.open(problem, { ...run, why: `gpu: ${(error as Error).message}` })
    }
    return choice.openBetter(problem, run, values, iterations)
  }

  /** Only the CPU has exact solvers. */
  openExact(problem: ExactProblem, run: { isSync: boolean }): Awaitable<ExactSession> {
    return this.#cpu.openExact(problem, run)
  }

  dispose(): void {
    this.#cpu.dispose()
  }
}
