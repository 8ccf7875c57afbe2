/**
 * gpu.js as one module with its WebGL2 and WebGPU kernels and nothing else. What is left out would be native (`gl`,
 * `webgpu` 0.2), or compute on the CPU where a GPU was asked for without saying so.
 */
import fs from 'node:fs'
import { build } from 'esbuild'

const never = (name) => `exports.${name} = class {
  static get isSupported() { return false }
  static isContextMatch() { return false }
  static get features() { return {} }
  constructor() { throw new Error('gpu.js: ${name} is not in this build') }
}`

/** By how the path of a module ends. */
const STUBS = {
  'gpu-mock.js': 'exports.gpuMock = null',
  './alias': 'exports.alias = null',
  'headless-gl/kernel': never('HeadlessGLKernel'),
  'web-assembly/kernel': never('WebAssemblyKernel'),
  'web-assembly/pipeline-executor': 'exports.FusionFallback = Error',
  'web-gpu/pipeline-executor': 'exports.WebGPUPipelineExecutor = null',
  'cpu/kernel': never('CPUKernel'),
  'cpu/function-node': 'exports.CPUFunctionNode = null',
  'gl/kernel-string': 'exports.glKernelString = null',
}

const stubs = {
  name: 'stubs',
  setup(bundle) {
    bundle.onResolve({ filter: /./ }, ({ path, importer }) => {
      const name = importer.includes('gpu.js/src') && Object.keys(STUBS).find((end) => path.endsWith(end))
      return name ? { path: name, namespace: 'stub' } : undefined
    })
    bundle.onLoad({ filter: /./, namespace: 'stub' }, ({ path }) => ({ contents: STUBS[path] }))
  },
}

// by their files: what the package hands out as its browser build replaces globalThis.GPU, the class of WebGPU
const ENTRY = `
export { GPU } from './node_modules/gpu.js/src/gpu.js'
export { Input } from './node_modules/gpu.js/src/input.js'
export { WebGPUContext } from './node_modules/gpu.js/src/backend/web-gpu/context.js'`

/** What src/backends/gpu/gpu-js.ts says more of. */
export const types = ['GPU', 'Input', 'WebGPUContext'].map((name) => `export declare const ${name}: object\n`).join('')

/** The licences ask for their notice in every copy. */
export function notices() {
  return ['gpu.js', 'acorn']
    .map((name) => `/*! ${name}\n\n${fs.readFileSync(`node_modules/${name}/LICENSE`, 'utf8').trim()}\n*/`)
    .join('\n')
}

export async function bundleGpuJs() {
  const result = await build({
    stdin: { contents: ENTRY, resolveDir: '.' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    plugins: [stubs],
    legalComments: 'none',
    write: false,
  })
  return result.outputFiles[0].text
}
