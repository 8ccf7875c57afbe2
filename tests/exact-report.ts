/** What the suites of the exact solvers read of a solve: the one place that knows the report's names. */
import { type DeviceOptions, InverseBarkScale, type TensorLike } from '../src/index.ts'
import type { BankOptions } from './oracle/problems.ts'

export type ExactSolver = 'nnls' | 'maxent'

export interface Frames {
  data: Float32Array
  shape: number[]
}

export interface Exact {
  /** [nStft, frames] and the like, as the solve gave it */
  spectrogram: Frames
  /** Most passes that a frame took. */
  iterations: number
  loss: number | null
  /** The worst frame's optimality residual. */
  optimality: number
  stopReason: string
  /** Frames that ended at the bound. */
  unsolved: number[]
  /** The worst frame's worst band, relative. */
  bandError: number
  /** The same of every frame. */
  frames: {
    iterations: ArrayLike<number>
    optimality: ArrayLike<number>
    bandError: ArrayLike<number>
    loss: ArrayLike<number>
  }
}

export interface Call {
  init?: TensorLike
  isSync?: boolean
}

export type Solve = (solver: ExactSolver, bank: BankOptions, bark: TensorLike, call?: Call) => Promise<Exact>

/** The library as a `Solve`. */
export function libraryOn(device: DeviceOptions): Solve {
  return async (solver, bank, bark, { init, isSync } = {}) => {
    const inverse = new InverseBarkScale({ ...bank, ...device, solver, onWarning() {} })
    const more = { init, perFrame: true }
    const { spectrogram, report } = isSync ? inverse.solveSync(bark, more) : await inverse.solve(bark, more)
    inverse.dispose()
    const { iterations, loss, optimality, bandError, stopReason, frames, unsolved = [] } = report
    if (optimality === undefined || bandError === undefined || !frames) throw new Error('a report without its figures')
    return { spectrogram, iterations, loss, optimality, bandError, stopReason, frames, unsolved }
  }
}
