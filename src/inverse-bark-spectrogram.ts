import { chooseJoint } from './backends/choose.ts'
import { warnOfEmptyBands } from './bark-options.ts'
import { InverseBarkScale } from './inverse-bark-scale.ts'
import {
  type InverseBarkSpectrogramOptions,
  type InverseBarkSpectrogramSettings,
  readInverseBarkSpectrogram,
  unreached,
} from './inverse-bark-spectrogram-options.ts'
import type { JointSession, JointSolver, StageTimes } from './joint.ts'
import { driveJoint } from './joint-driver.ts'
import { expected, readFunction, readInteger, readOptions, readSignal } from './options.ts'
import type { SolverName } from './report.ts'
import { type OnProgress, run, type Status, type Steps } from './steps.ts'
import {
  dense,
  newFloats,
  readSource,
  type Source,
  settle,
  type Tensor,
  type TensorLike,
  type Values,
} from './tensor.ts'
import { now } from './turn.ts'
import { checkSpectrogram, readFrames } from './values.ts'

/** Options of a single call. */
export interface InverseBarkSpectrogramCallOptions {
  /** Rejects the call with `signal.reason` when it aborts. */
  signal?: AbortSignal | undefined
  /** Called about twenty times a second, and at the end, with the iterations done, on average over the frames. */
  onProgress?: OnProgress | undefined
  /** In place of the constructor's. */
  seed?: number | undefined
  /** In place of the constructor's. */
  length?: number | null | undefined
}

/** What a call says of itself. */
export interface SoundReport {
  method: 'joint' | 'griffin-lim'
  solver: SolverName
  device: 'cpu'
  backend: 'wasm'
  threads: number
  /** What was looked for and not used, and why. */
  why?: string
  iterations: number
  stopReason: 'iterations'
  /** |bark - bands of the waveform| / |bark|, of the batch item where it is greatest; null for no item. */
  bandConvergence: number | null
  /** Milliseconds of each stage, with threads those of all of them. */
  stages: StageTimes
  elapsedMs: number
}

export interface Sound {
  /** [..., samples] */
  waveform: Tensor
  report: SoundReport
}

const CALL_OPTIONS = ['signal', 'onProgress', 'seed', 'length'] as const

/** A call, checked but for its values. */
interface Task {
  bark: Source
  seed: number
  samples: number
  batch: number
  time: number
  waveform: Tensor
  session: JointSession | undefined
}

/**
 * From Bark bands to sound: the inverse of {@link BarkSpectrogram}, with its options.
 *
 * Magnitudes and phases are looked for together: starting from the smoothest magnitudes that give the bands, and phases
 * that these suggest, it goes back and forth between the spectra that signals have and those that give the bands, and
 * once looks for a voice's pitch (docs/algorithms.md). The same options, bands and seed give the same numbers everywhere,
 * for every number of threads; silence gives silence.
 *
 * ```ts
 * const options = { sampleRate: 16000, nFft: 1024, hopLength: 256, nBarks: 80 }
 * const bark = await new BarkSpectrogram(options).forward(speech)
 * const { waveform, report } = await new InverseBarkSpectrogram(options).solve(bark)
 * ```
 */
export class InverseBarkSpectrogram {
  readonly #settings: InverseBarkSpectrogramSettings
  readonly #solver: JointSolver

