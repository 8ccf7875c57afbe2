/**
 * A session that goes on with another when it fails: from the last state that was read back, at most some seconds old,
 * else from the start. To the driver it is one session, which once took longer.
 */
import type { Advance, Awaitable, Session, State } from '../backend.ts'
import { now } from '../turn.ts'

/** Milliseconds of work after which the state is read back again. */
const READ_BACK_MS = 2000

export interface Fallback {
  /** Opens the other session, for the same problem. */
  open(): Awaitable<Session>
  /** A state for the problem, with room for all. */
  newState(): State
}

export class FallbackSession implements Session {
  #session: Session
  readonly #fallback: Fallback
  readonly #readBackMs: number
  #hasFailed = false
  #isClosed = false
  #why: string | undefined
  /** Steps that the driver knows of. A state beyond them is of no use, as it may go back to them. */
  #at = 0
  #keeps = false
  #keptAt = 0
  #from: State | undefined
  #saved: State | undefined
  #savedMs = now()

  constructor(session: Session, fallback: Fallback, readBackMs: number = READ_BACK_MS) {
    this.#session = session
    this.#fallback = fallback
    this.#readBackMs = readBackMs
  }

  get device(): Session['device'] {
    return this.#session.device
  }

  get backend(): Session['backend'] {
    return this.#session.backend
  }

  get adapter(): string | undefined {
    return this.#session.adapter
  }

  get threads(): number {
    return this.#session.threads
  }

  get why(): string | undefined {
    return [this.#why, this.#session.why].filter(Boolean).join('; ') || undefined
  }

  restore(from: State): void {
    this.#from = from
    this.#saved = undefined
    this.#at = from.iteration
    this.#session.restore(from)
  }

  keep(): void {
    this.#keeps = true
    this.#keptAt = this.#at
    this.#session.keep()
  }

  back(): void {
    this.#at = this.#keptAt
    this.#session.back()
  }

  async advance(to: number): Promise<Advance> {
    const advance = await this.#surely(async () => {
      await this.#save()
      return this.#session.advance(to)
    })
    if (advance.count > 0) {
      this.#at = advance.at
      this.#keeps = false
    }
    return advance
  }

  state(into: State): Promise<boolean> {
    return this.#surely(async () => this.#session.state(into))
  }

  /** Reads the state back, where the last time is long enough ago and a failure could still be met. */
  async #save(): Promise<void> {
    if (this.#hasFailed || this.#at === (this.#saved?.iteration ?? 0) || now() - this.#savedMs < this.#readBackMs)
      return
    const state = this.#fallback.newState()
    while (!(await this.#session.state(state)));
    this.#saved = state
    this.#savedMs = now()
  }

  async #surely<T>(what: () => Promise<T>): Promise<T> {
    try {
      return await what()
    } catch (error) {
      if (this.#hasFailed || this.#isClosed) throw error
      await this.#failOver(error as Error)
      return what()
    }
  }

  /** Brings the other session to where the driver believes this one to be. */
  async #failOver(error: Error): Promise<void> {
    this.#hasFailed = true
    this.#session.close()
    const session = await this.#fallback.open()
    if (this.#isClosed) {
      session.close()
      throw error
    }
    this.#session = session
    this.#why = error.message
    const from = this.#saved ?? this.#from
    if (from) session.restore(from)
    for (let at = from?.iteration ?? 0; at < this.#at && !this.#isClosed; ) at = (await session.advance(this.#at)).at
    if (this.#keeps) session.keep()
    this.#saved = undefined
  }

  close(): void {
    this.#isClosed = true
    this.#session.close()
  }
}
