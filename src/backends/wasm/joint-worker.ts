/** A worker that makes sound of bands, in pieces, so that it hears what comes in between. */
import type { JointSpec } from '../../joint.ts'
import { now } from '../../turn.ts'
import { adoptSound } from './core.ts'
import type { JointAnswer, JointJob, WholeTask } from './joint-jobs.ts'
import { JointRoom } from './joint-room.ts'
import { LocalJointSession } from './joint-session.ts'
import { StageRun } from './joint-stage.ts'
import { serve } from './serve.ts'
import { Spare } from './spare.ts'

/** Milliseconds of work between two answers. */
const PIECE_MS = 50

let spec: JointSpec
const rooms = new Spare<JointRoom>((onClose) => new JointRoom(spec, onClose))
const tasks = new Map<number, { work: Generator<number, JointAnswer>; room: JointRoom }>()

async function perform(job: JointJob): Promise<JointAnswer> {
  switch (job.name) {
    case 'start':
      adoptSound(job.module)
      spec = job.spec
      // at once: where there is no memory for it, that is to be known before a problem is dealt
      rooms.take().close()
      return undefined
    case 'whole':
      return begin(job.id, (room) => whole(room, job.task))
    case 'part':
      return begin(job.id, (room) => new StageRun(room, job.task).steps())
    case 'advance':
      return advance(job.id)
    case 'close':
      end(job.id)
      return undefined
  }
}

function begin(id: number, make: (room: JointRoom) => Generator<number, JointAnswer>): undefined {
  const room = rooms.take()
  tasks.set(id, { work: make(room), room })
}

function advance(id: number): JointAnswer {
  const { work } = tasks.get(id)!
  const from = now()
  for (;;) {
    const { done, value } = work.next()
    if (done) end(id)
    if (done || now() - from > PIECE_MS) return value
  }
}

function end(id: number): void {
  const { work, room } = tasks.get(id)!
  tasks.delete(id)
  work.return(undefined)
  room.close()
}

function* whole(
  room: JointRoom,
  { bark, spectrogram, frames, samples, seed }: WholeTask,
): Generator<number, JointAnswer> {
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
