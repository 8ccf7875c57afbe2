import type { Awaitable, Backend, ExactSession, Gears, Problem, Session } from './backend.ts'
import { chooseBackend, cpuOnly } from './backends/choose.ts'
import { warnOfEmptyBands } from './bark-options.ts'
import { driveExact, type ExactOutcome, newFrameReport } from './exact-driver.ts'
import {
  CALL_OPTIONS,
  CALL_SYNC_OPTIONS,
  type InverseBarkScaleOptions,
  type InverseSettings,
  readInverse,
  type SolveOptions,
  type SolveSyncOptions,
} from './inverse-options.ts'
import { expected, readBoolean, readFunction, readInteger, readOptions, readSignal, show } from './options.ts'
import type { FrameReport, Report } from './report.ts'
import { driveSgd, type Outcome } from './sgd-driver.ts'
import { run, runSync, type Status, type Steps } from './steps.ts'
import {
  dense,
  denseFloat32,
  kindOf,
  newFloats,
  readSource,
  type Source,
  settle,
  settleSync,
  size,
  type Tensor,
  type TensorLike,
  type Values,
} from './tensor.ts'
import { now } from './turn.ts'
import { checkFinite, checkSpectrogram, readFrames } from './values.ts'

export interface Solved {
  /** [..., nStft, time] */
  spectrogram: Tensor
  report: Report
}

/** Of no frame. */
const NOTHING = {
  sgd: { iterations: 0, loss: null, stopReason: 'optimal' },
  exact: { iterations: 0, loss: null, stopReason: 'optimal', optimality: 0, bandError: 0 },
} as const

/** A call, checked but for its values, with its result to be. */
interface Task {
  bark: Source
  init: Source | undefined
  seed: number
  history: { iteration: number; loss: number }[] | undefined
  frames: FrameReport | undefined
  batch: number
  time: number
  spectrogram: Tensor
  status: Status
  /** Which ran it; none where there was nothing to run. */
  session: Session | ExactSession | undefined
}

/**
 * From Bark bands back to linear frequency: torchaudio.prototype.transforms.InverseBarkScale (deprecated in torchaudio
 * 2.8, removed in 2.9).
 *
 * Finds S >= 0 that minimises the sum over bands of (bark - filterbank^T S)^2, averaged over all frames, by momentum SGD
 * from a random start, and stops as upstream does. The same seed gives torchaudio's own result after
 * `torch.manual_seed(seed)`, up to rounding; docs/torchaudio.md lists every difference. Two exact solvers, `'nnls'` and
 * `'maxent'`, need milliseconds and no seed (docs/algorithms.md).
 *
 * ```ts
 * const inverse = new InverseBarkScale({ nStft: 513 })
 * const { spectrogram, report } = await inverse.solve(bark)
 * ```
 */
export class InverseBarkScale {
  readonly #settings: InverseSettings
  readonly #backend: Backend
  /** The report of `solveSync` with `out`. */
  #report: Report | undefined

