/**
 * gpu.js, which compiles the kernels to GLSL and WGSL, and as much of its insides as the sessions go by. It is pinned to
 * one release and part of the build, so that these cannot change unseen.
 */
import { GPU, Input, WebGPUContext } from '../../generated/gpu-js.js'
import type { Source } from './kernels.ts'

export type Mode = 'webgl2' | 'webgpu'

/** What the kernels of both backends have in common. */
export interface Kernel {
  destroy(): void
}

/** A kernel that is called with textures; what it gives is always the same texture. */
export type GlKernel = ((...args: unknown[]) => GlTexture) & { kernel: Kernel & { framebuffer: WebGLFramebuffer } }

export interface GlTexture {
  texture: WebGLTexture
}

/** A kernel whose compiled pipeline is recorded by the session itself. */
export interface ComputeKernel extends Kernel {
  build(...args: unknown[]): Promise<void>
  computePipeline: GPUComputePipeline
  bindGroupLayout: GPUBindGroupLayout
  paramsLayout: {
    byteLength: number
    arrayArgs: { dimsOffset: number }[]
    scalarArgs: { offset: number }[]
    bufferConstants: { buffer: GPUBuffer }[]
  }
  threadDim: number[]
  assembleWGSL(): string
  workgroupSize: [number, number, number]
  _computeDispatch(threadDim: number[]): { groups: [number, number, number]; dispatchWidth: number }
  outputBuffer: (GPUBuffer & { _refs: number }) | null
}

export interface Compiler {
  /** Of WebGPU: what its kernels are built on. */
  device?: { adapter: GPUAdapter; device: GPUDevice; isLost: boolean }
  createKernel(source: string, settings: object): GlKernel & { kernel: ComputeKernel }
  kernels: Kernel[]
}

/** A compiler for one WebGL2 context. */
export function glCompiler(context: WebGL2RenderingContext): Compiler {
  // it makes the canvas as large as its textures, though it draws to these alone
  const canvas = {}
  return new (GPU as new (settings: object) => Compiler)({ mode: 'webgl2', context, canvas })
}

/** A compiler for one WebGPU device. */
export function gpuCompiler(adapter: GPUAdapter, device: GPUDevice): Compiler {
  Object.defineProperty(WebGPUContext, 'isSupported', { value: true, configurable: true })
  const compiler = new (GPU as new (settings: object) => Compiler)({ mode: 'webgpu' })
  return Object.assign(compiler, { device: { adapter, device, isLost: false } })
}

/**
 * Builds a kernel for arguments like these. gpu.js would look for a device of its own by `navigator.gpu`, which Node
 * lacks, and write to the console what the device has to say; it asks for one as it begins.
 */
export function buildKernel({ device }: Compiler, kernel: ComputeKernel, args: unknown[]): Promise<void> {
  Object.defineProperty(WebGPUContext, 'acquire', { value: () => Promise.resolve(device), configurable: true })
  return kernel.build(...args)
}

/** Stands for (rows, columns) of float32 on the device where a kernel is built: only its size counts. */
export function shaped(rows: number, columns: number): unknown {
  const input = Object.create((Input as new () => object).prototype)
  return Object.assign(input, { value: new Float32Array(0), size: [columns, rows] })
}

/**
 * Has a kernel compiled for arrays of so many columns. gpu.js reads the sizes from a buffer with every access and takes
 * workgroups of 8 x 8; with this an iteration of 513 x 128 frames takes two thirds of the time on a software adapter, and
 * neighbouring threads of a real one read neighbouring values.
 */
export function fitToFrames(kernel: ComputeKernel, frames: number): void {
  const assemble = kernel.assembleWGSL.bind(kernel)
  kernel.assembleWGSL = () => {
    const text = assemble()
      .replaceAll(/i32\(params\.user_\w+_dims\.x\)/g, String(frames))
      .replaceAll(/\(y \+ [^*]+ \* z\)/g, 'y')
    const columns = widest(frames)
    kernel.workgroupSize = [columns, 64 / columns, 1]
    return text.replace('@workgroup_size(8, 8, 1)', `@workgroup_size(${kernel.workgroupSize})`)
  }
}

/** Threads side by side in a workgroup of 64: as many as leave the fewest without a frame. */
function widest(frames: number): number {
  const padded = (columns: number): number => Math.ceil(frames / columns) * columns
  return [64, 32, 16, 8].reduce((best, columns) => (padded(columns) < padded(best) ? columns : best))
}

/** A kernel's settings: float32 throughout, in as many bits as there are (the default asks for fewer). */
export function settingsOf({ constants, types, output, longest }: Source): object {
  const wrapped = Object.entries(constants).map(([name, value]) => [
    name,
    typeof value === 'number' ? value : new (Input as new (...args: unknown[]) => object)(value.values, value.size),
  ])
  return {
    output,
    constants: Object.fromEntries(wrapped),
    constantTypes: types,
    precision: 'single',
    tactic: 'precision',
    pipeline: true,
    // loops longer than this would be cut short without a word
    loopMaxIterations: longest + 1,
  }
}
