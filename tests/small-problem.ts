/** A problem that is solved in milliseconds, for tests of threads and their workers. */
import type { FilterbankSpec } from '../src/backend.ts'
import { InverseBarkScale, type InverseBarkScaleOptions } from '../src/index.ts'
import { workerUrl } from './place.ts'

export const nStft = 67
export const nBarks = 21
export const small = {
  nStft,
  nBarks,
  sampleRate: 8000,
  maxIter: 60,
  toleranceLoss: 0,
  toleranceChange: 0,
  workerUrl,
}

/** Its bank, as a backend is told of it. */
export const spec: FilterbankSpec = {
  nBins: nStft,
  nBands: nBarks,
  fMin: 0,
  fMax: 4000,
  sampleRate: 8000,
  barkScale: 'traunmuller',
  corrected: false,
}

export function tensor(...shape: number[]): { data: Float32Array; shape: number[] } {
  const length = shape.reduce((n, m) => n * m, 1)
  return { data: Float32Array.from({ length }, (_, i) => 1 + Math.sin(i * i)), shape }
}

export async function solve(options: InverseBarkScaleOptions, bark = tensor(2, nBarks, 150)) {
  const inverse = new InverseBarkScale(options)
  try {
    return await inverse.solve(bark)
  } finally {
    inverse.dispose()
  }
}
