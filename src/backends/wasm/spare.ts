/** A session between two solves, with its memory, for the next that asks. */
export class Spare<S> {
  readonly #create: (onClose: (session: S) => void) => S
  #session: S | undefined
  /** Counts the calls of `drop`: a session that was taken before the last one is let go when it ends. */
  #age = 0

  constructor(create: (onClose: (session: S) => void) => S) {
    this.#create = create
  }

  /** It, or a new one; it is back when it has been closed. */
  take(): S {
    const session = this.#session ?? this.#make()
    this.#session = undefined
    return session
  }

  drop(): void {
    this.#session = undefined
    this.#age++
  }

  #make(): S {
    const age = this.#age
    return this.#create((ended) => {
      if (age === this.#age) this.#session = ended
    })
  }
}
