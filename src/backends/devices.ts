import { findGpus } from './gpus.ts'
import { isSoftware } from './paces.ts'

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
  const devices: DeviceInfo[] = [{ device: 'cpu', backend: 'wasm', isAvailable: true }]
  const { adapters, failures } = await findGpus()
  for (const adapter of adapters) {
    const { backend, name } = adapter
    try {
      const software = await isSoftware(adapter)
      devices.push({ device: 'gpu', backend, isAvailable: true, adapter: name, isSoftware: software })
    } catch (error) {
      devices.push({ device: 'gpu', backend, isAvailable: false, adapter: name, why: (error as Error).message })
    }
  }
  for (const { backend, why } of failures) devices.push({ device: 'gpu', backend, isAvailable: false, why })
  return devices
}
