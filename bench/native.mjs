/** Compiles native/sgd.c, where there is a C compiler and the processor has AVX2, and runs a problem through it. */
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'

let program

function compile() {
  fs.mkdirSync('bench/out', { recursive: true })
  const source = new URL('./native/sgd.c', import.meta.url).pathname
  try {
    execFileSync('cc', ['-O3', '-mavx2', '-mfma', '-o', 'bench/out/sgd', source], { stdio: 'pipe' })
    return 'bench/out/sgd'
  } catch {
    return null
  }
}

/** Nanoseconds of one native iteration over all frames; undefined where it cannot be had. */
export function nativeIteration({ nBins, nBands, frames, iterations, weights, runs }) {
  program ??= compile()
  if (!program) return undefined
  const bytes = (array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength)
  const head = Int32Array.of(nBins, nBands, frames, iterations)
  const tuning = Float32Array.of(0.9, (0.1 * 2) / frames)
  const input = Buffer.concat([head, tuning, runs, weights].map(bytes))
  try {
    return Number(execFileSync(program, { input }).toString().split(' ')[0])
  } catch {
    return undefined
  }
}
