/**
 * A tile in the textures of a WebGL2 context: two drawings an iteration, by kernels of gpu.js that each draw to a
 * texture of their own. The state goes from one to the other of two kernels that are the same but for that.
 */

import { nextTurn, now } from '../../turn.ts'
import { type Compiler, type GlKernel, type GlTexture, settingsOf } from './gpu-js.ts'
import { bandRows, type Fresh, kernelsFor, LOSSES, lossRow, type Sizes, type Source, stateRows } from './kernels.ts'
import { oldestFirst } from './losses.ts'
import type { Shared, Tile } from './tile.ts'

/** Milliseconds for which the end of the work is looked for in every turn of the event loop, and then seldom. */
const PROMPT_MS = 3
const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1))

/** A texture with what it takes to read it and to copy to it. */
interface Place {
  texture: GlTexture
  framebuffer: WebGLFramebuffer
}

export class WebGl2Tile implements Tile {
  readonly sizes: Sizes
  readonly #gl: WebGL2RenderingContext
  readonly #kernels: GlKernel[] = []
  readonly #fresh: Fresh
  readonly #residual: GlKernel
  /** By where the state is: each draws to the other place. */
  readonly #steps: [GlKernel, GlKernel]
  readonly #states: [Place, Place]
  readonly #kept: Place
  readonly #target: Place
  #at = 0
  #isClosed = false
  /** Values a pixel that this context reads: the standard promises no format but that of four. */
  readonly #channels: 1 | 4
  /** Where values are that are on their way back. */
  #packs: WebGLBuffer[] = []

  constructor(compiler: Compiler, gl: WebGL2RenderingContext, shared: Shared, frames: number) {
    const { nBins, nBands, decays, bank, sgd } = shared
    this.#gl = gl
    this.sizes = { nBins, nBands, decays, frames }
    const { residual, step, fresh } = kernelsFor(this.sizes, bank, sgd, shared.frames)
    this.#fresh = fresh
    const make = (source: Source): GlKernel => {
      const kernel = compiler.createKernel(source.text, settingsOf(source))
      this.#kernels.push(kernel)
      return kernel
    }
    // a kernel is compiled, and has its texture, when it has been called
    const nothing = (rows: number): Place => {
      const kernel = make({
        text: 'function () { return 0.0; }',
        constants: {},
        types: {},
        output: [frames, rows],
        longest: 1,
      })
      return placeOf(kernel, kernel())
    }
    this.#kept = nothing(stateRows(this.sizes))
    this.#target = nothing(bandRows(this.sizes))
    this.#residual = make(residual)
    const between = this.#residual(this.#kept.texture, this.#target.texture)
    this.#steps = [make(step), make(step)]
    const second = placeOf(this.#steps[0], this.#steps[0](this.#kept.texture, between, fresh.others))
    const first = placeOf(this.#steps[1], this.#steps[1](second.texture, between, fresh.others))
    this.#states = [first, second]
    gl.bindFramebuffer(gl.FRAMEBUFFER, first.framebuffer)
    const isTight =
      gl.getParameter(gl.IMPLEMENTATION_COLOR_READ_FORMAT) === gl.RED &&
      gl.getParameter(gl.IMPLEMENTATION_COLOR_READ_TYPE) === gl.FLOAT
    this.#channels = isTight ? 1 : 4
    try {
      this.#check()
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** Throws where the context has run out of memory, or refuses something. */
  #check(): void {
    const gl = this.#gl
    const error = gl.getError()
    if (error === gl.NO_ERROR) return
    if (error === gl.CONTEXT_LOST_WEBGL) throw new Error('the context was lost')
    throw new Error(error === gl.OUT_OF_MEMORY ? 'out of memory' : `WebGL has error ${error}`)
  }

  /** The context, for as long as the textures are there. */
  get #context(): WebGL2RenderingContext {
    if (this.#isClosed) throw new Error('the solve has ended')
    return this.#gl
  }

  write(row: number, values: Float32Array): void {
    this.#upload(this.#states[this.#at]!, row, values)
  }

  writeTarget(row: number, values: Float32Array): void {
    this.#upload(this.#target, row, values)
  }

  #upload({ texture }: Place, row: number, values: Float32Array): void {
    const gl = this.#context
    const { frames } = this.sizes
    gl.activeTexture(gl.TEXTURE0)
    gl.bindTexture(gl.TEXTURE_2D, texture.texture)
    gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false)
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, row, frames, values.length / frames, gl.RED, gl.FLOAT, values)
  }

