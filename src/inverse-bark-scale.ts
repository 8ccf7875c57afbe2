import type { Backend, FilterbankSpec, Problem, SgdArguments } from './backend.ts'
import { chooseBackend } from './backends/choose.ts'
import {
  BARK_OPTIONS,
  type BarkOptions,
  DEVICE_OPTIONS,
  type DeviceOptions,
  readBark,
  readDevice,
  warnOfEmptyBands,
} from './bark-options.ts'
import {
  expected,
  type OnWarning,
  readBoolean,
  readChoice,
  readCount,
  readFunction,
  readInteger,
  readNumber,
  readOptions,
  readSignal,
  readWarnings,
  show,
} from './options.ts'
import type { Report } from './report.ts'
import { driveSgd, type Outcome, type StopRule } from './sgd-driver.ts'
import { readSgd, type SgdArgs } from './sgd-options.ts'
import { type OnProgress, run, runSync, type Status, type Steps } from './steps.ts'
import { readTensor, readTensorSync, type Tensor, type TensorLike } from './tensor.ts'
import { now } from './turn.ts'
import { checkFinite, checkSpectrogram, readFrames } from './values.ts'

export interface InverseBarkScaleOptions extends BarkOptions, DeviceOptions {
  /** Number of bins of the spectrogram: n_fft // 2 + 1, from 1 to 65 536. */
  nStft: number
  /** Most iterations, at least 0. Default 100 000. */
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
  /** Default `'sgd'`, torchaudio's own. */
  solver?: 'sgd' | undefined
  /** How sgd runs its iterations. Default `'auto'`. */
  stepping?: 'auto' | 'plain' | undefined
  /** Seed of the random start, as `torch.manual_seed` takes it (modulo 2^32). Default 0. */
  seed?: number | undefined
  /** Whether the report holds the loss of every iteration. Default false. */
  history?: boolean | undefined
}

/** Options of a single call. */
export interface SolveOptions {
  /** Rejects the call with `signal.reason` when it aborts. */
  signal?: AbortSignal | undefined
  /** Called about twenty times a second, and at the end. */
  onProgress?: OnProgress | undefined
  /** Where to start from instead of the random start: [..., nStft, time], at least 0. */
  init?: TensorLike | undefined
  /** In place of the constructor's. */
  seed?: number | undefined
  /** In place of the constructor's. */
  history?: boolean | undefined
}

export interface SolveSyncOptions extends Omit<SolveOptions, 'signal'> {
  /** Receives the result (and is worked in until then); its report is one object, used again by every such call. */
  out?: Tensor | undefined
}

export interface Solved {
  /** [..., nStft, time] */
  spectrogram: Tensor
  report: Report
}

/** A call, checked, with its result to be. */
interface Task {
  bark: Tensor
  init: Tensor | undefined
  seed: number
  history: { iteration: number; loss: number }[] | undefined
  batch: number
  time: number
  spectrogram: Tensor
  status: Status
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

const CALL = ['signal', 'onProgress', 'init', 'seed', 'history'] as const
const CALL_SYNC = ['onProgress', 'init', 'seed', 'history', 'out'] as const

/**
 * From Bark bands back to linear frequency: torchaudio.prototype.transforms.InverseBarkScale (deprecated in torchaudio
 * 2.8, removed in 2.9).
 *
 * Finds S >= 0 that minimises the sum over bands of (bark - filterbank^T S)^2, averaged over all frames, by momentum SGD
 * from a random start, and stops as upstream does. The same seed gives torchaudio's own result after
 * `torch.manual_seed(seed)`, up to rounding; docs/torchaudio.md lists every difference.
 *
 * ```ts
 * const inverse = new InverseBarkScale({ nStft: 513 })
 * const { spectrogram, report } = await inverse.solve(bark)
 * ```
 */
export class InverseBarkScale {
  readonly #spec: FilterbankSpec
  readonly #rule: StopRule
  readonly #sgd: SgdArguments
  readonly #seed: number
  readonly #history: boolean
  readonly #warn: OnWarning
  readonly #backend: Backend
  #filterbank: Tensor | undefined
  /** What `solveSync` gives back with `out`. */
  #reused: Solved | undefined

  /** @throws TypeError or RangeError that names the option */
  constructor(options: InverseBarkScaleOptions) {
    const read = readOptions<InverseBarkScaleOptions>('InverseBarkScale', options, KNOWN)
    this.#spec = readBark(read, readCount('nStft', read.nStft))
    this.#rule = {
      maxIter: readInteger('maxIter', read.maxIter, 100000, 0),
      toleranceLoss: readNumber('toleranceLoss', read.toleranceLoss, 1e-5, 0),
      toleranceChange: readNumber('toleranceChange', read.toleranceChange, 1e-8, 0),
    }
    this.#sgd = readSgd(read.sgdargs)
    readChoice<string>('solver', read.solver, ['sgd'], 'sgd', ['nnls', 'maxent'])
    readChoice('stepping', read.stepping, ['auto', 'plain'], 'auto')
    readDevice(read)
    this.#seed = readInteger('seed', read.seed, 0, 0)
    this.#history = readBoolean('history', read.history, false)
    this.#warn = readWarnings(read.onWarning)
    this.#backend = chooseBackend(this.#spec)
    warnOfEmptyBands(this.#backend.bank.emptyBands, this.#spec.nBands, this.#spec.nBins, this.#warn)
  }

  /** The filterbank, float32 [nStft, nBarks]. */
  get filterbank(): Tensor {
    this.#filterbank ??= { data: this.#backend.bank.dense(), shape: [this.#spec.nBins, this.#spec.nBands] }
    return this.#filterbank
  }

