/** The choice among the backends: the only place that knows them. */
import type { Backend, FilterbankSpec, Projection, Workers } from '../backend.ts'
import type { Stft, StftSpec } from '../stft.ts'
import { WasmBackend } from './wasm/backend.ts'
import { WasmProjection } from './wasm/projection.ts'
import { WasmStft } from './wasm/stft.ts'

export type { Threads, Workers } from '../backend.ts'

export type Device = 'auto' | 'cpu'

export function chooseBackend(spec: FilterbankSpec, workers: Workers): Backend {
  return new WasmBackend(spec, workers)
}

export function chooseProjection(spec: FilterbankSpec): Projection {
  return new WasmProjection(spec)
}

export function chooseStft(spec: StftSpec): Stft {
  return new WasmStft(spec)
}

export { barkToHz, hzToBark } from './wasm/scales.ts'
