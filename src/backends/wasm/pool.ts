/** Workers of one kind, kept between solves. */
import { type Crew, Remote } from './remote.ts'

/** Ends the workers of pools that nobody holds any more: a thread does not end by itself. */
const forgotten = new FinalizationRegistry<{ end(): void }[]>((remotes) => {
  for (const remote of remotes) remote.end()
})

export class Pool<Job, Answer> {
  readonly #crew: Crew<Job>
  readonly #workerUrl: string | URL | undefined
  readonly #remotes: Remote<Job, Answer>[] = []
  readonly #started = new WeakMap<Remote<Job, Answer>, Promise<unknown>>()
  #sessions = 0

  constructor(crew: Crew<Job>, workerUrl: string | URL | undefined) {
    this.#workerUrl = workerUrl
    this.#crew = crew
    forgotten.register(this, this.#remotes)
  }

  /** A number that no other session of the pool has. */
  nextSession(): number {
    return this.#sessions++
  }

  /** `count` workers that have answered; those that have been lost are replaced. Rejects where workers are refused. */
  async take(count: number): Promise<Remote<Job, Answer>[]> {
    for (let i = 0; i < count; i++)
      if (!this.#remotes[i] || this.#remotes[i]!.isLost)
        this.#remotes[i] = new Remote(this.#crew.source, this.#workerUrl)
    const taken = this.#remotes.slice(0, count)
    const started = await Promise.allSettled(taken.map((remote) => this.#start(remote)))
    for (const outcome of started) if (outcome.status === 'rejected') throw outcome.reason
    return taken
  }

  /** Hands a worker what it needs, once. */
  #start(remote: Remote<Job, Answer>): Promise<unknown> {
    let start = this.#started.get(remote)
    if (!start) {
      start = this.#prepare(remote)
      this.#started.set(remote, start)
    }
    return start
  }

  async #prepare(remote: Remote<Job, Answer>): Promise<void> {
    const job = this.#crew.start()
    try {
      await remote.call(job)
    } catch (error) {
      if (remote.isLost) throw error
      // Chromium gives a page's process room for about a hundred WebAssembly memories, and a worker that gets none does
      // not have the garbage of other threads collected. Asking for one here has ours collected
      this.#crew.spend()
      await remote.call(job)
    }
  }

  /** Ends all workers; solves that they are at reject. */
  dispose(): void {
    for (const remote of this.#remotes.splice(0)) remote.end()
  }
}
