/**
 * A tile in the storage buffers of a WebGPU device. gpu.js compiles the kernels; the passes are recorded here, all of a
 * stretch into one command buffer. gpu.js's own pipelines would bring the state from the host with every call and back.
 */
import { buildKernel, type Compiler, type ComputeKernel, fitToFrames, settingsOf, shaped } from './gpu-js.ts'
import {
  bandRows,
  type Fresh,
  type Kernels,
  kernelsFor,
  LOSSES,
  lossRow,
  type Sizes,
  type Source,
  stateRows,
} from './kernels.ts'
import { oldestFirst } from './losses.ts'
import type { Patience } from './patience.ts'
import type { Shared, Tile } from './tile.ts'

// GPUBufferUsage and GPUMapMode are globals only in browsers and Deno; the standard gives the numbers
const MAP_READ = 0x1
const COPY_SRC = 0x4
const COPY_DST = 0x8
const UNIFORM = 0x40
const STORAGE = 0x80
const READ = 0x1

export const OUT_OF_MEMORY = 'out of memory'

interface Pass {
  pipeline: GPUComputePipeline
  bindings: GPUBindGroup
  groups: [number, number, number]
}

/** The state goes from one buffer to the other with every step, and these are indexed by where it is. */
type Both<T> = [T, T]

export class WebGpuTile implements Tile {
  readonly sizes: Sizes
  readonly #device: GPUDevice
  readonly #kernels: ComputeKernel[] = []
  readonly #buffers: GPUBuffer[] = []
  #states!: Both<GPUBuffer>
  #kept!: GPUBuffer
  #target!: GPUBuffer
  #residual!: Both<Pass>
  /** By how the residual enters the momentum, then by where the state is. */
  #step!: Record<keyof Fresh, Both<Pass>>
  #at = 0
  #staging: GPUBuffer | undefined
  readonly #patience: Patience | undefined
  #isClosed = false

  private constructor(device: GPUDevice, sizes: Sizes, patience: Patience | undefined) {
    this.#device = device
    this.sizes = sizes
    this.#patience = patience
  }

  /** @param patience where a mapping that is waited for keeps a core busy */
  static async open(
    compiler: Compiler,
    device: GPUDevice,
    shared: Shared,
    frames: number,
    patience?: Patience,
  ): Promise<WebGpuTile> {
    const { nBins, nBands, decays, bank, sgd } = shared
    const tile = new WebGpuTile(device, { nBins, nBands, decays, frames }, patience)
    device.pushErrorScope('out-of-memory')
    device.pushErrorScope('validation')
    let failure: unknown
    try {
      await tile.#build(compiler, kernelsFor(tile.sizes, bank, sgd, shared.frames))
    } catch (error) {
      failure = error
    }
    const invalid = await device.popErrorScope()
    const full = await device.popErrorScope()
    const error = full ? new Error(`${OUT_OF_MEMORY}: ${full.message}`) : invalid ? new Error(invalid.message) : failure
    if (!error) return tile
    tile.close()
    throw error
  }

