/**
 * Between (batch, rows, time) and lane groups [row][8 frames]. Frames count across batch items: frame n is column
 * n % time of item n / time, and a group takes the next eight, whichever items they belong to.
 */

/** Frames of a group: GROUP in assembly/lanes.ts. */
export const GROUP = 8

/** Index of row 0 of frame n; the rows of a frame are `time` apart. */
function column(n: number, rows: number, time: number): number {
  const item = Math.floor(n / time)
  return item * rows * time + (n - item * time)
}

/** Packs frames n ... n + 7 to index `to` of `heap`; lanes from `frames` on become zero. */
export function pack(
  from: ArrayLike<number>,
  rows: number,
  time: number,
  n: number,
  frames: number,
  heap: Float32Array,
  to: number,
): void {
  const lanes = Math.min(GROUP, frames - n)
  if (lanes === GROUP && (n % time) + GROUP <= time) {
    for (let r = 0, i = column(n, rows, time); r < rows; r++, i += time, to += GROUP) {
      for (let lane = 0; lane < GROUP; lane++) heap[to + lane] = from[i + lane]!
    }
    return
  }
  if (lanes < GROUP) heap.fill(0, to, to + rows * GROUP)
  for (let lane = 0; lane < lanes; lane++) {
    const first = column(n + lane, rows, time)
    for (let r = 0; r < rows; r++) heap[to + r * GROUP + lane] = from[first + r * time]!
  }
}

/** Unpacks frames n ... n + 7 from index `at` of `heap`. */
export function unpack(
  heap: Float32Array,
  at: number,
  rows: number,
  time: number,
  n: number,
  frames: number,
  into: Float32Array,
): void {
  const lanes = Math.min(GROUP, frames - n)
  if (lanes === GROUP && (n % time) + GROUP <= time) {
    for (let r = 0, i = column(n, rows, time); r < rows; r++, i += time, at += GROUP) {
      for (let lane = 0; lane < GROUP; lane++) into[i + lane] = heap[at + lane]!
    }
    return
  }
  for (let lane = 0; lane < lanes; lane++) {
    const first = column(n + lane, rows, time)
    for (let r = 0; r < rows; r++) into[first + r * time] = heap[at + r * GROUP + lane]!
  }
}
