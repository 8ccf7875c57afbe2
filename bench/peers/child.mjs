/** A process that is asked by JSON lines: one question at a time, the answer's time its own. */
import { spawn } from 'node:child_process'
import readline from 'node:readline'

export class Child {
  #process
  #lines
  #errors = ''
  constructor(program, args, { env = process.env, cwd } = {}) {
    this.#process = spawn(program, args, { env, cwd, stdio: ['pipe', 'pipe', 'pipe'] })
    this.#process.on('error', (error) => {
      this.#errors += error.message
    })
    this.#process.stdin.on('error', () => {}) // a child that has ended is told of where its answer is missed
    this.#process.stderr.on('data', (text) => {
      this.#errors = (this.#errors + text).slice(-4000)
    })
    this.#lines = readline.createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]()
  }
  get pid() {
    return this.#process.pid
  }
  async ask(request) {
    this.#process.stdin.write(`${JSON.stringify(request)}\n`)
    const { value, done } = await this.#lines.next()
    if (done) throw new Error(`${request.call ?? 'put'}: the process ended.\n${this.#errors}`)
    const reply = JSON.parse(value)
    if (reply.error !== undefined) throw new Error(`${request.call ?? 'put'}: ${reply.error}`)
    return reply
  }
  close() {
    this.#process.stdin.end()
  }
}
