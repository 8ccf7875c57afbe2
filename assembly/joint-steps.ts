/**
 * Steps of the joint method, each a projection to the magnitudes that give the bands, P, and one to the spectra that
 * signals have, which is the way to the signal and, in the next step, back. With T the spectra that the step before gave:
 *
 *     LOADED  C is what the frames came in with
 *     FRESH   C = T
 *     FIRST   C = T, and T is kept
 *     MOVE    C = T + a c (T - T_before), with a the momentum and c a bin's weight in all bands: P. Perraudin et al.'s
 *             fast Griffin-Lim, but not where no band holds a bin
 *     DUAL    U = (V - T) / (1 + rho), C = V - 2 U: Y. Masuyama, K. Yatabe, Y. Oikawa's alternating directions
 *
 * and then X = P(C), or V = X + U where the next step is DUAL or FRESH after it.
 */
import { ENTRY } from './fft-lanes'
import { fftInput } from './fft'
import { offset, spectraAt } from './frame-window'
import { istftAdd, istftPlaces, lanes } from './istft'
import { WEIGHTS } from './joint-bank'
import { applyBands, holdMagnitudes, missBands, solveBands } from './joint-bands'
import { BIN, Joint, maskOf } from './joint-layout'
import { jointSettle } from './joint-settle'
import { stftSpectra, stftTransform } from './stft'

const LOADED: i32 = 0
export const FRESH: i32 = 1
export const FIRST: i32 = 2
export const MOVE: i32 = 3
const DUAL: i32 = 4

/** Weight of the dual variable. */
const RHO: f32 = 0.1

/**
 * A step on groups of the window.
 * @param kind LOADED ... DUAL
 * @param isDual whether V is kept for the next step
 * @param isLast whether silent frames are to be silent
 * @param pull how far magnitudes move to the prior
 */
export function jointStep(
  at: usize,
  group: i32,
  count: i32,
  kind: i32,
  isDual: bool,
  isLast: bool,
  pull: f32,
  momentum: f32,
): void {
  const x = changetype<Joint>(at)
  const input = fftInput(stftTransform(x.stft))
  const hop = (<usize>x.hop) << 2
  const list = memory.data(16)
  for (const end = group + count; group < end; group++) {
    const frame = 4 * group
    const frames = min(4, x.frames - frame)
    const spectra = spectraAt(x, group)
    if (kind == LOADED) {
      begin(x, spectra, input, isDual)
    } else {
      istftPlaces(list, x.signal + offset(x, frame), hop, frames)
      combine(x, spectra, stftSpectra(x.stft, list), input, kind, momentum)
    }
    if (x.isHeld) {
      holdMagnitudes(x, spectra, input)
    } else {
      solveBands(x, spectra, input, pull)
      applyBands(x, input)
    }
    if (isDual) addDual(x, spectra, input)
    // lanes of no frame hold the last one's samples again, and what a dual step has made of them
    if (isLast) keepLanes(x, input, v128.load(maskOf(x, spectra)))
    else if (frames < 4) keepLanes(x, input, lanes(frames))
    istftPlaces(list, x.sums + offset(x, frame), hop, frames)
    istftAdd(x.istft, list)
    jointSettle(x, frame, frames)
  }
}

/**
 * By how much the bands of the signal miss the target.
 * @param told f64 [count][2]: for each group the squares of what is missed, and of what was asked for
 */
export function jointMiss(at: usize, group: i32, count: i32, told: usize): void {
  const x = changetype<Joint>(at)
  const list = memory.data(16)
  for (const end = group + count; group < end; group++, told += 16) {
    const frame = 4 * group
    const frames = min(4, x.frames - frame)
    istftPlaces(list, x.signal + offset(x, frame), (<usize>x.hop) << 2, frames)
    missBands(x, spectraAt(x, group), stftSpectra(x.stft, list), frames, told)
  }
}

function begin(x: Joint, spectra: usize, to: usize, isDual: bool): void {
  const zero = f32x4.splat(0)
  for (let f = x.bank.nBins; f > 0; f--, spectra += BIN, to += ENTRY) {
    v128.store(to, v128.load(spectra, 16))
    v128.store(to, v128.load(spectra, 32), 16)
    if (!isDual) continue
    v128.store(spectra, zero, 16)
    v128.store(spectra, zero, 32)
  }
}

export function combine(x: Joint, spectra: usize, from: usize, to: usize, kind: i32, momentum: f32): void {
  const end = spectra + <usize>x.bank.nBins * BIN
  if (kind == MOVE) {
    const alpha = f32x4.splat(momentum)
    for (let bin = x.bank.bins; spectra < end; spectra += BIN, from += ENTRY, to += ENTRY, bin += WEIGHTS) {
      const a = x.isHeld ? alpha : f32x4.mul(alpha, v128.load32_splat(bin, 8))
      move(from, spectra + 16, to, a)
      move(from + 16, spectra + 32, to + 16, a)
    }
  } else if (kind == DUAL) {
    for (; spectra < end; spectra += BIN, from += ENTRY, to += ENTRY) {
      dual(from, spectra + 16, to)
      dual(from + 16, spectra + 32, to + 16)
    }
  } else {
    for (; spectra < end; spectra += BIN, from += ENTRY, to += ENTRY) {
      const re = v128.load(from)
      const im = v128.load(from, 16)
      v128.store(to, re)
      v128.store(to, im, 16)
      if (kind == FRESH) continue
      v128.store(spectra, re, 16)
      v128.store(spectra, im, 32)
    }
  }
}

// @ts-ignore: decorator
@inline
function move(from: usize, before: usize, to: usize, a: v128): void {
  const t = v128.load(from)
  v128.store(to, f32x4.add(t, f32x4.mul(a, f32x4.sub(t, v128.load(before)))))
  v128.store(before, t)
}

// @ts-ignore: decorator
@inline
function dual(from: usize, kept: usize, to: usize): void {
  const v = v128.load(kept)
  const u = f32x4.mul(f32x4.sub(v, v128.load(from)), f32x4.splat(<f32>(1 / (1 + RHO))))
  v128.store(to, f32x4.sub(v, f32x4.add(u, u)))
  v128.store(kept, u)
}

function addDual(x: Joint, spectra: usize, to: usize): void {
  for (let f = x.bank.nBins; f > 0; f--, spectra += BIN, to += ENTRY) {
    const re = f32x4.add(v128.load(to), v128.load(spectra, 16))
    const im = f32x4.add(v128.load(to, 16), v128.load(spectra, 32))
    v128.store(to, re)
    v128.store(to, im, 16)
    v128.store(spectra, re, 16)
    v128.store(spectra, im, 32)
  }
}

/** Leaves 0 in the lanes that are not in the mask. */
export function keepLanes(x: Joint, to: usize, mask: v128): void {
  if (i32x4.all_true(mask)) return
  for (let f = x.bank.nBins; f > 0; f--, to += ENTRY) {
    v128.store(to, v128.and(v128.load(to), mask))
    v128.store(to, v128.and(v128.load(to, 16), mask), 16)
  }
}
