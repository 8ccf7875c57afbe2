/**
 * A chunk of frames that the lanes of an exact solver take from and give back to, column by column: frames need very
 * different numbers of passes, and lanes do not wait for each other.
 */
import { ExactBank } from './exact-bank'
import { ExactGroup } from './exact-group'
import { GROUP, GROUP_BYTES, GROUP_SHIFT } from './lanes'

/** Frames of a chunk: few enough to stay in the cache, many enough to keep eight lanes busy. */
export const CHUNK: i32 = 64
/** Bytes of a row. */
const ROW: usize = <usize>CHUNK * 4


@unmanaged
export class ExactChunk {
  /** Frames in use, and the next that no lane has had. */
  count: i32
  next: i32
  masked: bool
  /** [band], with a row before and one after them: target and multipliers. */
  target: usize
  theta: usize
  /** [run]: whether its first and its last bin may be positive. */
  first: usize
  last: usize
  /** Single rows: powers of two that the frames were divided by, passes and whether the bands are given, i32. */
  scale: usize
  passes: usize
  done: usize
  /** i32 [GROUP]: the frame of each lane, or -1. */
  frames: usize
  /** [bin]: prior, where there is one. */
  prior: usize

  /** Takes in so many frames next; those of a prior may all be masked. */
  begin(count: i32, masked: bool): void {
    this.count = count
    this.next = 0
    this.masked = masked
    memory.fill(this.passes, 0, ROW)
    memory.fill(this.frames, 0xff, GROUP_BYTES)
  }

  frame(lane: i32): i32 {
    return load<i32>(this.frames + ((<usize>lane) << 2))
  }

  setFrame(lane: i32, frame: i32): void {
    store<i32>(this.frames + ((<usize>lane) << 2), frame)
  }

  addPass(frame: i32): i32 {
    const at = this.passes + ((<usize>frame) << 2)
    const passes = load<i32>(at) + 1
    store<i32>(at, passes)
    return passes
  }

  /** Puts the next frame into a lane of the group, or a silent one where there is none; returns whether there was. */
  refill(x: ExactGroup, lane: i32): bool {
    if (this.next < this.count) {
      this.load(x, lane, this.next++)
      return true
    }
    this.empty(x, lane)
    return false
  }

  /** Puts a frame into a lane of the group. */
  private load(x: ExactGroup, lane: i32, frame: i32): void {
    this.setFrame(lane, frame)
    const bands = x.bank.nBands
    const to = (<usize>lane) << 2
    const from = (<usize>frame) << 2
    for (let k = 0, at = to, c = from; k < bands + 2; k++, at += GROUP_BYTES, c += ROW) {
      store<f32>(x.target + at, load<f32>(this.target + c))
      store<f32>(x.theta + at, load<f32>(this.theta + c))
      store<f32>(x.step + at, 0)
    }
    if (x.masked) {
      for (let k = 0, at = to, c = from; k <= bands; k++, at += GROUP_BYTES, c += ROW) {
        store<i32>(x.first + at, load<i32>(this.first + c))
        store<i32>(x.last + at, load<i32>(this.last + c))
      }
    }
    if (!x.hasPrior) return
    for (let f = 0, at = to, c = from; f < x.bank.nBins; f++, at += GROUP_BYTES, c += ROW) {
      store<f32>(x.prior + at, load<f32>(this.prior + c))
    }
  }

  /** Takes the multipliers of a lane back; those outside are pinned. */
  keep(x: ExactGroup, theta: usize, lane: i32, frame: i32, isDone: bool): void {
    let c = this.theta + ((<usize>frame) << 2)
    let at = theta + ((<usize>lane) << 2)
    for (let k = x.bank.nBands; k > 0; k--) store<f32>((c += ROW), load<f32>((at += GROUP_BYTES)))
    store<i32>(this.done + ((<usize>frame) << 2), isDone ? -1 : 0)
    this.setFrame(lane, -1)
  }

  /** Leaves a lane with a silent frame. */
  private empty(x: ExactGroup, lane: i32): void {
    const end = (<usize>x.bank.nBands + 1) << GROUP_SHIFT
    for (let at = GROUP_BYTES + ((<usize>lane) << 2); at < end; at += GROUP_BYTES) {
      store<f32>(x.target + at, 0)
      store<f32>(x.theta + at, 0)
      store<f32>(x.step + at, 0)
    }
  }

  /** Takes in what a group has been prepared with, as frames t ... t + 7. */
  putGroup(x: ExactGroup, t: i32): void {
    const runs = (<usize>x.bank.nBands + 1) << GROUP_SHIFT
    const at = (<usize>t) << 2
    toColumns(x.target, this.target + at, runs + GROUP_BYTES)
    toColumns(x.theta, this.theta + at, runs + GROUP_BYTES)
    toColumns(x.first, this.first + at, runs)
    toColumns(x.last, this.last + at, runs)
    toColumns(x.scale, this.scale + at, GROUP_BYTES)
    if (x.hasPrior) toColumns(x.prior, this.prior + at, (<usize>x.bank.nBins) << GROUP_SHIFT)
    this.masked = this.masked || x.masked
  }

  /** Gives it back with the solution. */
  takeGroup(x: ExactGroup, t: i32): void {
    const runs = (<usize>x.bank.nBands + 1) << GROUP_SHIFT
    const at = (<usize>t) << 2
    fromColumns(this.target + at, x.target, runs + GROUP_BYTES)
    fromColumns(this.theta + at, x.theta, runs + GROUP_BYTES)
    fromColumns(this.first + at, x.first, runs)
    fromColumns(this.last + at, x.last, runs)
    fromColumns(this.scale + at, x.scale, GROUP_BYTES)
    fromColumns(this.passes + at, x.passes, GROUP_BYTES)
    fromColumns(this.done + at, x.done, GROUP_BYTES)
    if (x.hasPrior) fromColumns(this.prior + at, x.prior, (<usize>x.bank.nBins) << GROUP_SHIFT)
  }
}

// @ts-ignore: decorator
@inline
function copyRow(from: usize, to: usize): void {
  v128.store(to, v128.load(from))
  v128.store(to, v128.load(from, 16), 16)
}

function toColumns(from: usize, to: usize, size: usize): void {
  for (const end = from + size; from < end; from += GROUP_BYTES, to += ROW) copyRow(from, to)
}

function fromColumns(from: usize, to: usize, size: usize): void {
  for (const end = to + size; to < end; to += GROUP_BYTES, from += ROW) copyRow(from, to)
}

const HEADER: usize = (offsetof<ExactChunk>() + 63) & ~63

/** Bytes that {@link exactChunk} needs, with or without a prior. */
export function exactChunkBytes(bank: usize, hasPrior: bool): usize {
  const plan = changetype<ExactBank>(bank)
  const rows: usize = (<usize>plan.nBands + 2) * 4 + 3 + (hasPrior ? <usize>plan.nBins : 0)
  return HEADER + rows * ROW + GROUP_BYTES
}

/** Lays out a chunk at `at`. */
export function exactChunk(at: usize, bank: usize): void {
  const chunk = changetype<ExactChunk>(at)
  const size = (<usize>changetype<ExactBank>(bank).nBands + 2) * ROW
  let p = at + HEADER
  chunk.target = p
  chunk.theta = p += size
  chunk.first = p += size
  chunk.last = p += size
  chunk.scale = p += size
  chunk.passes = p += ROW
  chunk.done = p += ROW
  chunk.frames = p += ROW
  chunk.prior = p + GROUP_BYTES
}
