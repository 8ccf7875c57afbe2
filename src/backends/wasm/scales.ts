import type { BarkScaleName } from '../../backend.ts'
import { instantiateSolve, type SolveCore } from './core.ts'
import { SCALES } from './filterbank.ts'

let core: SolveCore | undefined

export function hzToBark(hz: number, scale: BarkScaleName): number {
  core ??= instantiateSolve()
  return core.hzToBark(hz, SCALES[scale])
}

export function barkToHz(bark: number, scale: BarkScaleName): number {
  core ??= instantiateSolve()
  return core.barkToHz(bark, SCALES[scale])
}
