/** The choice among the backends: this file and auto.ts are the only ones that know them. */
import type { Backend, Device, FilterbankSpec, Placement, Projection } from '../backend.ts'
import type { JointSolver, JointSpec } from '../joint.ts'
import type { GriffinLimSolver, GriffinLimSpec, Istft, IstftSpec, Stft, StftSpec } from '../stft.ts'
import type { Stream, StreamSpec } from '../stream.ts'
import { AutoBackend } from './auto.ts'
import { WasmBackend } from './wasm/backend.ts'
import { WasmGriffinLim } from './wasm/griffin-lim.ts'
import { WasmIstft } from './wasm/istft.ts'
import { WasmJoint } from './wasm/joint.ts'
import { WasmProjection } from './wasm/projection.ts'
import { WasmStft } from './wasm/stft.ts'
import { WasmStream } from './wasm/stream.ts'

export type { Device, Placement, Threads } from '../backend.ts'
export { availableDevices, type DeviceInfo } from './devices.ts'

export function chooseBackend(spec: FilterbankSpec, where: Placement): Backend {
  const cpu = new WasmBackend(spec, where)
  return where.device === 'cpu' ? cpu : new AutoBackend(spec, cpu, where.device)
}

/**
 * For what only the CPU can do: why it is done there, where a GPU would have been thought of.
 * @throws RangeError where a GPU was asked for
 */
export function cpuOnly(device: Device, what: string): string | undefined {
  if (device === 'gpu') {
    throw new RangeError(`device: ${what} runs on the CPU only; expected "auto" or "cpu", got "gpu"`)
  }
  return device === 'auto' ? `${what} runs on the CPU only` : undefined
}

export function chooseProjection(spec: FilterbankSpec): Projection {
  return new WasmProjection(spec)
}

export function chooseStft(spec: StftSpec): Stft {
  return new WasmStft(spec)
}

export function chooseIstft(spec: IstftSpec): Istft {
  return new WasmIstft(spec)
}

export function chooseGriffinLim(spec: GriffinLimSpec): GriffinLimSolver {
  return new WasmGriffinLim(spec)
}

export function chooseJoint(spec: JointSpec, where: Placement): JointSolver {
  return new WasmJoint(spec, where)
}

export function chooseStream(spec: StreamSpec): Stream {
  return new WasmStream(spec)
}

export { barkToHz, hzToBark } from './wasm/scales.ts'
