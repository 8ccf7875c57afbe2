/**
 * A tile in the textures of a WebGL2 context: two drawings an iteration, by kernels of gpu.js that each draw to a
 * texture of their own. The state goes from one to the other of two kernels that are the same but for that.
 */

import { nextTurn } from '../../turn.ts'
import { type Compiler, type GlKernel, type GlTexture, settingsOf } from './gpu-js.ts'
import { type Fresh, kernelsFor, LOSSES, type Sizes, type Source, stateRows } from './kernels.ts'
import { oldestFirst } from './losses.ts'
import type { Shared, Tile } from './tile.ts'

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
  /** Values a pixel that this context reads: the standard promises no format but that of four. */
  readonly #channels: 1 | 4
  #pack: WebGLBuffer | null = null
  #packBytes = 0

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
    this.#target = nothing(nBands)
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
    this.#check()
  }

  /** Throws where the context has run out of memory, or refuses something. */
  #check(): void {
    const gl = this.#gl
    const error = gl.getError()
    if (error === gl.NO_ERROR) return
    this.close()
    throw new Error(error === gl.OUT_OF_MEMORY ? 'out of memory' : `error ${error} of WebGL`)
  }

  write(row: number, values: Float32Array): void {
    this.#upload(this.#states[this.#at]!, row, values)
  }

  writeTarget(row: number, values: Float32Array): void {
    this.#upload(this.#target, row, values)
  }

  #upload({ texture }: Place, row: number, values: Float32Array): void {
    const gl = this.#gl
    const { frames } = this.sizes
    gl.activeTexture(gl.TEXTURE0)
    gl.bindTexture(gl.TEXTURE_2D, texture.texture)
    gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false)
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, row, frames, values.length / frames, gl.RED, gl.FLOAT, values)
  }

  async read(row: number, rows: number): Promise<Float32Array> {
    const values = rows * this.sizes.frames
    this.#reserve(values)
    this.#readTo(0, row, rows)
    return this.#fetch(values)
  }

  async run(iterations: number, isFirst: boolean): Promise<Float32Array> {
    const gl = this.#gl
    const { frames } = this.sizes
    const rows = stateRows(this.sizes)
    this.#reserve(iterations * frames)
    let fresh = isFirst ? this.#fresh.first : this.#fresh.others
    for (let done = 0; done < iterations; ) {
      const count = Math.min(LOSSES, iterations - done)
      for (let i = 0; i < count; i++) {
        const state = this.#states[this.#at]!.texture
        this.#steps[this.#at]!(state, this.#residual(state, this.#target.texture), fresh)
        this.#at = 1 - this.#at
        fresh = this.#fresh.others
      }
      this.#readTo(done * frames, rows - LOSSES, count)
      done += count
    }
    gl.flush()
    return oldestFirst(await this.#fetch(iterations * frames), iterations, frames)
  }

  /** Makes room for so many values on their way back. */
  #reserve(values: number): void {
    const gl = this.#gl
    const bytes = 4 * this.#channels * values
    if (this.#packBytes >= bytes) return
    gl.deleteBuffer(this.#pack)
    this.#pack = gl.createBuffer()
    this.#packBytes = bytes
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, this.#pack)
    gl.bufferData(gl.PIXEL_PACK_BUFFER, bytes, gl.STREAM_READ)
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null)
  }

  /** Starts rows of the state on their way, to be value `to` and on. */
  #readTo(to: number, row: number, rows: number): void {
    const gl = this.#gl
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, this.#pack)
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#states[this.#at]!.framebuffer)
    const format = this.#channels === 1 ? gl.RED : gl.RGBA
    gl.readPixels(0, row, this.sizes.frames, rows, format, gl.FLOAT, 4 * this.#channels * to)
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null)
  }

  /** Waits for the values that are on their way, with the event loop free. */
  async #fetch(count: number): Promise<Float32Array> {
    const gl = this.#gl
    const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0)
    gl.flush()
    if (!fence) throw new Error('the context was lost')
    for (;;) {
      if (gl.isContextLost()) throw new Error('the context was lost')
      const status = gl.clientWaitSync(fence, 0, 0)
      if (status === gl.ALREADY_SIGNALED || status === gl.CONDITION_SATISFIED) break
      if (status === gl.WAIT_FAILED) throw new Error('waiting for it failed')
      await nextTurn()
    }
    gl.deleteSync(fence)
    const values = new Float32Array(count * this.#channels)
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, this.#pack)
    gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, values)
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null)
    if (this.#channels === 1) return values
    return Float32Array.from({ length: count }, (_, i) => values[4 * i]!)
  }

  keep(): void {
    this.#copy(this.#states[this.#at]!, this.#kept)
  }

  back(): void {
    this.#copy(this.#kept, this.#states[this.#at]!)
  }

  #copy(from: Place, to: Place): void {
    const gl = this.#gl
    gl.bindFramebuffer(gl.FRAMEBUFFER, from.framebuffer)
    gl.activeTexture(gl.TEXTURE0)
    gl.bindTexture(gl.TEXTURE_2D, to.texture.texture)
    gl.copyTexSubImage2D(gl.TEXTURE_2D, 0, 0, 0, 0, 0, this.sizes.frames, stateRows(this.sizes))
  }

  close(): void {
    this.#gl.deleteBuffer(this.#pack)
    for (const { kernel } of this.#kernels) kernel.destroy()
  }
}

function placeOf({ kernel }: GlKernel, texture: GlTexture): Place {
  return { texture, framebuffer: kernel.framebuffer }
}
