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
  }

  #take(): WasmSession {
    const session = this.#idle ?? this.#create()
    this.#idle = undefined
    return session
  }

  #create(): WasmSession {
    return new WasmSession(this.#spec, (session) => {
      this.#idle = session
    })
  }
}
