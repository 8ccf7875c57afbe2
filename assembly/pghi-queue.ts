/**
 * The walk of phase gradient heap integration, from the loudest cell that has a phase to those of its neighbours that
 * have none. No heap: a bucket per eighth of a decibel, last in, first out, in linked lists through the cells.
 */
import { BUCKETS, BUCKET_BYTES, CELL, FREQUENCY, LINK, Pghi, PHASE } from './pghi-plan'

/** Walks from the cells of column `known` - 1, which have their phases, and then from every start that is left. */
export function walkAll(x: Pghi, known: i32): void {
  if (known > 0) {
    let cell = x.cells + <usize>(known - 1) * CELL
    for (let f = 0; f < x.bins; f++, cell += x.pitch) {
      const link = load<u32>(cell, LINK)
      if (!(link & 1)) push(x, cell, link)
    }
    walk(x)
  }
  const end = x.startHeads + <usize>BUCKETS * BUCKET_BYTES
  for (let head = x.startHeads; head < end; head += BUCKET_BYTES) {
    for (let start = <usize>load<u32>(head); start; start = <usize>load<u32>(start, 4)) {
      const cell = <usize>load<u32>(start)
      const link = load<u32>(cell, LINK)
      if (link & 1) continue
      store<i32>(cell, centred(x, cell), PHASE)
      push(x, cell, link)
      walk(x)
    }
  }
}

/** Phase 0 at the frame's centre: half a turn for odd bins at its first sample. */
function centred(x: Pghi, cell: usize): i32 {
  return <i32>(((cell - x.cells) / x.pitch) << 31)
}

/** Until the queue is empty. */
function walk(x: Pghi): void {
  const pitch = x.pitch
  while (x.summary) {
    const cell = pop(x)
    const phase = load<i32>(cell, PHASE)
    const inTime = load<i32>(cell)
    const inFrequency = load<i32>(cell, FREQUENCY)
    reach(x, cell + CELL, phase + inTime, 1, 0)
    reach(x, cell - CELL, phase - inTime, -1, 0)
    reach(x, cell + pitch, phase + inFrequency, 1, FREQUENCY)
    reach(x, cell - pitch, phase - inFrequency, -1, FREQUENCY)
  }
}

// @ts-ignore: decorator
@inline
function reach(x: Pghi, cell: usize, phase: i32, sign: i32, half: usize): void {
  const link = load<u32>(cell, LINK)
  if (link & 1) return
  store<i32>(cell, phase + sign * load<i32>(cell + half), PHASE)
  push(x, cell, link)
}

// @ts-ignore: decorator
@inline
function push(x: Pghi, cell: usize, link: u32): void {
  const head = x.heads + link
  store<u32>(cell, load<u32>(head) | 1, LINK)
  store<u32>(head, <u32>cell)
  const bucket = link >> 2
  const word = bucket >> 6
  const at = x.words + (word << 3)
  store<u64>(at, load<u64>(at) | ((<u64>1) << (bucket & 63)))
  x.summary |= (<u64>1) << word
}

/** The last that was put into the loudest bucket with any. */
// @ts-ignore: decorator
@inline
function pop(x: Pghi): usize {
  const word = <usize>ctz(x.summary)
  const at = x.words + (word << 3)
  const bits = load<u64>(at)
  const head = x.heads + ((word << 6) + <usize>ctz(bits)) * BUCKET_BYTES
  const cell = <usize>load<u32>(head)
  const next = load<u32>(cell, LINK) & ~1
  store<u32>(head, next)
  if (!next) {
    const left = bits & (bits - 1)
    store<u64>(at, left)
    if (!left) x.summary &= x.summary - 1
  }
  return cell
}
