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
  readonly why = undefined
  readonly outcome: JointOutcome
  readonly #room: JointRoom
  readonly #problem: JointProblem
  readonly #remotes: JointRemote[]
  readonly #idle: JointRemote[]
  readonly #onClose: () => void
  readonly #waiting: (() => void)[] = []
  #work: Promise<void> | undefined
  #isClosed = false
  /** Parts of all that are done, and under way. */
  #done = 0
  readonly #underWay = new Map<object, number>()

  constructor(room: JointRoom, problem: JointProblem, remotes: JointRemote[], onClose: () => void) {
    this.#room = room
    this.#problem = problem
    this.#remotes = remotes
    this.#idle = [...remotes]
    this.#onClose = onClose
    const stages: StageTimes = { magnitudes: 0, phase: 0, iterations: 0, pitch: 0 }
    this.outcome = { bandConvergence: new Float64Array(problem.items), stages }
  }

  get threads(): number {
    return this.#remotes.length
  }

  async advance(): Promise<number> {
    let isDone = false
    this.#work ??= this.#all()
    await Promise.race([
      this.#work.then(() => (isDone = true)),
      new Promise<void>((resolve) => this.#waiting.push(resolve)),
    ])
    if (isDone) return 1
    let part = this.#done
    for (const share of this.#underWay.values()) part += share
    return Math.min(part, 1 - 2 ** -20)
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    // they go on with what they have until the next piece ends
    for (const remote of this.#remotes) remote.call({ name: 'close' }).catch(() => {})
    this.#work?.catch(() => {})
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
        bark: Float32Array.from(bark.subarray(item * nBands * frames, (item + 1) * nBands * frames)),
        spectrogram:
          spectrogram && Float32Array.from(spectrogram.subarray(item * nBins * frames, (item + 1) * nBins * frames)),
        frames,
        samples,
        seed,
      }
      const remote = await this.#free(running)
      running.push(
        this.#perform(remote, { name: 'whole', task }, 1 / items).then((answer) => {
          const done = answer as WholeDone
          waveform.set(done.waveform, item * samples)
          this.outcome.bandConvergence[item] = done.bandConvergence
          this.#took(done.stages)
        }),
      )
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
    const running: Promise<void>[] = []
    const parts = signal.parts
    let taken = 0
    let turn = now()
    const answers: Promise<PartDone>[] = []
    const take = async (until: number): Promise<void> => {
      for (; taken < until; taken++) signal.take(taken, await answers[taken]!)
    }
    for (let i = 0; i < parts; i++) {
      for (const _ of signal.prepare(i)) {
        if (now() - turn < TURN_MS) continue
        await nextTurn()
        this.#check()
        turn = now()
      }
      const remote = await this.#free(running)
      const task = signal.task(i)
      const weight = (share * signal.weight) / parts
      const answer = this.#perform(remote, { name: 'part', task }, weight) as Promise<PartDone>
      answer.catch(() => {})
      answers.push(answer)
      running.push(answer.then((done) => this.#took(done.stages)))
      // not more of them are kept than workers are at
      await take(i + 1 - this.#remotes.length)
    }
    await take(parts)
    await Promise.all(running)
    signal.end()
  }

  /** The next worker that has nothing to do; fails as soon as what runs does. */
  async #free(running: Promise<void>[]): Promise<JointRemote> {
    while (this.#idle.length === 0) {
      await Promise.race([...running, new Promise<void>((resolve) => this.#waiting.push(resolve))])
      this.#check()
    }
    this.#check()
    return this.#idle.shift()!
  }

  /** Has a worker do a task that is such a part of all. */
  async #perform(remote: JointRemote, job: Extract<JointJob, { task: object }>, weight: number): Promise<JointAnswer> {
    const key = {}
    this.#underWay.set(key, 0)
    await remote.call(job, buffersOf(job.task))
    for (;;) {
      const answer = await remote.call({ name: 'advance' })
      this.#check()
      if (typeof answer === 'number') this.#underWay.set(key, answer * weight)
      else {
        this.#underWay.delete(key)
        this.#done += weight
        this.#idle.push(remote)
      }
      for (const resolve of this.#waiting.splice(0)) resolve()
      if (typeof answer !== 'number') return answer
    }
  }

  #check(): void {
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
