/** A worker of the pool: sessions over parts of problems, each with frames of its own in a core of its own. */
import { type FilterbankSpec, type Problem, RECORD } from '../../backend.ts'
import { nextTurn } from '../../turn.ts'
import { adoptSolve } from './core.ts'
import { ExactFrames } from './exact-frames.ts'
import {
  type Advanced,
  type Answer,
  buffers,
  type ExactBlock,
  type Filled,
  type Job,
  type Part,
  type Piece,
} from './jobs.ts'
import { GROUP } from './lane-groups.ts'
import { release } from './release.ts'
import { serve } from './serve.ts'
import { WasmSession } from './session.ts'
import { Spare } from './spare.ts'

/** The problem's `spectrogram` is no result here, but holds the checkpoint, while there is one. */
interface Open {
  session: WasmSession
  problem: Problem
  part: Part
  isLoaded: boolean
}

let spec: FilterbankSpec
const sessions = new Spare<WasmSession>((onClose) => new WasmSession(spec, onClose))
const open = new Map<number, Open>()
let exact: ExactFrames | undefined

async function perform(job: Job): Promise<Answer> {
  switch (job.name) {
    case 'start':
      adoptSolve(job.module)
      spec = job.spec
      // at once: where there is no memory for it, that is to be known before a problem is dealt
      sessions.take().close()
      return undefined
    case 'open':
      return begin(job.session, job.part)
    case 'advance':
      return advance(job)
    case 'state':
      return state(job.session, job.piece)
    case 'close':
      open.get(job.session)?.session.close()
      open.delete(job.session)
      return undefined
    case 'exact':
      return solveBlock(job)
  }
}

function solveBlock({ solver, bark, init, into, count }: Job & { name: 'exact' }): ExactBlock {
  exact ??= new ExactFrames(spec)
  const records = new Float64Array(RECORD * count)
  exact.solveWhole({ solver, bark, init, batch: 1, time: count }, records, into)
  return { bark, init, into, records }
}

function begin(id: number, part: Part): undefined {
  const session = sessions.take()
  const problem: Problem = { ...part, spectrogram: new Float32Array(0) }
  session.begin(problem, part.gears)
  if (part.from) session.restore(part.from)
  open.set(id, { session, problem, part, isLoaded: false })
}

/** A stretch, with turns in between in which a `close` gets through. */
async function advance({ session: id, to, everyLoss, keep, back }: Job & { name: 'advance' }): Promise<Advanced> {
  const entry = found(id)
  const { session, problem } = entry
  if (keep && problem.spectrogram.length === 0) problem.spectrogram = new Float32Array(spec.nBins * problem.time)
  if (back) session.back()
  if (keep) session.keep()
  for (;;) {
    const { at, count } = session.advance(to, everyLoss)
    if (count > 0) {
      unload(entry)
      return { at, count, behind: session.behind, sums: session.blockSums() }
    }
    await nextTurn()
    found(id)
  }
}

/** Lets go of what the frames have been filled from. */
function unload(entry: Open): void {
  if (entry.isLoaded) return
  entry.isLoaded = true
  release(entry.part.bark, entry.part.from?.spectrogram, entry.part.from?.momentum)
}

async function state(id: number, piece: Piece): Promise<Filled> {
  const entry = found(id)
  const { session, problem } = entry
  while (!session.settle()) {
    await nextTurn()
    found(id)
  }
  unload(entry)
  // the calling thread needs as much for the result from now on
  release(problem.spectrogram)
  problem.spectrogram = new Float32Array(0)
  const { first, count } = piece
  for (let g = first / GROUP; g * GROUP < first + count; g++) session.frames.writePiece(g, piece, first, count)
  return { iteration: session.iteration, piece }
}

function found(id: number): Open {
  const entry = open.get(id)
  if (!entry) throw new Error('the solve has been closed')
  return entry
}

function handedOver(answer: Answer): ArrayBufferLike[] {
  if (!answer) return []
  if ('sums' in answer) return buffers(answer.sums)
  if ('records' in answer) return buffers(answer.bark, answer.init, answer.into, answer.records)
  return buffers(answer.piece.spectrogram, answer.piece.momentum)
}

serve(perform, handedOver)
