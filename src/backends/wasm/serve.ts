/** What every worker does: it hears jobs, and answers each. */
import type { Reply } from './remote.ts'

interface Message<Job> {
  id: number
  job: Job
}

interface Port<Job, Answer> {
  postMessage(reply: Reply<Answer>, transfer: ArrayBufferLike[]): void
  on?(type: 'message', listen: (message: Message<Job>) => void): void
  onmessage?: ((event: { data: Message<Job> }) => void) | null
}

/** @param handedOver the buffers of an answer that are handed over rather than copied */
export function serve<Job, Answer>(
  perform: (job: Job) => Promise<Answer>,
  handedOver: (answer: Answer) => ArrayBufferLike[],
): void {
  type Threads = { parentPort: Port<Job, Answer> }
  type Host = { process?: { getBuiltinModule?(name: 'node:worker_threads'): Threads | undefined } }
  const scope = globalThis as unknown as Port<Job, Answer> & Host
  const port = scope.process?.getBuiltinModule?.('node:worker_threads')?.parentPort ?? scope

  async function listen({ id, job }: Message<Job>): Promise<void> {
    try {
      const answer = await perform(job)
      port.postMessage({ id, answer }, handedOver(answer))
    } catch (error) {
      port.postMessage({ id, error: String((error as Error)?.message ?? error) }, [])
    }
  }

  if (port.on) port.on('message', (message) => void listen(message))
  else port.onmessage = (event) => void listen(event.data)
}
