/**
 * A window over the frames of a signal that iterations follow each other over: what is kept of every frame, the newest
 * signal, and the sums of the next. Frames come in groups of four, one a lane.
 */

@unmanaged
export class FrameWindow {
  n: i32
  hop: i32
  /** Frames, and samples, of the whole signal. */
  frames: i32
  samples: i32
  /** The first group of the window, and how many it has. */
  first: i32
  groups: i32
  /** What is kept of a group, and its bytes. */
  spectra: usize
  groupBytes: usize
  /** f32, from the first sample of the window's first frame on: the newest signal, and the sums of the next. */
  signal: usize
  sums: usize
}

/** A window's samples and what a frame reads beyond its end, and those of a signal beyond its last frame. */
function signalBytes(n: i32, hop: i32, groups: i32): usize {
  return (((<usize>(4 * groups * hop + n)) << 2) + 31) & ~15
}

/** Bytes of a window's groups and signals. */
export function windowBytes(n: i32, hop: i32, groups: i32, groupBytes: usize): usize {
  return <usize>groups * groupBytes + 2 * signalBytes(n, hop, groups)
}

/** Begins a signal, in {@link windowBytes} bytes at `at`, with the window over its first groups. */
export function beginWindow(
  to: FrameWindow,
  at: usize,
  n: i32,
  hop: i32,
  frames: i32,
  samples: i32,
  groups: i32,
  groupBytes: usize,
): void {
  to.n = n
  to.hop = hop
  to.frames = frames
  to.samples = samples
  to.first = 0
  to.groups = groups
  to.groupBytes = groupBytes
  to.spectra = at
  to.signal = at + <usize>groups * groupBytes
  to.sums = to.signal + signalBytes(n, hop, groups)
  memory.fill(to.signal, 0, 2 * signalBytes(n, hop, groups))
}

// @ts-ignore: decorator
@inline
export function spectraAt(plan: FrameWindow, group: i32): usize {
  return plan.spectra + <usize>(group - plan.first) * plan.groupBytes
}

/** Bytes from the first sample of the window to that of a frame. */
// @ts-ignore: decorator
@inline
export function offset(plan: FrameWindow, frame: i32): usize {
  return (<usize>((frame - 4 * plan.first) * plan.hop)) << 2
}

/** Moves the window on by so many groups, which all iterations have been done to. */
export function slideWindow(plan: FrameWindow, groups: i32): void {
  const gone = <usize>groups * plan.groupBytes
  memory.copy(plan.spectra, plan.spectra + gone, <usize>(plan.groups - groups) * plan.groupBytes)
  const heard = (<usize>(4 * groups * plan.hop)) << 2
  const left = signalBytes(plan.n, plan.hop, plan.groups) - heard
  memory.copy(plan.signal, plan.signal + heard, left)
  memory.copy(plan.sums, plan.sums + heard, left)
  memory.fill(plan.sums + left, 0, heard)
  plan.first += groups
}
