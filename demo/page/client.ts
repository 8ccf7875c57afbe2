/** The page's side of its worker. */
import type { Answer, CallName, Calls, News } from './messages.ts'

export class Client {
  readonly #worker: Worker
  readonly #waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>()
  #last = 0

  /** @param fail told when the worker itself cannot run */
  constructor(hear: (news: News) => void, fail: (text: string) => void) {
    this.#worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })
    this.#worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      if (data.id === undefined) return hear(data.news)
      const waiting = this.#waiting.get(data.id)
      this.#waiting.delete(data.id)
      if ('error' in data) waiting?.reject(Object.assign(new Error(data.error.message), { name: data.error.name }))
      else waiting?.resolve(data.result)
    }
    this.#worker.onerror = (event) => {
      event.preventDefault()
      const text = event.message || 'its file could not be loaded'
      fail(`The worker that computes does not run: ${text}`)
      for (const { reject } of this.#waiting.values()) reject(new Error(text))
      this.#waiting.clear()
    }
  }

  call<N extends CallName>(
    name: N,
    args: Parameters<Calls[N]>,
    transfer: Transferable[] = [],
  ): Promise<ReturnType<Calls[N]>> {
    const id = ++this.#last
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (result: unknown) => void, reject })
      this.#worker.postMessage({ id, name, args }, transfer)
    })
  }
}
