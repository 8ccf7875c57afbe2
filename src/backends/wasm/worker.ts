/** A worker of the pool: sessions over parts of problems, each with frames of its own in a core of its own. */
import type { FilterbankSpec, State } from '../../backend.ts'
import { nextTurn } from '../../turn.ts'
import { adoptSolve } from './core.ts'
import type { Advanced, Answer, Job, Message, Part, Reply } from './jobs.ts'
import { WasmSession } from './session.ts'

interface Port {
  postMessage(reply: Reply, transfer: ArrayBufferLike[]): void
  on?(type: 'message', listen: (message: Message) => void): void
  onmessage?: ((event: { data: Message }) => void) | null
}

type Threads = { parentPort: Port }
type Host = { process?: { getBuiltinModule?(name: 'node:worker_threads'): Threads | undefined } }

interface Open {
  session: WasmSession
  part: Part
}

let spec: FilterbankSpec
/** A session between two solves, with its memory. */
let idle: WasmSession | undefined
const open = new Map<number, Open>()

async function perform(job: Job): Promise<Answer> {
  switch (job.name) {
    case 'start':
      adoptSolve(job.module)
      spec = job.spec
      // at once: where there is no memory for it, that is to be known before a problem is dealt
      idle ??= create()
      return undefined
    case 'open':
      return begin(job.session, job.part)
    case 'advance':
      return advance(job.session, job.to, job.keep, job.back)
    case 'state':
      return state(job.session, job.momentum)
    case 'close':
      open.get(job.session)?.session.close()
      open.delete(job.session)
      return undefined
  }
}

function create(): WasmSession {
  return new WasmSession(spec, (ended) => {
    idle = ended
  })
}

function begin(id: number, part: Part): undefined {
  const session = idle ?? create()
  idle = undefined
  const spectrogram = new Float32Array(spec.nBins * part.time)
  session.begin({ ...part, spectrogram })
  if (part.from) session.restore(part.from)
  open.set(id, { session, part })
}

/** A stretch, with turns in between in which a `close` gets through. */
async function advance(id: number, to: number, keep: boolean, back: boolean): Promise<Advanced> {
  const { session } = found(id)
  if (back) session.back()
  if (keep) session.keep()
  for (;;) {
    const { at, count } = session.advance(to)
    if (count > 0) return { at, count, sums: session.blockSums() }
    await nextTurn()
    found(id)
  }
}

async function state(id: number, withMomentum: boolean): Promise<State> {
  const { session, part } = found(id)
  const rows = Math.fround(part.sgd.weightDecay) > 0 ? spec.nBins : spec.nBands
  const into: State = {
    iteration: 0,
    spectrogram: new Float32Array(spec.nBins * part.time),
    momentum: withMomentum ? new Float32Array(rows * part.time) : undefined,
  }
  while (!session.state(into)) {
    await nextTurn()
    found(id)
  }
  return into
}

function found(id: number): Open {
  const entry = open.get(id)
  if (!entry) throw new Error('the solve has been closed')
  return entry
}

function buffers(answer: Answer): ArrayBufferLike[] {
  if (!answer) return []
  if ('sums' in answer) return [answer.sums.buffer]
  return answer.momentum ? [answer.spectrogram.buffer, answer.momentum.buffer] : [answer.spectrogram.buffer]
}

const scope = globalThis as unknown as Port & Host
const port: Port = scope.process?.getBuiltinModule?.('node:worker_threads')?.parentPort ?? scope

async function listen({ id, job }: Message): Promise<void> {
  try {
    const answer = await perform(job)
    port.postMessage({ id, answer }, buffers(answer))
  } catch (error) {
    port.postMessage({ id, error: String((error as Error)?.message ?? error) }, [])
  }
}

if (port.on) port.on('message', (message) => void listen(message))
else port.onmessage = (event) => void listen(event.data)
