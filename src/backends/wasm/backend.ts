import type { Backend, Bank, FilterbankSpec, Problem, Session } from '../../backend.ts'
import { WasmSession } from './session.ts'

/** The WebAssembly core on the calling thread. */
export class WasmBackend implements Backend {
  readonly device = 'cpu'
  readonly name = 'wasm'
  readonly threads = 1
  readonly bank: Bank
  readonly #spec: FilterbankSpec
  /** A session between two solves, with its memory. */
  #idle: WasmSession | undefined
  /** Counts the calls of `dispose`: a session that was begun before the last one is let go when it ends. */
  #age = 0

  constructor(spec: FilterbankSpec) {
    this.#spec = spec
    this.#idle = this.#create()
    const { emptyBands } = this.#idle.frames.bank
    this.bank = { emptyBands, dense: () => this.#dense() }
  }

  #dense(): Float32Array {
    const session = this.#take()
    try {
      return session.frames.bank.dense()
    } finally {
      session.close()
    }
  }

  open(problem: Problem): Session {
    const session = this.#take()
    try {
      session.begin(problem)
    } catch (error) {
      session.close()
      throw error
    }
    return session
  }

  dispose(): void {
    this.#idle = undefined
    this.#age++
  }

  #take(): WasmSession {
    const session = this.#idle ?? this.#create()
    this.#idle = undefined
    return session
  }

  #create(): WasmSession {
    const age = this.#age
    return new WasmSession(this.#spec, (session) => {
      if (age === this.#age) this.#idle = session
    })
  }
}
