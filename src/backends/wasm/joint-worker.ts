/** A worker that makes sound of bands: one task at a time, in pieces, so that it hears what comes in between. */
import type { JointSpec } from '../../joint.ts'
import { now } from '../../turn.ts'
import { adoptJoint } from './core.ts'
import type { JointAnswer, JointJob, PartTask, WholeTask } from './joint-jobs.ts'
import { JointRoom } from './joint-room.ts'
import { LocalJointSession } from './joint-session.ts'
import { StageRun } from './joint-stage.ts'
import { serve } from './serve.ts'

/** Milliseconds of work between two answers. */
const PIECE_MS = 30

let room: JointRoom
let task: Generator<number, JointAnswer> | undefined

async function perform(job: JointJob): Promise<JointAnswer> {
  switch (job.name) {
    case 'start':
      return start(job.module, job.spec)
    case 'whole':
      task = whole(job.task)
      return undefined
    case 'part':
      task = stage(job.task)
      return undefined
    case 'advance':
      return advance()
    case 'close':
      task?.return(undefined)
      task = undefined
      return undefined
  }
}

function start(module: WebAssembly.Module, spec: JointSpec): undefined {
  adoptJoint(module)
  room = new JointRoom(spec)
}

function advance(): JointAnswer {
  const open = task
  if (!open) throw new Error('the task has been closed')
  const from = now()
  for (;;) {
    const { done, value } = open.next()
    if (done) task = undefined
    if (done || now() - from > PIECE_MS) return value
  }
}

function* stage(part: PartTask): Generator<number, JointAnswer> {
  return yield* new StageRun(room, part).steps()
}

function* whole({ bark, spectrogram, frames, samples, seed }: WholeTask): Generator<number, JointAnswer> {
  const waveform = new Float32Array(samples)
  const problem = { bark, spectrogram, items: 1, frames, samples, seed, waveform }
  const session = new LocalJointSession(room, problem, undefined, () => {})
  for (let part = session.advance(); part < 1; part = session.advance()) yield part
  const { bandConvergence, stages } = session.outcome
  return { waveform, bandConvergence: bandConvergence[0]!, stages }
}

function handedOver(answer: JointAnswer): ArrayBufferLike[] {
  if (typeof answer !== 'object') return []
  const arrays = 'waveform' in answer ? [answer.waveform] : [answer.samples, answer.scores, answer.missed]
  return arrays.flatMap((array) => (array ? [array.buffer] : []))
}

serve(perform, handedOver)