  /** {@link solve} without its report. */
  async forward(bark: TensorLike, options: SolveOptions = {}): Promise<Tensor> {
    return (await this.solve(bark, options)).spectrogram
  }

  /**
   * Inverts a Bark spectrogram, giving the event loop a turn every few milliseconds.
   * @param bark [..., nBarks, time], power or magnitude, with any number of leading dimensions; left unchanged, and not
   *   to be changed before the call has settled
   * @returns the spectrogram, [..., nStft, time], and a report
   * @throws TypeError or RangeError that names the argument; RangeError where the loss diverges; `signal.reason` on abort
   */
  async solve(bark: TensorLike, options: SolveOptions = {}): Promise<Solved> {
    const start = now()
    const read = readOptions<SolveOptions>('solve', options, CALL)
    const signal = readSignal(read.signal)
    const onProgress = readFunction('onProgress', read.onProgress, undefined)
    signal?.throwIfAborted()
    const tensor = await readTensor('bark', bark)
    const init = read.init === undefined ? undefined : await readTensor('init', read.init)
    const task = this.#task(tensor, init, read, undefined)
    const outcome = await run(this.#steps(task), { signal, onProgress, status: task.status })
    return { spectrogram: task.spectrogram, report: this.#report(outcome, task, start) }
  }

  /**
   * The same at once, on the calling thread, for worklets and scripts.
   *
   * With `out` the result is written into `out.data`, and what is returned, report included, is the same object at every
   * call; once a call has been made, further ones of its size allocate no more than a kilobyte of small objects.
   * @throws TypeError also for tensors whose data is a promise
   */
  solveSync(bark: TensorLike, options: SolveSyncOptions = {}): Solved {
    const start = now()
    const read = readOptions<SolveSyncOptions>('solveSync', options, CALL_SYNC)
    const onProgress = readFunction('onProgress', read.onProgress, undefined)
    const tensor = readTensorSync('bark', bark)
    const init = read.init === undefined ? undefined : readTensorSync('init', read.init)
    const task = this.#task(tensor, init, read, read.out)
    const outcome = runSync(this.#steps(task), { onProgress, status: task.status })
    const report = this.#report(outcome, task, start)
    if (!read.out) return { spectrogram: task.spectrogram, report }
    this.#reused ??= { spectrogram: task.spectrogram, report }
    this.#reused.spectrogram = task.spectrogram
    Object.assign(this.#reused.report, report)
    return this.#reused
  }

  /** Gives back the memory that solves have left for the next; the object stays usable. */
  dispose(): void {
    this.#backend.dispose()
    this.#reused = undefined
  }

  [Symbol.dispose](): void {
    this.dispose()
  }

  #task(bark: Tensor, init: Tensor | undefined, read: SolveOptions, out: Tensor | undefined): Task {
    const { nBins, nBands } = this.#spec
    const { lead, batch, time } = readFrames('bark', bark, nBands, 'bands')
    const shape = [...lead, nBins, time]
    const history = readBoolean('history', read.history, this.#history)
    if (init && (init.shape.length !== shape.length || init.shape.some((n, i) => n !== shape[i]))) {
      throw new RangeError(expected('init.shape', show(shape), init.shape))
    }
    const seed = readInteger('seed', read.seed, this.#seed, 0)
    const spectrogram = out ? readOut(out, shape) : { data: new Float32Array(batch * nBins * time), shape }
    const status = { stage: 'sgd', iteration: 0, of: this.#rule.maxIter, frames: batch * time, loss: null }
    return {
      bark: apart(bark, spectrogram),
      init: init && apart(init, spectrogram),
      seed,
      history: history ? [] : undefined,
      batch,
      time,
      spectrogram,
      status,
    }
  }

  *#steps(task: Task): Steps<Outcome> {
    const { bark, init, batch, time, seed, history, status } = task
    yield* checkSpectrogram('bark', bark, this.#warn)
    if (init) {
      const { least } = yield* checkFinite('init', init)
      if (least < 0) throw new RangeError(expected('init', 'values >= 0', least))
    }
    if (batch * time === 0) return { iterations: 0, loss: null, stopReason: 'optimal' }
    const spectrogram = task.spectrogram.data
    const problem: Problem = { bark: bark.data, batch, time, sgd: this.#sgd, seed, spectrogram }
    const session = this.#backend.open(problem)
    if (init) session.restore({ iteration: 0, spectrogram: init.data })
    const into = { iteration: 0, spectrogram }
    return yield* driveSgd(session, this.#rule, this.#sgd, into, status, history)
  }

  #report(outcome: Outcome, { history }: Task, start: number): Report {
    const { device, name, threads } = this.#backend
    const stepping = { plain: outcome.iterations, watched: 0, jumped: 0 }
    const report: Report = {
      solver: 'sgd',
      device,
      backend: name,
      threads,
      ...outcome,
      stepping,
      elapsedMs: now() - start,
    }
    if (history) report.history = history
    return report
  }
}

function readOut(out: Tensor, shape: number[]): Tensor {
  const length = shape.reduce((product, n) => product * n, 1)
  if (typeof out !== 'object' || out === null || !(out.data instanceof Float32Array)) {
    throw new TypeError(expected('out', 'a tensor { data: Float32Array, shape }', out))
  }
  if (out.data.length !== length) {
    throw new RangeError(`out.data: expected ${length} values for shape ${show(shape)}, got ${out.data.length}`)
  }
  return { data: out.data, shape }
}

/** A tensor that shares no memory with the result: the result is worked in before all of its input has been read. */
function apart(tensor: Tensor, result: Tensor): Tensor {
  if (tensor.data.buffer !== result.data.buffer) return tensor
  return { data: tensor.data.slice(), shape: tensor.shape }
}
