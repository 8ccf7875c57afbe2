/**
 * Real-time iterative spectrogram inversion with look-ahead: X. Zhu, G. T. Beauregard, L. L. Wyse, "Real-time signal
 * estimation from modified short-time Fourier transform magnitude spectra", IEEE Trans. Audio Speech Lang. Process. 15
 * (2007), 1645-1653, with the band step in place of given magnitudes.
 *
 * The open frames are iterated on over what the closed ones have left, which stays. Then the oldest is closed.
 */
import { ENTRY } from './fft-lanes'
import { fftInput } from './fft'
import { spectraAt } from './frame-window'
import { istftAdd } from './istft'
import { applyBands, solveBands } from './joint-bands'
import { BIN, maskOf } from './joint-layout'
import { combine, FIRST, FRESH, keepLanes, MOVE } from './joint-steps'
import { ageOf, openLanes, Stream, streamPlaces } from './stream-layout'
import { stftSpectra, stftTransform } from './stft'

/** How far magnitudes are pulled to the prior at first. */
const PULL: f32 = 0.1
const MOMENTUM: f32 = 0.99
/** Part of a frame's own phases in what it starts with, which decides where nothing overlaps it yet. */
const OWN: f32 = 1e-6
const TINY: f32 = 1e-30

/** Takes in a frame from the last group, whose lanes all have it, with the phases of what overlaps it. */
export function streamEnter(at: usize): void {
  const x = changetype<Stream>(at)
  const joint = x.joint
  settle(x)
  let slot = x.head + x.open
  if (slot >= x.slots) slot -= x.slots
  x.open++
  const group = slot >> 2
  const lane = i32x4.eq(i32x4(0, 1, 2, 3), i32x4.splat(slot & 3))
  let to = spectraAt(joint, group)
  let from = spectraAt(joint, joint.groups - 1)
  const list = memory.data(16)
  streamPlaces(x, list, group, joint.signal)
  start(stftSpectra(joint.stft, list), from, fftInput(stftTransform(joint.stft)), joint.bank.nBins, lane)
  for (const end = to + joint.groupBytes; to < end; to += 16, from += 16) {
    v128.store(to, v128.bitselect(v128.load(from), v128.load(to), lane))
  }
  streamPlaces(x, list, group, joint.sums)
  istftAdd(joint.istft, list)
  let energy = x.energy + ((<usize>(ageOf(x, slot) * joint.hop)) << 2)
  for (let w = x.square, end = w + ((<usize>joint.n) << 2); w < end; w += 4, energy += 4) {
    store<f32>(energy, load<f32>(energy) + load<f32>(w))
  }
}

/** The magnitudes at `from`, with the phases at `heard`, in one lane. */
function start(heard: usize, from: usize, to: usize, bins: i32, lane: v128): void {
  for (; bins > 0; bins--, heard += ENTRY, from += BIN, to += ENTRY) {
    const a = v128.load(from, 16)
    const b = v128.load(from, 32)
    const re = f32x4.add(v128.load(heard), f32x4.mul(a, f32x4.splat(OWN)))
    const im = f32x4.add(v128.load(heard, 16), f32x4.mul(b, f32x4.splat(OWN)))
    const by = f32x4.sqrt(f32x4.div(square(a, b), f32x4.pmax(square(re, im), f32x4.splat(TINY))))
    v128.store(to, v128.and(f32x4.mul(re, by), lane))
    v128.store(to, v128.and(f32x4.mul(im, by), lane), 16)
  }
}

// @ts-ignore: decorator
@inline
function square(re: v128, im: v128): v128 {
  return f32x4.add(f32x4.mul(re, re), f32x4.mul(im, im))
}

/**
 * Iterates on the open frames.
 * @param closes whether the oldest is closed after; its first hop of the signal is then as it stays
 */
export function streamRun(at: usize, iterations: i32, closes: bool): void {
  const x = changetype<Stream>(at)
  const joint = x.joint
  const input = fftInput(stftTransform(joint.stft))
  const list = memory.data(16)
  for (let k = 1; k <= iterations; k++) {
    const isLast = k == iterations
    const pull = PULL * (<f32>1 - <f32>k / <f32>iterations)
    settle(x)
    memory.fill(joint.sums, 0, (<usize>x.span) << 2)
    for (let group = 0; group < joint.groups - 1; group++) {
      const spectra = spectraAt(joint, group)
      streamPlaces(x, list, group, joint.signal)
      combine(joint, spectra, stftSpectra(joint.stft, list), input, isLast ? FRESH : k == 1 ? FIRST : MOVE, MOMENTUM)
      solveBands(joint, spectra, input, pull)
      applyBands(joint, input)
      const open = openLanes(x, group)
      keepLanes(joint, input, isLast ? v128.and(open, v128.load(maskOf(joint, spectra))) : open)
      streamPlaces(x, list, group, joint.sums)
      if (isLast && closes && x.head >> 2 == group) store<usize>(list + ((<usize>(x.head & 3)) << 2), x.closed)
      istftAdd(joint.istft, list)
    }
  }
  settle(x)
}

/** The signal of all frames so far. */
function settle(x: Stream): void {
  const joint = x.joint
  const least = f32x4.splat(x.least)
  let sum = joint.sums
  let closed = x.closed
  let energy = x.energy
  let to = joint.signal
  for (const end = to + ((<usize>x.span) << 2); to < end; to += 16, sum += 16, closed += 16, energy += 16) {
    const y = f32x4.add(v128.load(sum), v128.load(closed))
    v128.store(to, f32x4.div(y, f32x4.pmax(least, v128.load(energy))))
  }
}
