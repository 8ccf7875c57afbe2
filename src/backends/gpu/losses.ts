/** Losses of frames, (iterations, frames), and what is made of them. */
import { LOSSES } from './kernels.ts'

/** Frames of a block, as on the CPU (src/backends/wasm/frames.ts): no tile may cut one. */
export const BLOCK = 32

/** Losses as the states hold them, LOSSES iterations at a time with the newest first, in the order of the iterations. */
export function oldestFirst(losses: Float32Array, iterations: number, frames: number): Float32Array {
  const ordered = new Float32Array(losses.length)
  for (let done = 0; done < iterations; done += LOSSES) {
    const end = Math.min(done + LOSSES, iterations)
    for (let i = done; i < end; i++) {
      const from = (done + end - 1 - i) * frames
      ordered.set(losses.subarray(from, from + frames), i * frames)
    }
  }
  return ordered
}

/** Adds the losses of iteration `i` to a total, block by block as on the CPU. */
export function addBlocks(total: number, losses: Float32Array, i: number, frames: number): number {
  const end = (i + 1) * frames
  for (let first = i * frames; first < end; first += BLOCK) {
    let block = 0
    for (let t = first; t < Math.min(first + BLOCK, end); t++) block += losses[t]!
    total += block
  }
  return total
}
