/** WebGPU: an adapter and its device, in browsers and Deno by themselves, in Node and Bun by the package `webgpu`. */
import { type Compiler, gpuCompiler } from './gpu-js.ts'
import { Patience } from './patience.ts'
import type { Adapter, Device, Shared, Tile } from './tile.ts'
import { OUT_OF_MEMORY, WebGpuTile } from './webgpu-tile.ts'

/** Frames of a workgroup, at least. */
const WORKGROUP = 8

/** Whether it is the package `webgpu`. */
let isPackage = false

type Host = { process?: { versions?: { node?: string } } }

/** `navigator.gpu`, or what stands for it. Node 20 has no `navigator`. */
async function entry(): Promise<GPU> {
  if (globalThis.navigator?.gpu) return navigator.gpu
  if (!(globalThis as Host).process?.versions?.node) throw new Error('there is no WebGPU here')
  // not in words, so that no bundler looks for a package that need not be there
  const name = 'webgpu'
  try {
    const { create } = await import(/* @vite-ignore */ /* webpackIgnore: true */ name)
    isPackage = true
    return create([])
  } catch (error) {
    throw new Error(`the package webgpu cannot be used: ${(error as Error).message.split('\n')[0]}`)
  }
}

/** Kept for as long as there are adapters: the devices of `webgpu` end with what made them. */
let gpu: GPU | undefined

export async function findWebGpu(): Promise<Adapter> {
  gpu ??= await entry()
  const adapter = await ask(gpu)
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info
  const name = description || [vendor, architecture, device].filter(Boolean).join(' ') || 'an adapter without a name'
  return { backend: 'webgpu', name, isSoftware: isFallbackAdapter, open: openDevice }
}

async function ask(gpu: GPU): Promise<GPUAdapter> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter) throw new Error('there is no adapter')
  return adapter
}

/** One device for all solves; another where it was lost. */
let device: Promise<WebGpuDevice> | undefined

async function openDevice(): Promise<WebGpuDevice> {
  device ??= newDevice(gpu!)
  const current = device
  const forget = (): void => {
    if (device === current) device = undefined
  }
  const open = await current.catch((error) => {
    forget()
    throw error
  })
  if (open.lost === undefined) return open
  forget()
  return openDevice()
}

async function newDevice(gpu: GPU): Promise<WebGpuDevice> {
  // an adapter gives one device only
  const adapter = await ask(gpu)
  // by default no buffer has more than 128 MB, whatever the device can do
  const { maxStorageBufferBindingSize, maxBufferSize } = adapter.limits
  const device = await adapter.requestDevice({ requiredLimits: { maxStorageBufferBindingSize, maxBufferSize } })
  return new WebGpuDevice(adapter, device)
}

class WebGpuDevice implements Device {
  readonly #device: GPUDevice
  readonly #compiler: Compiler
  #opening: Promise<unknown> = Promise.resolve()
  lost: string | undefined

  constructor(adapter: GPUAdapter, device: GPUDevice) {
    this.#device = device
    this.#compiler = gpuCompiler(adapter, device)
    device.lost.then(({ message }) => {
      this.lost = `the device was lost: ${message || 'no reason was given'}`
    })
    // what nobody waited for, such as memory that ran out: results would be zeros
    device.addEventListener('uncapturederror', (event) => {
      event.preventDefault()
      this.lost ??= event.error.message
    })
  }

  /** Deno's devices do not tell that they are lost; whatever they are asked for fails. */
  fail({ message }: Error): void {
    if (!message.startsWith(OUT_OF_MEMORY)) this.lost ??= `the device was lost, or cannot go on: ${message}`
  }

  mostFrames(rows: number): number {
    const { maxStorageBufferBindingSize, maxBufferSize, maxComputeWorkgroupsPerDimension } = this.#device.limits
    const fits = Math.floor(Math.min(maxStorageBufferBindingSize, maxBufferSize) / (4 * rows))
    return Math.min(fits, WORKGROUP * maxComputeWorkgroupsPerDimension)
  }

  /** One after the other: what goes wrong is told by a stack of scopes, which belongs to the device. */
  tile(shared: Shared, frames: number): Promise<Tile> {
    const patience = isPackage ? new Patience() : undefined
    const opening = this.#opening.then(() => WebGpuTile.open(this.#compiler, this.#device, shared, frames, patience))
    this.#opening = opening.catch(() => {})
    return opening
  }

  release(): void {}
}
