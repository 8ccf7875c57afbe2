/** What somebody gets who installs or bundles the package. Runs on the built one. */
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const root = fileURLToPath(new URL('..', import.meta.url))

/** A minified bundle of some exports of the built package. */
async function bundle(code: string): Promise<string> {
  const result = await build({
    stdin: { contents: code, resolveDir: root },
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
    alias: { unbark: './dist/index.js' },
  })
  return result.outputFiles[0]!.text
}

const kilobytes = (code: string): number => gzipSync(code).length / 1024
const wasm = (name: string): string => fs.readFileSync(`${root}build/${name}.wasm`).toString('hex').slice(0, 2000)

test('InverseBarkScale alone is under 46 KB gzip with its WebAssembly, and has no transforms', async () => {
  const code = await bundle("export { InverseBarkScale } from 'unbark'")
  assert.ok(kilobytes(code) < 46, `${kilobytes(code)} KB`)
  assert.ok(code.includes(wasm('solve')))
  assert.not.ok(code.includes(wasm('sound')))
})

test('Spectrogram alone has no solver', async () => {
  const code = await bundle("export { Spectrogram } from 'unbark'")
  assert.ok(code.includes(wasm('sound')))
  assert.not.ok(code.includes(wasm('solve')))
})

test('everything is under 90 KB gzip, and an import that is not used leaves nothing', async () => {
  const code = await bundle("export * from 'unbark'")
  assert.ok(kilobytes(code) < 90, `${kilobytes(code)} KB`)
  assert.is((await bundle("import { InverseBarkScale, BarkSpectrogram } from 'unbark'")).trim(), '')
})

test('the WebAssembly imports nothing', () => {
  for (const name of ['solve', 'sound']) {
    assert.equal(WebAssembly.Module.imports(new WebAssembly.Module(fs.readFileSync(`${root}build/${name}.wasm`))), [])
  }
})

test('the built package works in a process of its own, all three entries by their names', () => {
  const code = `
    import { BarkScale, InverseBarkScale } from 'unbark'
    import { readNpy, writeNpy } from 'unbark/npy'
    import { encodeWav, decodeWav } from 'unbark/audio'
    const spectrogram = { data: new Float32Array(201 * 9).fill(1), shape: [201, 9] }
    const bark = await new BarkScale({ nBarks: 20 }).forward(spectrogram)
    const { report } = await new InverseBarkScale({ nStft: 201, nBarks: 20 }).solve(readNpy(writeNpy(bark)))
    const { sampleRate } = decodeWav(encodeWav({ waveform: { data: [0, 1], shape: [1, 2] }, sampleRate: 8000 }))
    console.log(report.stopReason, sampleRate)`
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', code], { cwd: root }).toString()
  assert.is(printed.trim(), 'tolerance-loss 8000')
})

test('works where an AudioWorklet lacks nearly everything', () => {
  const code = `
    for (const name of ['TextDecoder', 'atob', 'performance', 'setTimeout', 'setImmediate', 'MessageChannel', 'Worker']) delete globalThis[name]
    const { InverseBarkScale } = await import('unbark')
    const inverse = new InverseBarkScale({ nStft: 65, nBarks: 20, maxIter: 9 })
    const { report } = inverse.solveSync({ data: new Float32Array(60).fill(1), shape: [20, 3] })
    console.log(report.iterations, 'TextDecoder' in globalThis)`
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', code], { cwd: root }).toString()
  assert.is(printed.trim(), '9 false')
})

test('what is published: the build, no sources, no tests', () => {
  const { files } = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json'], { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] }).toString(),
  )[0]
  const paths = files.map(({ path }: { path: string }) => path).sort()
  assert.ok(paths.includes('dist/index.js') && paths.includes('dist/index.d.ts') && paths.includes('LICENSE'))
  for (const path of paths)
    assert.match(path, /^(dist\/[\w-]+\.(js|d\.ts)|package\.json|README\.md|CHANGELOG\.md|LICENSE)$/)
})

test('the library has no run-time dependency; the command line has three', () => {
  const manifest = JSON.parse(fs.readFileSync(`${root}package.json`, 'utf8'))
  assert.equal(Object.keys(manifest.dependencies), ['cac', 'fast-png', 'yocto-spinner'])
  const library = fs.readdirSync(`${root}dist`).filter((file) => file.endsWith('.js') && !file.startsWith('cli'))
  for (const entry of library) {
    const code = fs.readFileSync(`${root}dist/${entry}`, 'utf8')
    for (const [, from] of code.matchAll(/^(?:import|export).* from ['"](.*)['"]/gm))
      assert.match(from!, /^\.\//, entry)
    assert.not.match(code, /fast-png|yocto-spinner|cac\b/)
  }
  for (const name of ['assemblyscript', '@assemblyscript/loader', 'gpu.js', 'rollup', 'uvu']) {
    assert.match(manifest.devDependencies[name], /^\d+\.\d+\.\d+$/, name)
  }
})

test.run()