  async #build(compiler: Compiler, { residual, step, fresh }: Kernels): Promise<void> {
    const { frames } = this.sizes
    const rows = stateRows(this.sizes)
    const bands = bandRows(this.sizes)
    const place = (rows: number, usage: number): GPUBuffer => this.#create(4 * rows * frames, STORAGE | usage)
    this.#states = [place(rows, COPY_SRC | COPY_DST), place(rows, COPY_SRC | COPY_DST)]
    this.#kept = place(rows, COPY_SRC | COPY_DST)
    this.#target = place(bands, COPY_DST)
    const between = place(bands, 0)
    const [state, target] = [shaped(rows, frames), shaped(bands, frames)]
    const residuals = await this.#compile(compiler, residual, [state, target])
    const steps = await this.#compile(compiler, step, [state, target, 0.5])
    const [a, b] = this.#states
    const to = (from: GPUBuffer): Pass => this.#bind(residuals, [from, this.#target], between)
    this.#residual = [to(a), to(b)]
    const by = (fresh: number): Both<Pass> => [
      this.#bind(steps, [a, between], b, fresh),
      this.#bind(steps, [b, between], a, fresh),
    ]
    this.#step = { first: by(fresh.first), others: by(fresh.others) }
  }

  #create(size: number, usage: number): GPUBuffer {
    const buffer = this.#device.createBuffer({ size: Math.max(4, size), usage })
    this.#buffers.push(buffer)
    return buffer
  }

  async #compile(compiler: Compiler, source: Source, args: unknown[]): Promise<ComputeKernel> {
    const { kernel } = compiler.createKernel(source.text, settingsOf(source))
    this.#kernels.push(kernel)
    fitToFrames(kernel, this.sizes.frames)
    await buildKernel(compiler, kernel, args)
    // its own output is not what the passes write to
    kernel.outputBuffer?.destroy()
    kernel.outputBuffer = null
    return kernel
  }

  /** A kernel with what it reads and where it writes. gpu.js's order: sizes and scalars, arrays, output, constants. */
  #bind(kernel: ComputeKernel, inputs: GPUBuffer[], output: GPUBuffer, scalar?: number): Pass {
    const { byteLength, arrayArgs, scalarArgs, bufferConstants } = kernel.paramsLayout
    const { frames } = this.sizes
    const { groups, dispatchWidth } = kernel._computeDispatch(kernel.threadDim)
    const params = new DataView(new ArrayBuffer(byteLength))
    for (const [i, size] of [...kernel.threadDim, dispatchWidth].entries()) params.setUint32(4 * i, size, true)
    for (const [i, { dimsOffset }] of arrayArgs.entries()) {
      const values = inputs[i]!.size / 4
      for (const [j, size] of [frames, values / frames, 1, values].entries())
        params.setUint32(dimsOffset + 4 * j, size, true)
    }
    if (scalar !== undefined) params.setFloat32(scalarArgs[0]!.offset, scalar, true)
    const uniform = this.#create(byteLength, UNIFORM | COPY_DST)
    this.#device.queue.writeBuffer(uniform, 0, params.buffer)
    const buffers = [uniform, ...inputs, output, ...bufferConstants.map(({ buffer }) => buffer)]
    const bindings = this.#device.createBindGroup({
      layout: kernel.bindGroupLayout,
      entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
    })
    return { pipeline: kernel.computePipeline, bindings, groups }
  }

  /** The queue, for as long as the buffers are there. */
  get #queue(): GPUQueue {
    if (this.#isClosed) throw new Error('the solve has ended')
    return this.#device.queue
  }

  write(row: number, values: Float32Array): void {
    this.#queue.writeBuffer(this.#states[this.#at]!, 4 * row * this.sizes.frames, values as BufferSource)
  }

  writeTarget(row: number, values: Float32Array): void {
    this.#queue.writeBuffer(this.#target, 4 * row * this.sizes.frames, values as BufferSource)
  }

  read(row: number, rows: number): Promise<Float32Array> {
    const { frames } = this.sizes
    const bytes = 4 * rows * frames
    const commands = this.#device.createCommandEncoder()
    const staging = this.#stage(bytes)
    commands.copyBufferToBuffer(this.#states[this.#at]!, 4 * row * frames, staging, 0, bytes)
    this.#queue.submit([commands.finish()])
    return this.#fetch(staging, bytes)
  }

  async run(iterations: number, isFirst: boolean): Promise<Float32Array> {
    const { frames } = this.sizes
    const losses = lossRow(this.sizes)
    const staging = this.#stage(4 * iterations * frames)
    const commands = this.#device.createCommandEncoder()
    for (let done = 0; done < iterations; ) {
      const count = Math.min(LOSSES, iterations - done)
      const pass = commands.beginComputePass()
      for (let i = 0; i < count; i++) {
        record(pass, this.#residual[this.#at]!)
        record(pass, this.#step[isFirst && done + i === 0 ? 'first' : 'others'][this.#at]!)
        this.#at = 1 - this.#at
      }
      pass.end()
      const bytes = 4 * count * frames
      commands.copyBufferToBuffer(this.#states[this.#at]!, 4 * losses * frames, staging, 4 * done * frames, bytes)
      done += count
    }
    this.#queue.submit([commands.finish()])
    const fetch = (): Promise<Float32Array> => this.#fetch(staging, 4 * iterations * frames)
    // the first also compiles
    const newestFirst = await (this.#patience && !isFirst ? this.#patience.before(fetch, iterations) : fetch())
    return oldestFirst(newestFirst, iterations, frames)
  }

  #stage(bytes: number): GPUBuffer {
    if (this.#staging && this.#staging.size >= bytes) return this.#staging
    this.#staging?.destroy()
    this.#staging = this.#device.createBuffer({ size: bytes, usage: MAP_READ | COPY_DST })
    return this.#staging
  }

  async #fetch(staging: GPUBuffer, bytes: number): Promise<Float32Array> {
    await staging.mapAsync(READ, 0, bytes)
    const values = new Float32Array(staging.getMappedRange(0, bytes).slice(0))
    staging.unmap()
    return values
  }

  keep(): void {
    this.#copy(this.#states[this.#at]!, this.#kept)
  }

  back(): void {
    this.#copy(this.#kept, this.#states[this.#at]!)
  }

  #copy(from: GPUBuffer, to: GPUBuffer): void {
    const commands = this.#device.createCommandEncoder()
    commands.copyBufferToBuffer(from, 0, to, 0, from.size)
    this.#queue.submit([commands.finish()])
  }

  close(): void {
    this.#isClosed = true
    for (const buffer of this.#buffers) buffer.destroy()
    this.#staging?.destroy()
    for (const kernel of this.#kernels) kernel.destroy()
  }
}

function record(pass: GPUComputePassEncoder, { pipeline, bindings, groups }: Pass): void {
  pass.setPipeline(pipeline)
  pass.setBindGroup(0, bindings)
  pass.dispatchWorkgroups(...groups)
}
