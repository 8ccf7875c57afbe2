/**
 * One worker, in Node, Deno and Bun (worker_threads from a data: URL) and in browsers (a module worker from a Blob):
 * no library starts one in all of these and under every bundler, so this small part is our own.
 */

/** What a worker answers to the message of this number. */
export type Reply<Answer> = { id: number; answer: Answer } | { id: number; error: string }

/** What workers of a kind run, and what they are begun with. */
export interface Crew<Job> {
  source: string
  start(): Job
  /** Makes and forgets an instance of what they run. */
  spend(): void
}

interface Waiting<Answer> {
  resolve(answer: Answer): void
  reject(error: Error): void
}

/** What is used of a worker of either kind. */
interface Thread {
  post(message: unknown, transfer: ArrayBufferLike[]): void
  /** Whether the process may end while it waits. */
  idle(is: boolean): void
  end(): void
}

type NodeWorker = {
  on(type: 'message' | 'error' | 'exit', listen: (value: unknown) => void): void
  postMessage(message: unknown, transfer: ArrayBufferLike[]): void
  ref(): void
  unref(): void
  terminate(): void
}
type Host = {
  process?: { getBuiltinModule?(name: string): { Worker: new (url: URL) => NodeWorker } | undefined }
}

export class Remote<Job, Answer> {
  readonly #thread: Thread
  readonly #waiting = new Map<number, Waiting<Answer>>()
  #next = 0
  #lost: Error | undefined

  /** Throws where workers are refused at once; where they are refused later, the first call rejects. */
  constructor(source: string, workerUrl: string | URL | undefined) {
    const lose = (why: unknown): void => this.#lose(why)
    const hear = (reply: unknown): void => this.#hear(reply as Reply<Answer>)
    try {
      this.#thread = startNode(source, workerUrl, hear, lose) ?? startWeb(source, workerUrl, hear, lose)
    } catch (error) {
      // WebKit refuses at once, with a message that names nothing
      throw new Error(`threads: a worker could not be started (${(error as Error)?.message ?? error})`)
    }
    this.#thread.idle(true)
  }

  get isLost(): boolean {
    return this.#lost !== undefined
  }

  call(job: Job, transfer: ArrayBufferLike[] = []): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#lost) return reject(this.#lost)
      const id = this.#next++
      this.#waiting.set(id, { resolve, reject })
      this.#thread.idle(false)
      this.#thread.post({ id, job }, transfer)
    })
  }

  end(): void {
    this.#lose('the pool has been disposed of')
    this.#thread.end()
  }

  #hear(reply: Reply<Answer>): void {
    const waiting = this.#waiting.get(reply.id)
    this.#waiting.delete(reply.id)
    if (this.#waiting.size === 0) this.#thread.idle(true)
    if ('error' in reply) waiting?.reject(new Error(reply.error))
    else waiting?.resolve(reply.answer)
  }

  #lose(why: unknown): void {
    this.#lost ??= new Error(`threads: a worker has ended (${(why as Error)?.message ?? why})`)
    for (const { reject } of this.#waiting.values()) reject(this.#lost)
    this.#waiting.clear()
  }
}

function startNode(
  source: string,
  workerUrl: string | URL | undefined,
  hear: (reply: unknown) => void,
  lose: (why: unknown) => void,
): Thread | undefined {
  const threads = (globalThis as Host).process?.getBuiltinModule?.('node:worker_threads')
  if (!threads) return undefined
  const url = new URL(workerUrl ?? `data:text/javascript,${encodeURIComponent(source)}`)
  const worker = new threads.Worker(url)
  worker.on('message', hear)
  worker.on('error', lose)
  worker.on('exit', (code) => lose(`exit code ${code}`))
  return {
    post: (message, transfer) => worker.postMessage(message, transfer),
    idle: (is) => (is ? worker.unref() : worker.ref()),
    end: () => worker.terminate(),
  }
}

function startWeb(
  source: string,
  workerUrl: string | URL | undefined,
  hear: (reply: unknown) => void,
  lose: (why: unknown) => void,
): Thread {
  const made = workerUrl ? undefined : URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))
  const worker = new Worker(workerUrl ?? made!, { type: 'module' })
  worker.onmessage = ({ data }) => hear(data)
  // a Content-Security-Policy that refuses the worker shows here and nowhere else
  worker.onerror = (event) => {
    event.preventDefault()
    lose(event.message || 'it could not be started')
  }
  return {
    post: (message, transfer) => worker.postMessage(message, transfer as Transferable[]),
    idle: () => {},
    end: () => {
      worker.terminate()
      if (made) URL.revokeObjectURL(made)
    },
  }
}
