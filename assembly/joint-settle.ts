/**
 * The signal of the frames that have been added up, where the samples beyond its ends belong to it: with a signal that is
 * reflected at its ends, sample -m is sample m, so its sum and its envelope are those of both. Then the way there and back
 * is the orthogonal projection to the spectra that signals have, at the ends as everywhere.
 *
 * Position 0 is the first sample of frame 0, and sample 0 of the signal is at `edge`.
 */
import { offset } from './frame-window'
import { envelopeAt, istftDivide, LEAST } from './istft'
import { FOLD, FREE, Joint, REPEAT, ZERO } from './joint-layout'

/** Makes samples of what frames have completed, and what lies beyond the ends when they are there. */
export function jointSettle(x: Joint, frame: i32, count: i32): void {
  const last = x.frames - 1
  const head = headFrame(x)
  const to = settled(x, head, frame + count - 1)
  const from = frame == 0 ? 0 : settled(x, head, frame - 1)
  const end = x.edge + x.samples
  const inner = x.margin == FREE ? 0 : 2 * x.edge + 1
  const outer = x.margin == FREE ? lengthOf(x) : end - 1 - x.edge
  divide(x, max(from, inner), min(to, outer))
  if (x.margin != FREE) settleEnds(x, from, to, inner, outer)
  if (x.pad > 0) {
    silence(x, max(from, x.edge), min(to, x.edge + x.pad))
    silence(x, max(from, end - x.pad), min(to, end))
  }
  if (x.margin == FREE) return
  if (frame <= head && head < frame + count) beyond(x, x.edge - 1, -1)
  if (frame + count > last) beyond(x, end, 1)
}

/** Positions before `inner` and from `outer` on. */
function settleEnds(x: Joint, from: i32, to: i32, inner: i32, outer: i32): void {
  if (from >= inner && to <= outer) return
  const second = max(from, max(inner, outer))
  ends(x, from, min(to, inner))
  ends(x, second, to)
  clear(x, from, min(to, inner))
  clear(x, second, to)
}

/** Zeros of the signal. */
function silence(x: Joint, from: i32, to: i32): void {
  if (to > from) memory.fill(place(x, x.signal, from), 0, (<usize>(to - from)) << 2)
}

/** Positions from the first frame's beginning to the last one's end. */
// @ts-ignore: decorator
@inline
function lengthOf(x: Joint): i32 {
  return (x.frames - 1) * x.hop + x.n
}

/** The frame with which all is known that the beginning's reflection touches. */
// @ts-ignore: decorator
@inline
function headFrame(x: Joint): i32 {
  const last = x.frames - 1
  if (x.margin == FREE) return 0
  return x.samples - 1 <= 2 * x.edge ? last : min((2 * x.edge) / x.hop, last)
}

/** The position before which all is made into samples once a frame has been added. */
// @ts-ignore: decorator
@inline
function settled(x: Joint, head: i32, frame: i32): i32 {
  if (frame >= x.frames - 1) return max(lengthOf(x), x.edge + x.samples)
  if (frame < head) return 0
  const complete = (frame + 1) * x.hop
  return x.margin == FREE ? complete : min(complete, x.samples - 1)
}

// @ts-ignore: decorator
@inline
function place(x: Joint, start: usize, position: i32): usize {
  return start + offset(x, 0) + ((<usize>position) << 2)
}

/** Positions whose sums belong to them alone. */
function divide(x: Joint, from: i32, to: i32): void {
  const last = x.frames - 1
  to = min(to, lengthOf(x))
  while (from < to) {
    const frame = min(from / x.hop, last)
    const end = frame == last ? to : min(to, (frame + 1) * x.hop)
    const envelope = envelopeAt(x.istft, frame, from)
    istftDivide(place(x, x.sums, from), place(x, x.signal, from), envelope, end - from)
    from = end
  }
}

/** Positions that others may be the same sample as. */
function ends(x: Joint, from: i32, to: i32): void {
  const first = x.edge
  const last = x.edge + x.samples - 1
  for (let p = max(from, first); p < min(to, last + 1); p++) {
    let sum = sumAt(x, p)
    let energy = energyAt(x, p)
    if (x.margin == FOLD) {
      if (p > first && p <= 2 * first) {
        sum += sumAt(x, 2 * first - p)
        energy += energyAt(x, 2 * first - p)
      }
      if (p < last) {
        sum += sumAt(x, 2 * last - p)
        energy += energyAt(x, 2 * last - p)
      }
    } else if (x.margin == REPEAT) {
      if (p == first) for (let q = 0; q < first; q++) ((sum += sumAt(x, q)), (energy += energyAt(x, q)))
      if (p == last) for (let q = last + 1; q < lengthOf(x); q++) ((sum += sumAt(x, q)), (energy += energyAt(x, q)))
    }
    store<f32>(place(x, x.signal, p), energy >= LEAST ? sum / energy : 0)
  }
}

// @ts-ignore: decorator
@inline
function sumAt(x: Joint, position: i32): f32 {
  return position < lengthOf(x) ? load<f32>(place(x, x.sums, position)) : 0
}

function energyAt(x: Joint, position: i32): f32 {
  if (position >= lengthOf(x)) return 0
  return load<f32>(envelopeAt(x.istft, min(position / x.hop, x.frames - 1), position))
}

function clear(x: Joint, from: i32, to: i32): void {
  to = min(to, lengthOf(x))
  if (to > from) memory.fill(place(x, x.sums, from), 0, (<usize>(to - from)) << 2)
}

/** What lies beyond an end, from the position next to it on. */
function beyond(x: Joint, position: i32, step: i32): void {
  const end = position - step
  for (let m = 1; m <= x.edge; m++, position += step) {
    let value: f32 = 0
    if (x.margin == FOLD) value = load<f32>(place(x, x.signal, end - m * step))
    else if (x.margin == REPEAT) value = load<f32>(place(x, x.signal, end))
    store<f32>(place(x, x.signal, position), value)
  }
}
