/** What the exact solvers leave on the heap, and need beside their result: each in a process of Node's own. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { ExactSolver } from './exact-report.ts'

const cwd = fileURLToPath(new URL('..', import.meta.url))

/** Both scripts begin with this: `grown` counts the pages that any WebAssembly memory has grown by. */
const begin = (solver: ExactSolver): string => `
  let grown = 0
  const grow = WebAssembly.Memory.prototype.grow
  WebAssembly.Memory.prototype.grow = function (pages) {
    grown += pages
    return grow.call(this, pages)
  }
  const { peak } = await import('./bench/peak.mjs')
  const { InverseBarkScale } = await import('./dist/index.js')
  const [nStft, nBarks, solver] = [513, 128, '${solver}']
  const tensor = (rows, frames) => {
    const data = Float32Array.from({ length: rows * frames }, (_, i) => 1 + Math.sin(i * i))
    return { data, shape: [rows, frames] }
  }`

function inNode(code: string): Record<string, number> {
  const printed = execFileSync('node', ['--expose-gc', '--input-type=module', '-e', code], { cwd }).toString()
  return JSON.parse(printed)
}

for (const solver of ['nnls', 'maxent'] satisfies ExactSolver[]) {
  test(`${solver}: 10 000 single frames by solveSync leave nothing behind`, () => {
    const told = inNode(`${begin(solver)}
      const inverse = new InverseBarkScale({ nStft, nBarks, solver })
      const frames = Array.from({ length: 100 }, (_, i) => Float32Array.from({ length: nBarks }, (_, k) => 2 + Math.sin(k / 20 + i)))
      const out = { data: new Float32Array(nStft), shape: [nStft, 1] }
      const run = (count) => {
        for (let i = 0; i < count; i++) {
          const data = frames[i % frames.length]
          inverse.solveSync({ data, shape: [nBarks, 1] }, { out })
        }
      }
      run(1)
      const pages = grown
      const measure = () => {
        for (let i = 0; i < 4; i++) gc()
        const { heapUsed, arrayBuffers } = process.memoryUsage()
        return { heapUsed, arrayBuffers }
      }
      run(2000)
      // the engine's own, feedback and machine code, comes in some round or other; what a call leaves comes in all
      let [heap, arrays] = [Infinity, Infinity]
      for (let round = 0; round < 4 && (heap >= 40000 || arrays > 0); round++) {
        const before = measure()
        run(10000)
        const after = measure()
        heap = Math.min(heap, after.heapUsed - before.heapUsed)
        arrays = Math.min(arrays, after.arrayBuffers - before.arrayBuffers)
      }
      console.log(JSON.stringify({
        heap,
        arrays,
        pages: grown - pages,
        sum: out.data.reduce((a, b) => a + b),
      }))`)
    assert.ok(told['sum']! > 0)
    assert.is(told['pages'], 0, 'pages of WebAssembly memory')
    assert.ok(told['arrays']! <= 0, `${told['arrays']} bytes of typed arrays`)
    // four bytes a frame, were each to leave something
    assert.ok(told['heap']! < 40_000, `${told['heap']} bytes on the heap`)
  })

  test(`${solver}: 20 000 frames take a quarter of their result beside it at most, and no more WebAssembly memory than 600`, () => {
    const told = inNode(`${begin(solver)}
      const inverse = new InverseBarkScale({ nStft, nBarks, solver, threads: 1 })
      await inverse.solve(tensor(nBarks, 600))
      const pages = grown
      const bark = tensor(nBarks, 20000)
      const before = process.memoryUsage().rss
      const { spectrogram } = await inverse.solve(bark)
      const extra = peak() - before - spectrogram.data.byteLength
      console.log(JSON.stringify({ part: extra / spectrogram.data.byteLength, pages: grown - pages, first: pages }))`)
    assert.ok(told['first']! > 0)
    assert.is(told['pages'], 0, 'pages of WebAssembly memory')
    assert.ok(told['part']! < 0.25, `${told['part']} of the result`)
  })
}

test.run()
