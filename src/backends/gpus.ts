/**
 * GPUs for whoever wants one: which to take, and what there is. It is loaded, with all that it needs, when one is looked
 * for, and by nothing else.
 */
import type { FilterbankSpec, Problem, Run, Session, State } from '../backend.ts'
import { type Adapter, findGpus, forgetGpu, nameOf, openOn } from './adapters.ts'
import type { DeviceInfo } from './devices.ts'
import { FallbackSession } from './fallback-session.ts'
import { predict } from './pace.ts'
import { isSoftware, type NewCpu, paceOf, paceOfCpu } from './paces.ts'
import type { WasmBackend } from './wasm/backend.ts'

/** What is asked of the place before a choice is made. */
export interface Scout {
  findGpus: typeof findGpus
  isSoftware: typeof isSoftware
  paceOf: typeof paceOf
  paceOfCpu: typeof paceOfCpu
  openOn: typeof openOn
}
const SCOUT: Scout = { findGpus, isSoftware, paceOf, paceOfCpu, openOn }

/** How long a run of some length should take on the CPU. */
interface Race {
  values: number
  iterations: number
  cpuMs: number
}

export class GpuChoice {
  readonly #spec: FilterbankSpec
  readonly #cpu: WasmBackend
  readonly #newCpu: NewCpu
  readonly #scout: Scout

  constructor(spec: FilterbankSpec, cpu: WasmBackend, newCpu: NewCpu, scout: Scout = SCOUT) {
    this.#spec = spec
    this.#cpu = cpu
    this.#newCpu = newCpu
    this.#scout = scout
  }

  /** The first adapter that works. */
  async openGpu(problem: Problem): Promise<Session> {
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
  async openBetter(problem: Problem, run: Run, values: number, iterations: number): Promise<Session> {
    const reasons: string[] = []
    const pace = await this.#scout.paceOfCpu(this.#newCpu)
    const threads = this.#cpu.threadsFor(problem, run)
    const gears = this.#cpu.gearsFor(problem, run)
    const lengths = gears.jumpFrom < run.maxIter ? [iterations, run.maxIter] : [iterations]
    const race = lengths.map((count) => ({
      values,
      iterations: count,
      cpuMs: predict(pace, values, this.#cpu.plainlyWorth(count, gears)) / threads,
    }))
    const { adapters, failures } = await this.#scout.findGpus()
    for (const { backend, why } of failures) reasons.push(`${backend}: ${why}`)
    for (const adapter of adapters) {
      try {
        const against = await this.#against(adapter, race)
        if (against === undefined) return await this.#openGuarded(adapter, problem, run, reasons)
        reasons.push(`${nameOf(adapter)}: ${against}`)
      } catch (error) {
        forgetGpu(adapter)
        reasons.push(`${nameOf(adapter)}: ${(error as Error).message}`)
      }
    }
    return await this.#cpu.open(problem, { ...run, why: reasons.join('; ') })
  }

  /** What speaks against an adapter; it has to win at every length that the run may have. */
  async #against(adapter: Adapter, race: Race[]): Promise<string | undefined> {
    if (await this.#scout.isSoftware(adapter, this.#newCpu)) return 'a program, not a GPU'
    const pace = await this.#scout.paceOf(adapter, this.#newCpu)
    for (const { values, iterations, cpuMs } of race) {
      const gpuMs = predict(pace, values, iterations)
      if (gpuMs >= cpuMs) return `${told(gpuMs)} expected, ${told(cpuMs)} on the CPU`
    }
    return undefined
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
    // a GPU steps plainly, and what goes on after it gives the same bits
    const plainly: Run = { ...run, stepping: 'plain' }
    return new FallbackSession(session, { open: () => this.#cpu.open(problem, plainly), newState })
  }
}

/** Every GPU that there is, and why there is none. */
export async function listGpus(newCpu: NewCpu): Promise<DeviceInfo[]> {
  const { adapters, failures } = await findGpus()
  const devices: DeviceInfo[] = []
  for (const adapter of adapters) {
    const { backend, name } = adapter
    try {
      const software = await isSoftware(adapter, newCpu)
      devices.push({ device: 'gpu', backend, isAvailable: true, adapter: name, isSoftware: software })
    } catch (error) {
      devices.push({ device: 'gpu', backend, isAvailable: false, adapter: name, why: (error as Error).message })
    }
  }
  for (const { backend, why } of failures) devices.push({ device: 'gpu', backend, isAvailable: false, why })
  return devices
}

function told(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`
}
