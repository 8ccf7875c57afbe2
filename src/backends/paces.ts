/** The paces of the backends here, each measured once. */
import type { Problem, Session } from '../backend.ts'
import { type Adapter, nameOf, openOn } from './gpus.ts'
import { MEASURED, measurePace, type Pace } from './pace.ts'
import { WasmBackend } from './wasm/backend.ts'

/** Milliseconds a value from which on a GPU without a telling name is a program: real ones take under 1e-6. */
const SOFTWARE_PACE = 5e-6

const measured = new Map<string, Promise<Pace>>()

/** A measurement that fails is forgotten. */
function once(name: string, measure: () => Promise<Pace>): Promise<Pace> {
  let pace = measured.get(name)
  if (!pace) {
    pace = measure()
    pace.catch(() => measured.delete(name))
    measured.set(name, pace)
  }
  return pace
}

const newCpu = (): WasmBackend => new WasmBackend(MEASURED, { threads: 1, workerUrl: undefined })

/** Of one thread. */
export function paceOfCpu(): Promise<Pace> {
  const cpu = newCpu()
  return once('cpu', () =>
    measurePace((problem: Problem) => cpu.open(problem, { maxIter: 1, isSync: true }) as Session),
  )
}

export function paceOf(adapter: Adapter): Promise<Pace> {
  const cpu = newCpu()
  return once(nameOf(adapter), () => measurePace((problem) => openOn(adapter, MEASURED, cpu, problem)))
}

/** Whether an adapter computes on the CPU: by its name, else by its pace. */
export async function isSoftware(adapter: Adapter): Promise<boolean> {
  return adapter.isSoftware ?? (await paceOf(adapter)).value > SOFTWARE_PACE
}
