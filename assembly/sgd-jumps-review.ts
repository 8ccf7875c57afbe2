/** What a jump did to the bins. */
import { mulAdd } from './lanes'
import {
  ACROSS,
  AFTER,
  BAND,
  BAND_SHIFT,
  DIAGONAL,
  GRAM,
  Jumps,
  LAST,
  MOMENTUM,
  NEXT,
  RESIDUAL,
  ROW,
  runAt,
  SUM,
} from './sgd-jumps-layout'
import { Sgd } from './sgd-layout'
import { NOISE } from './sgd-watch-layout'

/**
 * A bin may be so far beyond the clamp that the square of that is this times its bands' targets times its step, and a jump
 * is made this part of that longer than to the next event: so one jump may have several events, half as many are made,
 * and fewer are taken back. The distance from float64's iteration stays what it is without.
 */
const OVERSHOOT: f32 = 1e-5
const PLANNED: f32 = 0.1

/**
 * One look at the bins: was the jump right (`bad` if not), where are they after it, which of them move, when is the next
 * event. A run with no event, and none due within `ahead` iterations or before the nearest found so far, keeps its part of G
 * and is done in a third of the operations; others are gone through again.
 */
export function review(sgd: Sgd, j: Jumps): void {
  const zero = f32x4.splat(0)
  const settled = sgd.rate / (1 - sgd.momentum)
  const noise = f32x4.splat(NOISE)
  const noiseV = f32x4.splat(NOISE * settled)
  let due = v128.load(j.ahead)
  let bad = zero
  let s = j.spectrogram
  let to = j.next
  let weight = sgd.bank.weights
  let row = j.rows
  let gram = j.grams
  let nextGram = j.nextGrams
  let above = zero
  let gramAbove = zero
  for (let k = 0; k <= j.nBands; k++, row += ROW, gram += GRAM, nextGram += GRAM) {
    const sum0 = v128.load(row, SUM)
    const sum1 = v128.load(row, ROW + SUM)
    const next0 = v128.load(row, NEXT)
    const next1 = v128.load(row, ROW + NEXT)
    const slower0 = f32x4.sub(v128.load(row, LAST), next0)
    const slower1 = f32x4.sub(v128.load(row, ROW + LAST), next1)
    const targets = f32x4.add(v128.load(row), v128.load(row, ROW))
    const noiseAt = f32x4.mul(targets, noiseV)
    const aboveBefore = above
    let total = above
    above = zero
    let slow = zero
    const count = <usize>runAt(sgd, k)
    const end = s + (count << 4)
    for (; s < end; s += 16, to += 16, weight += 8) {
      const wl = v128.load32_splat(weight)
      const wh = v128.load32_splat(weight, 4)
      const x = v128.load(s)
      const moves = f32x4.ge(x, zero)
      const stepped = f32x4.sub(x, mulAdd(wl, sum0, f32x4.mul(wh, sum1)))
      const v = mulAdd(wl, next0, f32x4.mul(wh, next1))
      const slower = mulAdd(wl, slower0, f32x4.mul(wh, slower1))
      // how far from the event, and by how much nearer with each iteration
      const far = v128.bitselect(stepped, f32x4.add(v, noiseAt), moves)
      const nearing = v128.bitselect(v, slower, moves)
      slow = v128.or(slow, f32x4.lt(far, f32x4.pmax(zero, f32x4.mul(due, nearing))))
      v128.store(to, v128.bitselect(stepped, x, moves))
      const moving = v128.and(stepped, moves)
      total = mulAdd(wl, moving, total)
      above = mulAdd(wh, moving, above)
    }
    let lower = v128.load(gram)
    let across = v128.load(gram, 16)
    let upper = v128.load(gram, 32)
    if (v128.any_true(slow)) {
      const floor = f32x4.neg(f32x4.mul(targets, noise))
      const floorV = f32x4.neg(noiseAt)
      const over = f32x4.mul(targets, f32x4.splat(OVERSHOOT))
      const overS = f32x4.mul(over, f32x4.splat(1 / settled))
      const planned = f32x4.splat(PLANNED)
      let newLower = zero
      let newAcross = zero
      let newUpper = zero
      total = aboveBefore
      above = zero
      s -= count << 4
      to -= count << 4
      weight -= count << 3
      for (; s < end; s += 16, to += 16, weight += 8) {
        const wl = v128.load32_splat(weight)
        const wh = v128.load32_splat(weight, 4)
        const x = v128.load(s)
        const moves = f32x4.ge(x, zero)
        const stepped = f32x4.sub(x, mulAdd(wl, sum0, f32x4.mul(wh, sum1)))
        const v = mulAdd(wl, next0, f32x4.mul(wh, next1))
        const slower = mulAdd(wl, slower0, f32x4.mul(wh, slower1))
        const lastV = f32x4.add(v, slower)
        const clamped = v128.and(f32x4.pmax(zero, stepped), moves)
        const will = v128.or(v128.and(f32x4.gt(stepped, zero), moves), f32x4.lt(v, floorV))
        const short = v128.bitselect(stepped, x, moves)
        v128.store(to, v128.bitselect(v128.bitselect(clamped, f32x4.splat(-1), will), short, slow))
        const value = v128.bitselect(v128.and(clamped, will), v128.and(stepped, moves), slow)
        total = mulAdd(wl, value, total)
        above = mulAdd(wh, value, above)
        const wlWill = v128.and(wl, will)
        newLower = mulAdd(wl, wlWill, newLower)
        newAcross = mulAdd(wh, wlWill, newAcross)
        newUpper = mulAdd(wh, v128.and(wh, will), newUpper)
        const far = v128.bitselect(stepped, f32x4.add(f32x4.pmin(v, lastV), noiseAt), moves)
        const nearing = v128.bitselect(v, slower, will)
        const near = v128.and(slow, f32x4.lt(far, f32x4.pmax(zero, f32x4.mul(due, nearing))))
        if (!v128.any_true(near)) continue
        const beyond = v128.bitselect(stepped, lastV, moves)
        const speed = v128.bitselect(lastV, slower, moves)
        const tooFar = v128.and(
          f32x4.gt(f32x4.neg(beyond), speed),
          f32x4.gt(f32x4.mul(beyond, beyond), f32x4.mul(v128.bitselect(overS, over, moves), speed)),
        )
        const isBeyond = f32x4.lt(beyond, v128.bitselect(floor, floorV, moves))
        bad = v128.or(bad, v128.and(v128.and(isBeyond, tooFar), near))
        // S / v, longer the more v is slowing: a Pade approximant of the time of a decelerating approach
        const perV = f32x4.div(f32x4.splat(1), v)
        const t0 = f32x4.mul(clamped, perV)
        const q = f32x4.mul(f32x4.mul(slower, t0), perV)
        const time = f32x4.div(
          v128.bitselect(f32x4.mul(t0, f32x4.sub(f32x4.splat(6), q)), v, will),
          v128.bitselect(f32x4.sub(f32x4.splat(6), f32x4.mul(f32x4.splat(4), q)), slower, will),
        )
        const comes = v128.and(
          v128.and(f32x4.gt(v, noiseAt), near),
          v128.bitselect(f32x4.lt(q, f32x4.splat(1)), f32x4.gt(slower, zero), will),
        )
        const slack = f32x4.sqrt(f32x4.div(f32x4.mul(planned, v128.bitselect(overS, over, will)), nearing))
        due = f32x4.pmin(due, v128.bitselect(f32x4.add(time, slack), due, comes))
      }
      lower = v128.bitselect(newLower, lower, slow)
      across = v128.bitselect(newAcross, across, slow)
      upper = v128.bitselect(newUpper, upper, slow)
    }
    v128.store(nextGram, lower)
    v128.store(nextGram, across, 16)
    v128.store(nextGram, upper, 32)
    if (k > 0) {
      v128.store(row, f32x4.sub(total, v128.load(row)), AFTER)
      v128.store(row, f32x4.add(gramAbove, lower), DIAGONAL)
      v128.store(row, k < j.nBands ? across : zero, ACROSS)
    }
    gramAbove = upper
  }
  v128.store(j.due, due)
  v128.store(j.bad, bad)
}
