/** GPUs under watch: what is made and not yet given up, and ways to have them fail. */

type Class = { prototype: object }
type Method = (this: unknown, ...args: unknown[]) => unknown

/** Puts something around a method, for as long as the process lives. */
function around(owner: object, name: string, make: (real: Method) => Method): void {
  const real = (owner as Record<string, Method>)[name]!
  Object.defineProperty(owner, name, { value: make(real), configurable: true, writable: true })
}

export interface Watched {
  /** Buffers, textures and the like that are there. */
  alive(): number
  /** All that were made. */
  made(): number
  /** Milliseconds in which the host has waited for buffers to be mapped. */
  mapping(): number
  /** Takes the device, or the context, away from whoever uses it. */
  lose(): void
  /** Has the next solve run out of memory as it begins. */
  exhaust(): void
}

/** Where Node has the classes of WebGPU. */
async function webGpuClasses(): Promise<Record<string, Class>> {
  if ('GPUDevice' in globalThis) return globalThis as unknown as Record<string, Class>
  const name = 'webgpu'
  return ((await import(name)) as { globals: Record<string, Class> }).globals
}

export async function watchWebGpu(): Promise<Watched> {
  const { GPUDevice, GPUBuffer, GPUAdapter } = (await webGpuClasses()) as Record<string, Class>
  const devices: GPUDevice[] = []
  const buffers = new Set<unknown>()
  let made = 0
  let isFull = false
  around(
    GPUAdapter!.prototype,
    'requestDevice',
    (real) =>
      async function (this: unknown, ...args) {
        const device = (await real.apply(this, args)) as GPUDevice
        devices.push(device)
        return device
      },
  )
  around(
    GPUDevice!.prototype,
    'createBuffer',
    (real) =>
      function (this: unknown, ...args) {
        const buffer = real.apply(this, args)
        buffers.add(buffer)
        made++
        return buffer
      },
  )
  around(
    GPUBuffer!.prototype,
    'destroy',
    (real) =>
      function (this: unknown, ...args) {
        buffers.delete(this)
        return real.apply(this, args)
      },
  )
  let mapping = 0
  around(
    GPUBuffer!.prototype,
    'mapAsync',
    (real) =>
      async function (this: unknown, ...args) {
        const start = performance.now()
        try {
          return await real.apply(this, args)
        } finally {
          mapping += performance.now() - start
        }
      },
  )
  let scopes: unknown[] = []
  around(
    GPUDevice!.prototype,
    'pushErrorScope',
    (real) =>
      function (this: unknown, ...args) {
        scopes.push(args[0])
        return real.apply(this, args)
      },
  )
  around(
    GPUDevice!.prototype,
    'popErrorScope',
    (real) =>
      async function (this: unknown, ...args) {
        const scope = scopes.pop()
        const error = await real.apply(this, args)
        if (scope !== 'out-of-memory' || !isFull) return error
        isFull = false
        return { message: 'no memory' }
      },
  )
  return {
    alive: () => buffers.size,
    made: () => made,
    mapping: () => mapping,
    lose() {
      devices.at(-1)!.destroy()
      scopes = []
    },
    exhaust() {
      isFull = true
    },
  }
}

const GL_THINGS = ['Texture', 'Buffer', 'Framebuffer', 'Program', 'Shader']

export function watchWebGl2(): Watched {
  const { prototype } = WebGL2RenderingContext
  const things = new Set<unknown>()
  const contexts: WebGL2RenderingContext[] = []
  let made = 0
  let isFull = false
  for (const thing of GL_THINGS) {
    around(
      prototype,
      `create${thing}`,
      (real) =>
        function (this: unknown, ...args) {
          if (contexts.at(-1) !== this) contexts.push(this as WebGL2RenderingContext)
          const created = real.apply(this, args)
          things.add(created)
          made++
          return created
        },
    )
    around(
      prototype,
      `delete${thing}`,
      (real) =>
        function (this: unknown, ...args) {
          things.delete(args[0])
          return real.apply(this, args)
        },
    )
  }
  around(
    prototype,
    'getError',
    (real) =>
      function (this: unknown, ...args) {
        const error = real.apply(this, args)
        if (!isFull) return error
        isFull = false
        return WebGL2RenderingContext.OUT_OF_MEMORY
      },
  )
  return {
    alive: () => things.size,
    made: () => made,
    mapping: () => 0,
    lose() {
      contexts.at(-1)!.getExtension('WEBGL_lose_context')!.loseContext()
    },
    exhaust() {
      isFull = true
    },
  }
}
