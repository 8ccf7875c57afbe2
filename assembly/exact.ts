/** Frames through an exact solver, a lane group at a time, where they lie: rows of neighbouring frames in and out. */
import { ExactGroup, readTarget } from './exact-group'
import { readPositivePrior, readPrior } from './exact-prior'
import { GROUP, GROUP_BYTES } from './lanes'
import { maxentGroup } from './maxent'
import { nnlsFrames } from './nnls'
import { CHUNK, NnlsChunk } from './nnls-chunk'
import { writeNnls } from './nnls-moments'
import { nnlsStart } from './nnls-start'
import { record, RECORD } from './optimality'
import { reach } from './reachable'

/** Greatest relative miss up to which a target counts as in reach. */
const REACH_MAXENT: f32 = 2e-6
const REACH_NNLS: f32 = 1e-6

/**
 * Solves for maximum entropy.
 * @param group from {@link exactGroup}
 * @param bark f32 [nBands of the input][stride]; all of a group is read, and columns that are no frames must be copies
 *   of some that are, or a silent one would slow the others down
 * @param stride bytes of a row of `bark`, `spectrogram` and `init`, a multiple of 32
 * @param init f32 [nBins][stride]: the prior; 0 for none
 * @param records RECORD bytes a frame
 */
export function maxent(
  group: usize,
  bark: usize,
  spectrogram: usize,
  init: usize,
  stride: usize,
  frames: i32,
  records: usize,
): void {
  const x = changetype<ExactGroup>(group)
  if (x.bank.nBands == 0) return unreached(x, bark, spectrogram, init, stride, frames, records)
  for (let t = 0; t < frames; t += GROUP) {
    const at = (<usize>t) << 2
    readTarget(x, bark + at, stride)
    reach(x, REACH_MAXENT)
    if (x.hasPrior) readPositivePrior(x, init + at, stride)
    maxentGroup(x, spectrogram + at, stride)
    record(x, bark + at, stride, records + <usize>t * RECORD, min(GROUP, frames - t))
  }
}

/**
 * Solves for least squares of smallest norm, or nearest to `init`.
 * @param chunk from {@link nnlsChunk}; the rest as for {@link maxent}
 */
export function nnls(
  group: usize,
  chunk: usize,
  bark: usize,
  spectrogram: usize,
  init: usize,
  stride: usize,
  frames: i32,
  records: usize,
): void {
  const x = changetype<ExactGroup>(group)
  const c = changetype<NnlsChunk>(chunk)
  if (x.bank.nBands == 0) return unreached(x, bark, spectrogram, init, stride, frames, records)
  for (let t = 0; t < frames; t += CHUNK) {
    const at = (<usize>t) << 2
    c.count = min(CHUNK, frames - t)
    c.masked = x.hasPrior
    memory.fill(c.passes, 0, 4 * CHUNK)
    for (let i = 0; i < c.count; i += GROUP) {
      const column = at + ((<usize>i) << 2)
      readTarget(x, bark + column, stride)
      if (x.hasPrior) readPrior(x, init + column, stride)
      reach(x, REACH_NNLS)
      nnlsStart(x)
      c.putGroup(x, i)
    }
    x.masked = c.masked
    nnlsFrames(x, c)
    for (let i = 0; i < c.count; i += GROUP) {
      const column = at + ((<usize>i) << 2)
      c.takeGroup(x, i)
      writeNnls(x, spectrogram + column, stride)
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
export { exactGroup, exactGroupBytes } from './exact-group'
export { nnlsChunk, nnlsChunkBytes } from './nnls-chunk'
