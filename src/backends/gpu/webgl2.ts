/**
 * WebGL2: a context for each solve that is under way, on a canvas that is never shown. One that is done with is kept for
 * the next: a page may have a few only.
 */
import { type Compiler, glCompiler } from './gpu-js.ts'
import type { Adapter, Device, Shared, Tile } from './tile.ts'
import { WebGl2Tile } from './webgl2-tile.ts'

const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i
/** What WebKit says whatever there is, a software renderer too. */
const NO_NAME = /^apple gpu$/i

function newContext(): WebGL2RenderingContext {
  const canvas = globalThis.OffscreenCanvas ? new OffscreenCanvas(1, 1) : globalThis.document?.createElement('canvas')
  if (!canvas) throw new Error('there is no WebGL here')
  const settings = { alpha: false, depth: false, antialias: false, powerPreference: 'high-performance' } as const
  const gl = canvas.getContext('webgl2', settings) as WebGL2RenderingContext | null
  if (!gl) throw new Error('there is no WebGL2 context to be had')
  if (!gl.getExtension('EXT_color_buffer_float')) {
    end(gl)
    throw new Error('it cannot draw to textures of float32 (EXT_color_buffer_float)')
  }
  return gl
}

let idle: WebGL2RenderingContext | undefined

function takeContext(): WebGL2RenderingContext {
  const gl = idle && !idle.isContextLost() ? idle : newContext()
  idle = undefined
  return gl
}

function giveBack(gl: WebGL2RenderingContext): void {
  if (idle || gl.isContextLost()) end(gl)
  else idle = gl
}

function end(gl: WebGL2RenderingContext): void {
  gl.getExtension('WEBGL_lose_context')?.loseContext()
}

export async function findWebGl2(): Promise<Adapter> {
  const gl = takeContext()
  const name = nameOf(gl)
  giveBack(gl)
  const isSoftware = NO_NAME.test(name) ? undefined : SOFTWARE.test(name)
  return { backend: 'webgl2', name, isSoftware, open: async () => new WebGl2Device(takeContext()) }
}

function nameOf(gl: WebGL2RenderingContext): string {
  // Firefox gives the name by itself, and warns of the extension
  const plain = String(gl.getParameter(gl.RENDERER))
  if (!/^WebKit WebGL$|^Mozilla$/i.test(plain)) return plain
  const extension = gl.getExtension('WEBGL_debug_renderer_info')
  return extension ? String(gl.getParameter(extension.UNMASKED_RENDERER_WEBGL)) : plain
}

class WebGl2Device implements Device {
  readonly #gl: WebGL2RenderingContext
  readonly #compiler: Compiler

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl
    this.#compiler = glCompiler(gl)
  }

  get lost(): string | undefined {
    return this.#gl.isContextLost() ? 'the context was lost' : undefined
  }

  /** A context tells by itself. */
  fail(): void {}

  mostFrames(rows: number): number {
    const most = this.#gl.getParameter(this.#gl.MAX_TEXTURE_SIZE) as number
    return rows <= most ? most : 0
  }

  async tile(shared: Shared, frames: number): Promise<Tile> {
    return new WebGl2Tile(this.#compiler, this.#gl, shared, frames)
  }

  release(): void {
    giveBack(this.#gl)
  }
}