  /** @throws TypeError or RangeError that names the option */
  constructor(options: InverseBarkScaleOptions) {
    this.#settings = readInverse(options)
    const { spec, workers, warn } = this.#settings
    this.#backend = chooseBackend(spec, workers)
    warnOfEmptyBands(this.#backend.bank.emptyBands, spec.nBands, spec.nBins, warn)
  }

  /** The filterbank, float32 [nStft, nBarks]; a copy. */
  get filterbank(): Tensor {
    const { nBins, nBands } = this.#settings.spec
    return { data: this.#backend.bank.dense(), shape: [nBins, nBands] }
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
    const read = readOptions<SolveOptions>('solve', options, CALL_OPTIONS)
    const signal = readSignal(read.signal)
    const onProgress = readFunction('onProgress', read.onProgress, undefined)
    signal?.throwIfAborted()
    const source = await settle(readSource('bark', bark), signal)
    const init = read.init === undefined ? undefined : await settle(readSource('init', read.init), signal)
    const task = this.#task(source, init, read, undefined)
    const outcome = await run(this.#steps(task, false), { signal, onProgress, status: task.status })
    return { spectrogram: task.spectrogram, report: this.#reportOn(outcome, task, start) }
  }

  /**
   * The same at once, on the calling thread, for worklets and scripts.
   *
   * With `out` the result is written into `out.data`, and the report is the same object at every call. After a call,
   * further ones of its size allocate no data, only small objects.
   * @throws TypeError also for tensors whose data is a promise
   */
  solveSync(bark: TensorLike, options: SolveSyncOptions = {}): Solved {
    const start = now()
    const read = readOptions<SolveSyncOptions>('solveSync', options, CALL_SYNC_OPTIONS)
    const onProgress = readFunction('onProgress', read.onProgress, undefined)
    const source = settleSync(readSource('bark', bark))
    const init = read.init === undefined ? undefined : settleSync(readSource('init', read.init))
    const task = this.#task(source, init, read, read.out)
    const outcome = runSync(this.#steps(task, true), { onProgress, status: task.status })
    const report = this.#reportOn(outcome, task, start)
    if (!read.out) return { spectrogram: task.spectrogram, report }
    this.#report ??= report
    for (const name of ['history', 'frames', 'unsolved'] as const) if (!report[name]) delete this.#report[name]
    return { spectrogram: read.out, report: Object.assign(this.#report, report) }
  }

  /** Gives back the memory that solves have left for the next; the object stays usable. */
  dispose(): void {
    this.#backend.dispose()
  }

  [Symbol.dispose](): void {
    this.dispose()
  }

  #task(bark: Source, init: Source | undefined, read: SolveOptions, out: Tensor | undefined): Task {
    const { spec, solver, rule, ...defaults } = this.#settings
    const { lead, batch, time } = readFrames('bark', bark, spec.nBands, 'bands')
    const shape = [...lead, spec.nBins, time]
    const history = readBoolean('history', read.history, defaults.history)
    if (init && !isShape(init.shape, shape)) {
      throw new RangeError(expected('init.shape', show(shape), init.shape))
    }
    const seed = readInteger('seed', read.seed, defaults.seed, 0)
    const perFrame = readBoolean('perFrame', read.perFrame, false)
    const data = out ? readOut(out, shape) : newFloats('bark', size(shape))
    const frames = batch * time
    const isExact = solver !== 'sgd'
    const status = { stage: solver, iteration: 0, of: isExact ? frames : rule.maxIter, frames, loss: null }
    return {
      bark,
      init,
      seed,
      history: history && !isExact ? [] : undefined,
      frames: perFrame && isExact ? newFrameReport(frames) : undefined,
      batch,
      time,
      spectrogram: { data, shape },
      status,
      session: undefined,
    }
  }

  *#steps(task: Task, isSync: boolean): Steps<Outcome | ExactOutcome> {
    const { batch, time, seed, history, status } = task
    const { solver, rule, stepping, sgd, warn } = this.#settings
    const spectrogram = task.spectrogram.data
    const bark = apart(yield* dense(task.bark), spectrogram)
    yield* checkSpectrogram('bark', bark, task.bark.shape, warn)
    let init: Float32Array | undefined
    if (task.init) {
      init = apart(yield* denseFloat32(task.init), spectrogram)
      const { least } = yield* checkFinite('init', init, task.init.shape)
      if (least < 0) throw new RangeError(expected('init', 'values >= 0', least))
    }
    if (batch * time === 0) return NOTHING[solver === 'sgd' ? 'sgd' : 'exact']
    if (solver !== 'sgd') {
      const problem = { solver, bark, batch, time, init, spectrogram }
      const session = yield* this.#open(task, this.#backend.openExact(problem, { isSync }))
      return yield* driveExact(session, status, task.frames)
    }
    const problem: Problem = { bark, batch, time, sgd, seed, spectrogram }
    const run = { maxIter: rule.maxIter, isSync, stepping, everyLoss: history !== undefined }
    const session = yield* this.#open(task, this.#backend.open(problem, run))
    if (init) session.restore({ iteration: 0, spectrogram: init })
    return yield* driveSgd(session, rule, sgd, { iteration: 0, spectrogram }, status, history)
  }

  /** A session that is closed even if the call ends while it is being opened. */
  *#open<S extends Session | ExactSession>(task: Task, opening: Awaitable<S>): Steps<S> {
    let session: S | undefined
    try {
      session = (yield opening) as S
      task.session = session
      return session
    } finally {
      if (!session && opening instanceof Promise) opening.then((late) => late.close()).catch(() => {})
    }
  }

  #reportOn(outcome: Outcome | ExactOutcome, task: Task, start: number): Report {
    const { solver, workers } = this.#settings
    const { history, frames, session } = task
    const { device = 'cpu', backend = 'wasm', adapter } = session && 'device' in session ? session : {}
    const { threads = 1 } = session ?? {}
    const report: Report = { solver, device, backend, threads, ...outcome, elapsedMs: now() - start }
    if (solver === 'sgd')
      report.stepping = steppingOf(outcome.iterations, session && 'gears' in session ? session.gears : undefined)
    if (adapter) report.adapter = adapter
    const why = [solver === 'sgd' ? undefined : cpuOnly(workers.device, solver), session?.why]
      .filter(Boolean)
      .join('; ')
    if (why) report.why = why
    if (history) report.history = history
    if (frames) report.frames = frames
    return report
  }
}

/** How many of the iterations were stepped in which way. */
function steppingOf(iterations: number, gears: Gears | undefined): { plain: number; watched: number; jumped: number } {
  const plain = Math.min(iterations, gears?.watchFrom ?? iterations)
  const jumped = Math.max(0, iterations - (gears?.jumpFrom ?? iterations))
  return { plain, watched: iterations - plain - jumped, jumped }
}

function isShape(given: unknown, shape: number[]): boolean {
  return Array.isArray(given) && given.length === shape.length && given.every((n, i) => n === shape[i])
}

/** The array that a result is to be written to. */
function readOut(out: Tensor, shape: number[]): Float32Array {
  if (typeof out !== 'object' || out === null || kindOf(out.data) !== 'Float32Array') {
    throw new TypeError(expected('out', 'a tensor { data: Float32Array, shape }', out))
  }
  if (!isShape(out.shape, shape)) throw new RangeError(expected('out.shape', show(shape), out.shape))
  if (out.data.length !== size(shape)) {
    throw new RangeError(`out.data: expected ${size(shape)} values for shape ${show(shape)}, got ${out.data.length}`)
  }
  return out.data
}

/** Values that share no memory with the result: the result is worked in before all of its input has been read. */
function apart<T extends Values>(values: T, result: Float32Array): T {
  return values.buffer === result.buffer ? (values.slice() as T) : values
}
