/**
 * The two WebAssembly modules of assembly/, compiled once each and instantiated on demand: the only place that meets
 * WebAssembly. The bytes are inlined, so that no bundler, server or worklet needs configuring.
 */

import { takeAway } from './text-decoder.ts'

// The loader comes after it: it makes a TextDecoder when it is imported.

import { instantiateSync } from '@assemblyscript/loader'
import solveBytes from '../../generated/solve.ts'
import soundBytes from '../../generated/sound.ts'
import { decodeAscii } from './ascii.ts'
import type { SolveCore } from './solve-abi.ts'
import type { SoundCore } from './sound-abi.ts'

export type { Core, SolveCore } from './solve-abi.ts'
export type { SoundCore } from './sound-abi.ts'

takeAway()

let solveModule: WebAssembly.Module | undefined
let soundModule: WebAssembly.Module | undefined

/** The compiled solvers, to be handed to a worker. */
export function compiledSolve(): WebAssembly.Module {
  solveModule ??= new WebAssembly.Module(decodeAscii(solveBytes))
  return solveModule
}

/** Takes over what another thread has compiled. */
export function adoptSolve(module: WebAssembly.Module): void {
  solveModule = module
}

/** A fresh instance of the scales, filterbank and solvers, with a memory of its own. */
export function instantiateSolve(): SolveCore {
  return instantiateSync<SolveCore>(compiledSolve()).exports
}

/** The compiled transforms, to be handed to a worker. */
export function compiledSound(): WebAssembly.Module {
  soundModule ??= new WebAssembly.Module(decodeAscii(soundBytes))
  return soundModule
}

/** Takes over what another thread has compiled. */
export function adoptSound(module: WebAssembly.Module): void {
  soundModule = module
}

/** A fresh instance of the transforms, with a memory of its own. */
export function instantiateSound(): SoundCore {
  return instantiateSync<SoundCore>(compiledSound()).exports
}