  read(row: number, rows: number): Promise<Float32Array> {
    return this.#fetch([this.#pack(row, rows)], rows * this.sizes.frames)
  }

  async run(iterations: number, isFirst: boolean): Promise<Float32Array> {
    const gl = this.#context
    const { frames } = this.sizes
    const losses = lossRow(this.sizes)
    const packs: WebGLBuffer[] = []
    let fresh = isFirst ? this.#fresh.first : this.#fresh.others
    for (let done = 0; done < iterations; done += LOSSES) {
      const count = Math.min(LOSSES, iterations - done)
      for (let i = 0; i < count; i++) {
        const state = this.#states[this.#at]!.texture
        this.#steps[this.#at]!(state, this.#residual(state, this.#target.texture), fresh)
        this.#at = 1 - this.#at
        fresh = this.#fresh.others
      }
      packs.push(this.#pack(losses, count))
    }
    gl.flush()
    return oldestFirst(await this.#fetch(packs, iterations * frames), iterations, frames)
  }

  /**
   * Starts rows of the state on their way, in a buffer of their own: Chromium warns of one that is used again, as it
   * has copied it already.
   */
  #pack(row: number, rows: number): WebGLBuffer {
    const gl = this.#context
    const { frames } = this.sizes
    const pack = gl.createBuffer()
    this.#packs.push(pack)
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, pack)
    gl.bufferData(gl.PIXEL_PACK_BUFFER, 4 * this.#channels * rows * frames, gl.STREAM_READ)
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#states[this.#at]!.framebuffer)
    gl.readPixels(0, row, frames, rows, this.#channels === 1 ? gl.RED : gl.RGBA, gl.FLOAT, 0)
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null)
    return pack
  }

  /** Waits for what is on its way, with the event loop free, and strings it together. */
  async #fetch(packs: WebGLBuffer[], count: number): Promise<Float32Array> {
    await this.#arrival()
    const gl = this.#gl
    const values = new Float32Array(count * this.#channels)
    let at = 0
    for (const pack of packs) {
      gl.bindBuffer(gl.PIXEL_PACK_BUFFER, pack)
      const bytes = gl.getBufferParameter(gl.PIXEL_PACK_BUFFER, gl.BUFFER_SIZE) as number
      gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, values, at, bytes / 4)
      gl.deleteBuffer(pack)
      at += bytes / 4
    }
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null)
    this.#packs = this.#packs.filter((pack) => !packs.includes(pack))
    this.#check()
    if (this.#channels === 1) return values
    return Float32Array.from({ length: count }, (_, i) => values[4 * i]!)
  }

  async #arrival(): Promise<void> {
    const gl = this.#gl
    const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0)
    gl.flush()
    const begun = now()
    while (fence && !gl.isContextLost() && !this.#isClosed) {
      const status = gl.clientWaitSync(fence, 0, 0)
      if (status === gl.WAIT_FAILED) break
      if (status !== gl.TIMEOUT_EXPIRED) {
        gl.deleteSync(fence)
        return
      }
      await (now() - begun < PROMPT_MS ? nextTurn() : later())
    }
    throw new Error(this.#isClosed ? 'the solve has ended' : 'the context was lost')
  }

  keep(): void {
    this.#copy(this.#states[this.#at]!, this.#kept)
  }

  back(): void {
    this.#copy(this.#kept, this.#states[this.#at]!)
  }

  #copy(from: Place, to: Place): void {
    const gl = this.#context
    gl.bindFramebuffer(gl.FRAMEBUFFER, from.framebuffer)
    gl.activeTexture(gl.TEXTURE0)
    gl.bindTexture(gl.TEXTURE_2D, to.texture.texture)
    gl.copyTexSubImage2D(gl.TEXTURE_2D, 0, 0, 0, 0, 0, this.sizes.frames, stateRows(this.sizes))
  }

  close(): void {
    this.#isClosed = true
    for (const pack of this.#packs) this.#gl.deleteBuffer(pack)
    for (const { kernel } of this.#kernels) kernel.destroy()
  }
}

function placeOf({ kernel }: GlKernel, texture: GlTexture): Place {
  return { texture, framebuffer: kernel.framebuffer }
}
