/** The options of InverseBarkScale and of its calls. */
import type { FilterbankSpec, SgdArguments } from './backend.ts'
import type { Placement } from './backends/choose.ts'
import {
  BARK_OPTIONS,
  type BarkOptions,
  DEVICE_OPTIONS,
  type DeviceOptions,
  readBark,
  readDevice,
} from './bark-options.ts'
import {
  readBoolean,
  readChoice,
  readCount,
  readInteger,
  readNumber,
  readOptions,
  readWarnings,
  type Warn,
} from './options.ts'
import type { SolverName } from './report.ts'
import type { StopRule } from './sgd-driver.ts'
import { readSgd, type SgdArgs } from './sgd-options.ts'
import type { OnProgress } from './steps.ts'
import type { Tensor, TensorLike } from './tensor.ts'

export interface InverseBarkScaleOptions extends BarkOptions, DeviceOptions {
  /** Number of bins of the spectrogram: n_fft // 2 + 1, from 1 to 65 536. */
  nStft: number
  /** Most iterations of `'sgd'`, at least 0. Default 100 000. */
  maxIter?: number | undefined
  /** Stops where the loss, a sum over bands and a mean over frames, is below this. Default 1e-5; 0 never stops. */
  toleranceLoss?: number | undefined
  /** Stops where the loss changes by less than this in an iteration. Default 1e-8; 0 never stops. */
  toleranceChange?: number | undefined
  /**
   * Arguments of torch.optim.SGD. As in torchaudio they are *not merged* with the defaults: leaving them out means
   * lr 0.1 and momentum 0.9, `{ momentum: 0.9 }` means lr 0.001, and `{ lr: 0.3 }` means no momentum.
   */
  sgdargs?: SgdArgs | null | undefined
  /**
   * `'sgd'` (default) is torchaudio's own. `'nnls'` gives the spectrogram of least norm among those that come closest to
   * the bands; `'maxent'` the smoothest, with every band met. Both take milliseconds, and no seed.
   */
  solver?: SolverName | undefined
  /**
   * How `'sgd'` runs its iterations on the CPU. `'plain'` takes every one by itself, in float32 as torchaudio does.
   * `'auto'` (default) takes the same iterations in fewer operations where they are many, and comes nearer to what they
   * are in exact arithmetic; the report's `stepping` says how many were taken in which way.
   */
  stepping?: 'auto' | 'plain' | undefined
  /** Seed of the random start, as `torch.manual_seed` takes it (modulo 2^32). Default 0. */
  seed?: number | undefined
  /** Whether the report of `'sgd'` holds the loss of every iteration. Default false. */
  history?: boolean | undefined
}

/** Options of a single call. */
export interface SolveOptions {
  /** Rejects the call with `signal.reason` when it aborts. */
  signal?: AbortSignal | undefined
  /** Called about twenty times a second, and at the end. */
  onProgress?: OnProgress | undefined
  /**
   * Where `'sgd'` starts from instead of the random start, and what the solutions of `'nnls'` (by distance) and of
   * `'maxent'` (by relative entropy) are nearest to: [..., nStft, time], at least 0. For `'maxent'`, what is below 2^-40
   * of its bands' average is raised to that, so that it can grow.
   */
  init?: TensorLike | undefined
  /** In place of the constructor's. */
  seed?: number | undefined
  /** In place of the constructor's. */
  history?: boolean | undefined
  /** Whether the report of an exact solver holds values of every frame. Default false. */
  perFrame?: boolean | undefined
}

export interface SolveSyncOptions extends Omit<SolveOptions, 'signal'> {
  /** Receives the result (and is worked in until then); its report is one object, used again by every such call. */
  out?: Tensor | undefined
}

const KNOWN = [
  'nStft',
  ...BARK_OPTIONS,
  'maxIter',
  'toleranceLoss',
  'toleranceChange',
  'sgdargs',
  'solver',
  'stepping',
  'seed',
  'history',
  ...DEVICE_OPTIONS,
] as const

export const CALL_OPTIONS = ['signal', 'onProgress', 'init', 'seed', 'history', 'perFrame'] as const
export const CALL_SYNC_OPTIONS = ['onProgress', 'init', 'seed', 'history', 'perFrame', 'out'] as const

export interface InverseSettings {
  spec: FilterbankSpec
  solver: SolverName
  rule: StopRule
  stepping: 'auto' | 'plain'
  sgd: SgdArguments
  workers: Placement
  seed: number
  history: boolean
  warn: Warn
}

/** Throws TypeError or RangeError that names the option. */
export function readInverse(options: unknown): InverseSettings {
  const read = readOptions<InverseBarkScaleOptions>('InverseBarkScale', options, KNOWN)
  const spec = readBark(read, readCount('nStft', read.nStft))
  const rule = {
    maxIter: readInteger('maxIter', read.maxIter, 100000, 0),
    toleranceLoss: readNumber('toleranceLoss', read.toleranceLoss, 1e-5, 0),
    toleranceChange: readNumber('toleranceChange', read.toleranceChange, 1e-8, 0),
  }
  const sgd = readSgd(read.sgdargs)
  const solver = readChoice('solver', read.solver, ['sgd', 'nnls', 'maxent'], 'sgd')
  const stepping = readChoice('stepping', read.stepping, ['auto', 'plain'], 'auto')
  const workers = readDevice(read, solver === 'sgd' ? undefined : solver)
  const seed = readInteger('seed', read.seed, 0, 0)
  const history = readBoolean('history', read.history, false)
  return { spec, solver, rule, stepping, sgd, workers, seed, history, warn: readWarnings(read.onWarning) }
}
