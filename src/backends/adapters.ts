/** The GPUs that there are. */
import type { FilterbankSpec, Problem, Session, State } from '../backend.ts'
import { type Adapter, find, openSession } from './gpu/gpu.ts'
import type { WasmBackend } from './wasm/backend.ts'

export type { Adapter } from './gpu/gpu.ts'

export interface Found {
  adapters: Adapter[]
  /** Why a backend has none, by its name. */
  failures: { backend: 'webgpu' | 'webgl2'; why: string }[]
}

/** What there was when it was looked for; looking again would make a browser complain again. */
const known = new Map<string, Promise<Adapter>>()

const BACKENDS = ['webgpu', 'webgl2'] as const

/** Every backend's adapter, real ones first, then those that do not tell. */
export async function findGpus(): Promise<Found> {
  const found: Found = { adapters: [], failures: [] }
  for (const backend of BACKENDS) {
    const looking = known.get(backend) ?? find[backend]()
    known.set(backend, looking)
    try {
      found.adapters.push(await looking)
    } catch (error) {
      found.failures.push({ backend, why: (error as Error).message })
    }
  }
  const rank = ({ isSoftware }: Adapter): number => (isSoftware === undefined ? 1 : isSoftware ? 2 : 0)
  found.adapters.sort((a, b) => rank(a) - rank(b))
  return found
}

export function nameOf({ backend, name }: Adapter): string {
  return `${backend} (${name})`
}

/** Forgets an adapter that has failed. */
export function forgetGpu({ backend }: Adapter): void {
  known.delete(backend)
}

/**
 * A session on an adapter, with the bank and the random start of the CPU's.
 * @param why what was looked for before, and why it is not used
 */
export function openOn(
  adapter: Adapter,
  spec: FilterbankSpec,
  cpu: WasmBackend,
  problem: Problem,
  why?: string,
): Promise<Session> {
  const start = async (): Promise<State> => {
    const session = (await cpu.open(problem, { maxIter: 0, isSync: true })) as Session
    const state = { iteration: 0, spectrogram: problem.spectrogram }
    try {
      while (!(await session.state(state)));
    } finally {
      session.close()
    }
    return state
  }
  return openSession(adapter, spec, cpu.bank.compact(), problem, start, why)
}
