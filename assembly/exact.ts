/** Frames through an exact solver, a chunk at a time, where they lie: rows of neighbouring frames in and out. */
import { CHUNK, ExactChunk, exactChunk, exactChunkBytes } from './exact-chunk'
import { ExactGroup, exactGroup, exactGroupBytes, readTarget } from './exact-group'
import { readPositivePrior, readPrior } from './exact-prior'
import { GROUP, GROUP_BYTES } from './lanes'
import { maxentFrames } from './maxent'
import { writeMaxent } from './maxent-moments'
import { maxentStart } from './maxent-start'
import { nnlsFrames } from './nnls'
import { writeNnls } from './nnls-moments'
import { nnlsStart } from './nnls-start'
import { record, RECORD } from './optimality'
import { reach } from './reachable'

/** Greatest relative miss up to which a target counts as in reach. */
const REACH_MAXENT: f32 = 2e-6
const REACH_NNLS: f32 = 1e-6

/** Bytes that {@link exactRoom} needs, with or without a prior. */
export function exactRoomBytes(bank: usize, hasPrior: bool): usize {
  return exactGroupBytes(bank, hasPrior) + exactChunkBytes(bank, hasPrior)
}

/** Lays out what a solver works in at `at`. */
export function exactRoom(at: usize, bank: usize, hasPrior: bool): void {
  exactGroup(at, bank, hasPrior)
  exactChunk(at + exactGroupBytes(bank, hasPrior), bank)
}

/**
 * Solves for maximum entropy.
 * @param room from {@link exactRoom}
 * @param bark f32 [nBands of the input][stride]; all of a group is read, and columns that are no frames must be copies
 *   of some that are, or a silent one would slow the others down
 * @param stride bytes of a row of `bark`, `spectrogram` and `init`, a multiple of 32
 * @param init f32 [nBins][stride]: the prior; 0 for none
 * @param records RECORD bytes a frame
 */
export function maxent(
  room: usize,
  bark: usize,
  spectrogram: usize,
  init: usize,
  stride: usize,
  frames: i32,
  records: usize,
): void {
  solve(true, room, bark, spectrogram, init, stride, frames, records)
}

/** Solves for least squares of smallest norm, or nearest to `init`; all as for {@link maxent}. */
export function nnls(
  room: usize,
  bark: usize,
  spectrogram: usize,
  init: usize,
  stride: usize,
  frames: i32,
  records: usize,
): void {
  solve(false, room, bark, spectrogram, init, stride, frames, records)
}

// @ts-ignore: decorator
@inline
function solve(
  isMaxent: bool,
  room: usize,
  bark: usize,
  spectrogram: usize,
  init: usize,
  stride: usize,
  frames: i32,
  records: usize,
): void {
  const x = changetype<ExactGroup>(room)
  if (x.bank.nBands == 0) return unreached(x, bark, spectrogram, init, stride, frames, records)
  const c = changetype<ExactChunk>(room + exactGroupBytes(changetype<usize>(x.bank), x.hasPrior))
  for (let t = 0; t < frames; t += CHUNK) {
    const at = (<usize>t) << 2
    c.begin(min(CHUNK, frames - t), x.hasPrior)
    for (let i = 0; i < c.count; i += GROUP) {
      const column = at + ((<usize>i) << 2)
      readTarget(x, bark + column, stride)
      if (!isMaxent && x.hasPrior) readPrior(x, init + column, stride)
      reach(x, isMaxent ? REACH_MAXENT : REACH_NNLS)
      if (isMaxent && x.hasPrior) readPositivePrior(x, init + column, stride)
      if (isMaxent) maxentStart(x)
      else nnlsStart(x)
      c.putGroup(x, i)
    }
    x.masked = c.masked
    if (isMaxent) maxentFrames(x, c)
    else nnlsFrames(x, c)
    for (let i = 0; i < c.count; i += GROUP) {
      const column = at + ((<usize>i) << 2)
      c.takeGroup(x, i)
      if (isMaxent) writeMaxent(x, spectrogram + column, stride)
      else writeNnls(x, spectrogram + column, stride)
      record(x, bark + column, stride, records + <usize>(t + i) * RECORD, min(GROUP, c.count - i))
    }
  }
}

/** Where no band has a bin, nothing is asked of any: all is as given, or zero. */
function unreached(
  x: ExactGroup,
  bark: usize,
  spectrogram: usize,
  init: usize,
  stride: usize,
  frames: i32,
  records: usize,
): void {
  memory.fill(x.target, 0, 2 * GROUP_BYTES)
  memory.fill(x.theta, 0, 2 * GROUP_BYTES)
  memory.fill(x.passes, 0, GROUP_BYTES)
  memory.fill(x.done, 0xff, GROUP_BYTES)
  for (let t = 0; t < frames; t += GROUP) {
    const at = (<usize>t) << 2
    readTarget(x, bark + at, stride)
    if (x.hasPrior) readPrior(x, init + at, stride)
    writeNnls(x, spectrogram + at, stride)
    record(x, bark + at, stride, records + <usize>t * RECORD, min(GROUP, frames - t))
  }
}

export { exactBank, exactBankBytes } from './exact-bank'
