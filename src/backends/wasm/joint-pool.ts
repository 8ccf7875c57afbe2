/**
 * From bands to sound over a pool of workers: whole signals where there are enough of them, else parts of one, which
 * overlap by as many frames as the steps of a stage reach. What a part keeps has the same bits as in one piece.
 */
import type { JointOutcome, JointProblem, JointSession, StageTimes } from '../../joint.ts'
import { nextTurn, now } from '../../turn.ts'
import type { JointAnswer, JointJob, JointRemote, PartDone, WholeDone } from './joint-jobs.ts'
import { levelsOf } from './joint-levels.ts'
import type { JointRoom } from './joint-room.ts'
import { scheduleOf } from './joint-schedule.ts'
import { SharedSignal } from './joint-shared.ts'

/** Milliseconds of work on the calling thread between two turns of the event loop. */
const TURN_MS = 8

export class JointPoolSession implements JointSession {
  readonly why: string | undefined
  readonly outcome: JointOutcome
  readonly #room: JointRoom
  readonly #problem: JointProblem
  readonly #remotes: JointRemote[]
  readonly #idle: JointRemote[]
  readonly #next: () => number
  readonly #onClose: () => void
  readonly #waiting: (() => void)[] = []
  #isBegun = false
  #isOver = false
  #isClosed = false
  #error: unknown
  /** Parts of all that are done, and under way. */
  #done = 0
  readonly #underWay: Map<number, number>

  /** @param next gives a number that no other task of the pool has */
  constructor(room: JointRoom, problem: JointProblem, remotes: JointRemote[], next: () => number, onClose: () => void) {
    this.#room = room
    this.#problem = problem
    this.#remotes = remotes
    this.#idle = [...remotes]
    this.#next = next
    this.#onClose = onClose
    // not where it is declared: a bundler that meets a Map there keeps the class for those who do not use it
    this.#underWay = new Map()
    const stages: StageTimes = { magnitudes: 0, phase: 0, iterations: 0, pitch: 0 }
    this.outcome = { bandConvergence: new Float64Array(problem.items), stages }
  }

  get threads(): number {
    return this.#remotes.length
  }

  async advance(): Promise<number> {
    this.#begin()
    if (!this.#isOver) await this.#news()
    if (this.#error) throw this.#error
    if (this.#isOver) return 1
    let part = this.#done
    for (const share of this.#underWay.values()) part += share
    return Math.min(part, 1 - 2 ** -20)
  }

  #begin(): void {
    if (this.#isBegun) return
    this.#isBegun = true
    this.#all()
      .catch((error) => {
        this.#error ??= error
      })
      .finally(() => {
        this.#isOver = true
        this.#tell()
      })
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#onClose()
  }

  #all(): Promise<void> {
    const { items } = this.#problem
    return items >= this.#remotes.length ? this.#wholes() : this.#parts()
  }

  /** Every signal in one worker. */
  async #wholes(): Promise<void> {
    const { bark, spectrogram, items, frames, samples, seed, waveform } = this.#problem
    const { nBands, nBins } = this.#room.spec.bank
    const running: Promise<void>[] = []
    for (let item = 0; item < items; item++) {
      const task = {
        bark: new Float32Array(bark.subarray(item * nBands * frames, (item + 1) * nBands * frames)),
        spectrogram:
          spectrogram && new Float32Array(spectrogram.subarray(item * nBins * frames, (item + 1) * nBins * frames)),
        frames,
        samples,
        seed,
      }
      const remote = await this.#free()
      const whole = this.#perform(remote, { name: 'whole', id: this.#next(), task }, 1 / items).then((answer) => {
        const done = answer as WholeDone
        waveform.set(done.waveform, item * samples)
        this.outcome.bandConvergence[item] = done.bandConvergence
        this.#took(done.stages)
      })
      // it may be lost while another is waited for
      whole.catch(() => {})
      running.push(whole)
    }
    await Promise.all(running)
  }

  /** One signal after the other, in parts. */
  async #parts(): Promise<void> {
    const { items, frames, bark } = this.#problem
    const room = this.#room
    const plan = scheduleOf(room.spec, room.bands, frames)
    for (let item = 0; item < items; item++) {
      const levels = levelsOf(room, bark, item, frames)
      if (levels.scale === 0) continue
      room.clear()
      const signal = new SharedSignal(
        room,
        this.#problem,
        item,
        levels,
        plan,
        this.#remotes.length,
        this.outcome.stages,
      )
      while (signal.hasStage) await this.#stage(signal, 1 / items)
      this.outcome.bandConvergence[item] = signal.bandConvergence
    }
  }

  /** A part is taken over only when the next has been sent: that may read what it would overwrite. */
  async #stage(signal: SharedSignal, share: number): Promise<void> {
    const parts = signal.parts
    let taken = 0
    let turn = now()
    const answers: Promise<PartDone>[] = []
    const take = async (until: number): Promise<void> => {
      for (; taken < until; taken++) {
        const done = await answers[taken]!
        signal.take(taken, done)
        this.#took(done.stages)
        delete answers[taken]
      }
    }
    for (let i = 0; i < parts; i++) {
      for (const _ of signal.prepare(i)) {
        if (now() - turn < TURN_MS) continue
        await nextTurn()
        this.#check()
        turn = now()
      }
      const remote = await this.#free()
      const task = signal.task(i)
      const weight = (share * signal.weight) / parts
      const answer = this.#perform(remote, { name: 'part', id: this.#next(), task }, weight) as Promise<PartDone>
      answer.catch(() => {})
      answers.push(answer)
      // not more of them are kept than workers are at
      await take(i + 1 - this.#remotes.length)
    }
    await take(parts)
    signal.end()
  }

  /** The next worker that has nothing to do; fails as soon as what runs does. */
  async #free(): Promise<JointRemote> {
    this.#check()
    while (this.#idle.length === 0) {
      await this.#news()
      this.#check()
    }
    return this.#idle.shift()!
  }

  /** Resolves when a worker has answered, or all is over. */
  #news(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  #tell(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  /** Has a worker do a task that is such a part of all. */
  async #perform(remote: JointRemote, job: Extract<JointJob, { task: object }>, weight: number): Promise<JointAnswer> {
    const { id } = job
    try {
      await remote.call(job, buffersOf(job.task))
      for (;;) {
        const answer = await remote.call({ name: 'advance', id })
        if (typeof answer !== 'number') {
          this.#done += weight
          this.#idle.push(remote)
          return answer
        }
        if (this.#isClosed) remote.call({ name: 'close', id }).catch(() => {})
        this.#check()
        this.#underWay.set(id, answer * weight)
        this.#tell()
      }
    } catch (error) {
      this.#error ??= error
      throw error
    } finally {
      this.#underWay.delete(id)
      this.#tell()
    }
  }

  #check(): void {
    if (this.#error) throw this.#error
    if (this.#isClosed) throw new Error('the session has been closed')
  }

  #took(stages: StageTimes): void {
    for (const name of Object.keys(stages) as (keyof StageTimes)[]) this.outcome.stages[name] += stages[name]
  }
}

/** What of a task is handed over rather than copied. */
function buffersOf(task: object): ArrayBufferLike[] {
  return Object.values(task).flatMap((value) => (value instanceof Float32Array ? [value.buffer] : []))
}
