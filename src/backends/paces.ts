/** The paces of the backends here, each measured once. */
import type { FilterbankSpec, Problem, Session } from '../backend.ts'
import { type Adapter, nameOf, openOn } from './adapters.ts'
import { MEASURED, measurePace, type Pace } from './pace.ts'
import type { WasmBackend } from './wasm/backend.ts'

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

/** A backend of one thread: handed in, as the part for GPUs has none of its own. */
export type NewCpu = (spec: FilterbankSpec) => WasmBackend

/** Of one thread. */
export function paceOfCpu(newCpu: NewCpu): Promise<Pace> {
  const cpu = newCpu(MEASURED)
  return once('cpu', () =>
    measurePace((problem: Problem) => cpu.open(problem, { maxIter: 1, isSync: true }) as Session),
  )
}

export function paceOf(adapter: Adapter, newCpu: NewCpu): Promise<Pace> {
  const cpu = newCpu(MEASURED)
  return once(nameOf(adapter), () => measurePace((problem) => openOn(adapter, MEASURED, cpu, problem)))
}

/** Whether an adapter computes on the CPU: by its name, else by its pace. */
export async function isSoftware(adapter: Adapter, newCpu: NewCpu): Promise<boolean> {
  return adapter.isSoftware ?? (await paceOf(adapter, newCpu)).value > SOFTWARE_PACE
}
