import { LOSSES } from './kernels.ts'

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
