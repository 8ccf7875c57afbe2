import { newCpu } from './auto.ts'

/** Something that can compute, or why it cannot. */
export interface DeviceInfo {
  device: 'cpu' | 'gpu'
  backend: 'wasm' | 'webgl2' | 'webgpu'
  isAvailable: boolean
  /** What a GPU's adapter calls itself. */
  adapter?: string
  /** Whether the adapter is a program that imitates a GPU; `device: 'auto'` takes none of these. */
  isSoftware?: boolean
  /** Why it is not available. */
  why?: string
}

/**
 * What there is to compute with, and why something is missing. Loads what GPUs need; where an adapter's name does not
 * tell whether it is real, a measurement of less than a second does.
 */
export async function availableDevices(): Promise<DeviceInfo[]> {
  const cpu: DeviceInfo = { device: 'cpu', backend: 'wasm', isAvailable: true }
  const { listGpus } = await import('./gpus.ts')
  return [cpu, ...(await listGpus(newCpu))]
}