  /** @throws TypeError or RangeError that names the option */
  constructor(options: InverseBarkSpectrogramOptions = {}) {
    this.#settings = readInverseBarkSpectrogram(options)
    const { spec, workers, warn } = this.#settings
    this.#solver = chooseJoint(spec, workers)
    warnOfEmptyBands(this.#solver.emptyBands, spec.bank.nBands, spec.bank.nBins, warn)
  }

  /** The filterbank, float32 [nFft // 2 + 1, nBarks]; a copy. */
  get filterbank(): Tensor {
    const { nBins, nBands } = this.#settings.spec.bank
    return { data: this.#solver.filterbank(), shape: [nBins, nBands] }
  }

  /** The window, float32 [winLength]; a copy. */
  get window(): Tensor {
    return { data: this.#solver.window.slice(), shape: [this.#solver.window.length] }
  }

  /** {@link solve} without its report. */
  async forward(bark: TensorLike, options: InverseBarkSpectrogramCallOptions = {}): Promise<Tensor> {
    return (await this.solve(bark, options)).waveform
  }

  /**
   * Makes sound of bands.
   * @param bark [..., nBarks, time], to the `power`, with any number of leading dimensions; below 0 counts as 0
   * @returns the waveform, [..., samples], and a report
   * @throws TypeError or RangeError that names the argument, `windowFn` where windows leave a sample out;
   *   `signal.reason` on abort
   */
  async solve(bark: TensorLike, options: InverseBarkSpectrogramCallOptions = {}): Promise<Sound> {
    const start = now()
    const read = readOptions<InverseBarkSpectrogramCallOptions>('solve', options, CALL_OPTIONS)
    const signal = readSignal(read.signal)
    const onProgress = readFunction('onProgress', read.onProgress, undefined)
    signal?.throwIfAborted()
    const source = await settle(readSource('bark', bark), signal)
    const task = this.#task(source, read)
    const { iterations } = this.#settings.spec
    const status = { stage: 'sound', iteration: 0, of: iterations, frames: task.batch * task.time, loss: null }
    await run(this.#steps(task, status, signal), { signal, onProgress, status })
    return { waveform: task.waveform, report: this.#report(task, start) }
  }

  /** Ends the threads that solves may have started; later ones start new. */
  dispose(): void {
    this.#solver.dispose()
  }

  [Symbol.dispose](): void {
    this.dispose()
  }

  #task(bark: Source, read: InverseBarkSpectrogramCallOptions): Task {
    const { spec, seed, length } = this.#settings
    const { lead, batch, time } = readFrames('bark', bark, spec.bank.nBands, 'bands')
    const asked = read.length === undefined ? length : read.length
    const samples = this.#samples(time, asked == null ? undefined : readInteger('length', asked, undefined, 1))
    const waveform = { data: newFloats('bark', batch * samples), shape: [...lead, samples] }
    return { bark, seed: readInteger('seed', read.seed, seed, 0), samples, batch, time, waveform, session: undefined }
  }

  *#steps(task: Task, status: Status, signal: AbortSignal | undefined): Steps<void> {
    const { batch, time, seed, samples, waveform } = task
    const bark = yield* dense(task.bark)
    yield* checkSpectrogram('bark', bark, task.bark.shape, this.#settings.warn)
    if (batch === 0) return
    const spectrogram = yield* this.#magnitudes(bark, task, signal)
    const problem = { bark, spectrogram, items: batch, frames: time, samples, seed, waveform: waveform.data }
    const opening = this.#solver.open(problem)
    try {
      task.session = (yield opening) as JointSession
    } finally {
      if (!task.session && opening instanceof Promise) opening.then((late) => late.close()).catch(() => {})
    }
    yield* driveJoint(task.session, status)
  }

  /** Those of another solver; maximum entropy comes from the core. */
  *#magnitudes(
    bark: Values,
    { bark: { shape }, seed }: Task,
    signal: AbortSignal | undefined,
  ): Steps<Values | undefined> {
    const { solver, bark: options } = this.#settings
    if (solver === 'maxent') return undefined
    const inverse = new InverseBarkScale({ ...options, solver, seed })
    try {
      return ((yield inverse.forward({ data: bark as Float32Array, shape }, { signal })) as Tensor).data
    } finally {
      inverse.dispose()
    }
  }

  /** Samples of the result for so many frames. */
  #samples(frames: number, length: number | undefined): number {
    const { nFft, hopLength, pad, center, padMode } = this.#settings.spec
    if (frames === 0) throw new RangeError('bark: expected at least one frame, got none')
    const edge = center ? Math.floor(nFft / 2) : 0
    const least = (frames - 1) * hopLength + nFft - 2 * (pad + edge)
    const most = least + hopLength - 1
    const samples = length ?? Math.max(1, least)
    if (samples < least || samples > most) {
      const range = `a number from ${Math.max(1, least)} to ${most} for ${frames} frames`
      throw new RangeError(expected('length', range, samples))
    }
    const needed = !center ? 1 : padMode === 'reflect' ? edge + 1 : padMode === 'circular' ? edge : 1
    if (samples + 2 * pad < needed) {
      const what = `frames for more than ${needed - 1 - 2 * pad} samples, which nFft ${nFft} ${padMode}s at the ends`
      const got = `${frames} ${frames === 1 ? 'frame' : 'frames'} of ${samples} ${samples === 1 ? 'sample' : 'samples'}`
      throw new RangeError(`bark: expected ${what}, got ${got}`)
    }
    if (!this.#solver.reaches(frames, samples + 2 * pad)) {
      throw new RangeError(`${unreached(hopLength)}, within ${samples} samples`)
    }
    return samples
  }

  #report({ session, batch }: Task, start: number): SoundReport {
    const { method, solver, spec } = this.#settings
    const { bandConvergence, stages } = session?.outcome ?? { bandConvergence: new Float64Array(0), stages: NO_TIME }
    const report: SoundReport = {
      method,
      solver,
      device: 'cpu',
      backend: 'wasm',
      threads: session?.threads ?? 1,
      iterations: batch === 0 ? 0 : spec.iterations,
      stopReason: 'iterations',
      bandConvergence: batch === 0 ? null : Math.max(...bandConvergence),
      stages,
      elapsedMs: now() - start,
    }
    if (session?.why) report.why = session.why
    return report
  }
}

const NO_TIME = { magnitudes: 0, phase: 0, iterations: 0, pitch: 0 }
