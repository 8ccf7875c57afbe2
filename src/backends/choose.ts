/** The choice among the backends: the only place that knows them. */
import type { Backend, FilterbankSpec, Projection } from '../backend.ts'
import { WasmBackend } from './wasm/backend.ts'
import { WasmProjection } from './wasm/projection.ts'

export type Device = 'auto' | 'cpu'
export type Threads = 'auto' | 1

export function chooseBackend(spec: FilterbankSpec): Backend {
  return new WasmBackend(spec)
}

export function chooseProjection(spec: FilterbankSpec): Projection {
  return new WasmProjection(spec)
}
