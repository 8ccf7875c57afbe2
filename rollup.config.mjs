import fs from 'node:fs'
import path from 'node:path'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import dts from 'rollup-plugin-dts'
import esbuild from 'rollup-plugin-esbuild'
import { bundleGpuJs, notices, types } from './src/backends/gpu/gpu-js.bundle.mjs'
import { encodeAscii } from './src/backends/wasm/ascii.bundle.mjs'

// The compiled modules become TypeScript, so that src/ also runs unbundled (tests, Deno, Bun).
fs.mkdirSync('src/generated', { recursive: true })
for (const name of ['solve', 'sound']) {
  const text = encodeAscii(fs.readFileSync(`build/${name}.wasm`))
  fs.writeFileSync(`src/generated/${name}.ts`, `export default ${JSON.stringify(text)}\n`)
}
const { version } = JSON.parse(fs.readFileSync('package.json', 'utf8'))
fs.writeFileSync('src/generated/version.ts', `export default '${version}'\n`)
fs.writeFileSync('src/generated/gpu-js.js', await bundleGpuJs())
fs.writeFileSync('src/generated/gpu-js.d.ts', types)

// No core passes the strings and objects that the loader is for: what is left of it is one call (2 KB gzip less in each
// file), and no TextDecoder is made.
const leanLoader = {
  name: 'lean-loader',
  load(id) {
    if (/wasm\/text-decoder\.ts$/.test(id)) return 'export const takeAway = () => {}'
    if (!/@assemblyscript\/loader\/index\.js$/.test(id)) return null
    return 'export const instantiateSync = (module) => new WebAssembly.Instance(module)'
  },
}
// A worker is handed the compiled core, so it carries none.
const withoutCores = {
  name: 'without-cores',
  load: (id) => (/generated\/(solve|sound)\.ts$/.test(id) ? "export default ''" : null),
}
const workers = ['worker', 'joint-worker']
const inlineWorker = {
  name: 'inline-worker',
  generateBundle(_, bundle) {
    fs.mkdirSync('dist', { recursive: true })
    for (const { fileName, code } of Object.values(bundle)) {
      fs.writeFileSync(`dist/${fileName}`, code)
      fs.writeFileSync(`dist/${fileName.replace('.js', '.d.ts')}`, 'export {}\n')
      fs.writeFileSync(`src/generated/${fileName.replace('.js', '.ts')}`, `export default ${JSON.stringify(code)}\n`)
    }
  },
}

/** Deno takes the types from the file beside; what is made of gpu.js names those who wrote it. */
function banner({ isEntry, name }) {
  if (isEntry) return `/* @ts-self-types="./${name}.d.ts" */`
  return name === 'gpus' ? notices() : ''
}

const worklet = 'bark-stream-worklet'
const worklets = { [worklet]: 'src/worklet/index.ts' }
const entries = { index: 'src/index.ts', audio: 'src/audio/index.ts', npy: 'src/npy.ts' }
// gpu.js is minified, and would come out larger
const plugins = [
  leanLoader,
  nodeResolve({ extensions: ['.ts', '.js'] }),
  esbuild({ target: 'es2022', exclude: /gpu-js\.js$/ }),
]
const shared = { dir: 'dist', format: 'es', chunkFileNames: '[name].js' }

// The command line takes the library as anybody does: by its entries.
const library = Object.fromEntries(Object.entries(entries).map(([name, file]) => [path.resolve(file), `./${name}.js`]))
const packages = /^(node:|cac$|fast-png$|yocto-spinner$|mpg123-decoder$|@wasm-audio-decoders\/)/

export default [
  // first: the library takes the results in as text; each by itself, or what they share would be a third
  ...workers.map((name) => ({
    input: { [name]: `src/backends/wasm/${name}.ts` },
    plugins: [
      withoutCores,
      leanLoader,
      nodeResolve({ extensions: ['.ts', '.js'] }),
      esbuild({ target: 'es2022', minify: true }),
      inlineWorker,
    ],
    output: { dir: 'build', format: 'es', footer: 'export {}' },
  })),
  {
    input: entries,
    plugins,
    // what the part for GPUs takes from the rest is apart, or index.js would be but a list of another file's exports
    output: { ...shared, banner, manualChunks: (id) => (/src\/(turn|columns)\.ts$/.test(id) ? 'turn' : undefined) },
  },
  {
    input: { cli: 'src/cli/main.ts' },
    external: (id, from) =>
      packages.test(id) || (from !== undefined && path.resolve(path.dirname(from), id) in library),
    plugins,
    output: {
      ...shared,
      paths: library,
      chunkFileNames: 'cli-[name].js',
      banner: (chunk) => (chunk.isEntry ? '#!/usr/bin/env node' : ''),
    },
  },
  // one file with all that it needs, however it is served
  {
    input: { [worklet]: worklets[worklet] },
    plugins: [leanLoader, nodeResolve({ extensions: ['.ts', '.js'] }), esbuild({ target: 'es2022', minify: true })],
    output: { ...shared, banner, inlineDynamicImports: true },
  },
  ...Object.entries({ ...entries, ...worklets }).map(([name, file]) => ({
    input: file,
    plugins: [dts()],
    // [Symbol.dispose] is in none of TypeScript's libraries up to ES2024
    output: { file: `dist/${name}.d.ts`, format: 'es', banner: '/// <reference lib="esnext.disposable" />' },
  })),
]
