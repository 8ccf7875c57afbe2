/**
 * GPUs, in headless Chromium: how long JavaScript is busy for an iteration, and how many launches that is. On a software
 * adapter, as there is no other where this was written, so that the device's own times say nothing of a real one.
 */
import fs from 'node:fs'
import http from 'node:http'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'

const CHROMIUM = '/usr/bin/chromium'
const BACKENDS = [
  { backend: 'webgl2', args: [], target: 'below 100' },
  { backend: 'webgpu', args: ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'], target: 'below 50' },
]

/** The page's program: a tile of the library's, by itself. */
const PROGRAM = `
import { find } from './src/backends/gpu/gpu.ts'
import { addBlocks } from './src/backends/gpu/losses.ts'
import { WasmBackend } from './src/backends/wasm/backend.ts'

const spec = { nBins: 513, nBands: 128, fMin: 0, fMax: 8000, sampleRate: 16000, barkScale: 'traunmuller', corrected: false }
const sgd = { lr: 0.1, momentum: 0.9, dampening: 0, weightDecay: 0, nesterov: false, maximize: false }

globalThis.open = async (backend, frames) => {
  const adapter = await find[backend]()
  const device = await adapter.open()
  const bank = new WasmBackend(spec, { threads: 1, workerUrl: undefined }).bank.compact()
  globalThis.tile = await device.tile({ nBins: 513, nBands: 128, bank, sgd, decays: false, frames }, frames)
  await tile.run(1, true)
}

/** Puts something before a method. */
function before(owner, name, act) {
  const real = owner?.prototype[name]
  if (!real) return
  owner.prototype[name] = function (...args) {
    act()
    return real.apply(this, args)
  }
}

let launches = 0
let arrived = 0
before(globalThis.GPUComputePassEncoder, 'dispatchWorkgroups', () => launches++)
before(WebGL2RenderingContext, 'drawArrays', () => launches++)
// the first that is done with what has come back
const arrive = () => (arrived ||= performance.now())
before(globalThis.GPUBuffer, 'getMappedRange', arrive)
before(WebGL2RenderingContext, 'getBufferSubData', arrive)

/** Milliseconds in which JavaScript hands over the work and takes the losses back, and those of all. */
globalThis.time = async (iterations) => {
  launches = arrived = 0
  const start = performance.now()
  const running = tile.run(iterations, false)
  const issued = performance.now() - start
  const losses = await running
  for (let i = 0; i < iterations; i++) addBlocks(0, losses, i, tile.sizes.frames)
  const end = performance.now()
  return { busy: issued + end - arrived, all: end - start, launches }
}`

async function serve(code) {
  const server = http.createServer((request, response) => {
    const isCode = request.url === '/page.js'
    response.writeHead(200, { 'content-type': isCode ? 'text/javascript' : 'text/html' })
    response.end(isCode ? code : '<!doctype html><script type="module" src="/page.js"></script>')
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${server.address().port}/`, end: () => server.close() }
}

/** Iterations that are issued at a time; the library takes as many as fit into 60 ms of a real GPU. */
const ITERATIONS = 32

export async function bench() {
  if (!fs.existsSync(CHROMIUM)) return [{ name: 'GPU', value: undefined }]
  const bundle = await build({
    stdin: { contents: PROGRAM, resolveDir: '.' },
    bundle: true,
    format: 'esm',
    write: false,
  })
  const { url, end } = await serve(bundle.outputFiles[0].text)
  const rows = []
  for (const { backend, args, target } of BACKENDS) {
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', ...args] })
    const page = await browser.newPage()
    await page.goto(url)
    await page.waitForFunction(() => globalThis.time)
    await page.evaluate(([name, frames]) => globalThis.open(name, frames), [backend, 4096])
    const runs = []
    for (let i = 0; i < 5; i++) runs.push(await page.evaluate((n) => globalThis.time(n), ITERATIONS))
    const { busy, all, launches } = runs.sort((a, b) => a.busy - b.busy)[0]
    rows.push({
      name: `${backend}: JavaScript an iteration, 513 x 4 096 frames`,
      value: (1000 * busy) / ITERATIONS,
      unit: 'us',
      target,
    })
    rows.push({ name: '  launches an iteration', value: launches / ITERATIONS, unit: '', target: '2' })
    rows.push({ name: '  the whole, on a software adapter', value: all / ITERATIONS, unit: 'ms' })
    await browser.close()
  }
  end()
  return rows
}
