import fs from 'node:fs'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import dts from 'rollup-plugin-dts'
import esbuild from 'rollup-plugin-esbuild'

// The compiled modules become TypeScript, so that src/ also runs unbundled (tests, Deno, Bun).
fs.mkdirSync('src/generated', { recursive: true })
for (const name of ['solve', 'sound']) {
  const base64 = fs.readFileSync(`build/${name}.wasm`).toString('base64')
  fs.writeFileSync(`src/generated/${name}.ts`, `export default '${base64}'\n`)
}

const input = { index: 'src/index.ts', audio: 'src/audio/index.ts', npy: 'src/npy.ts' }
const shared = { dir: 'dist', format: 'es', chunkFileNames: '[name].js' }

export default [
  {
    input,
    plugins: [nodeResolve({ extensions: ['.ts', '.js'] }), esbuild({ target: 'es2022' })],
    // Deno takes the types from the file beside
    output: { ...shared, banner: (chunk) => (chunk.isEntry ? `/* @ts-self-types="./${chunk.name}.d.ts" */` : '') },
  },
  ...Object.entries(input).map(([name, file]) => ({
    input: file,
    plugins: [dts()],
    output: { file: `dist/${name}.d.ts`, format: 'es' },
  })),
]
