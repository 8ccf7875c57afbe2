/** What the settings of the page are called in unbark. */
import type { BarkSpectrogramOptions, InverseBarkScaleOptions, InverseBarkSpectrogramOptions } from 'unbark'
import type { Settings } from './settings.ts'

export function barkOptions(settings: Settings, sampleRate: number): BarkSpectrogramOptions {
  const { nFft, hop, bands, power, scale, filterbank } = settings
  return { sampleRate, nFft, hopLength: hop, nBarks: bands, power: Number(power), barkScale: scale, filterbank }
}

export function inverseOptions(settings: Settings, sampleRate: number): InverseBarkScaleOptions {
  const { nFft, bands, scale, filterbank, solver, maxIter, device, threads } = settings
  // the exact solvers run on the CPU only
  const ofSgd = solver === 'sgd' ? { maxIter, device } : { device: 'cpu' as const }
  return {
    nStft: Math.floor(nFft / 2) + 1,
    nBarks: bands,
    sampleRate,
    barkScale: scale,
    filterbank,
    solver,
    ...ofSgd,
    threads: threads || 'auto',
  }
}

export function soundOptions(settings: Settings, sampleRate: number): InverseBarkSpectrogramOptions {
  const { method, phase, iterations, solver, threads } = settings
  return { ...barkOptions(settings, sampleRate), method, phase, iterations, solver, threads: threads || 'auto' }
}
