/** What a chunk did to the bins, and which of them to watch in the next. */
import { GROUP_BYTES, mulAdd } from './lanes'
import { Sgd, targetAt } from './sgd-layout'
import { BAND, BIN, ENTRY, LANES, LOWER, PLACE, stepAt, SUM, UPPER, Watch } from './sgd-watch-layout'

/** A bin is watched that might cross within 5/4 chunks. */
const MARGIN: f32 = 1.25
/** Bins cross the clamp by as much as this times their bands' targets without being noticed: float32's own noise. */
export const NOISE: f32 = 1e-7

/**
 * Looks at all bins after a chunk: applies it, makes the residuals and the list for the next chunk of `length`.
 * @param again whether the list is to be that of the marks as they are
 * @returns the lanes in which a bin that was not watched crossed the clamp; it has been marked
 */
export function review(sgd: Sgd, w: Watch, half: usize, length: i32, again: bool): v128 {
  const zero = f32x4.splat(0)
  const mu = f32x4.splat(sgd.momentum)
  const rate = f32x4.splat(sgd.rate)
  const noise = f32x4.splat((-NOISE * sgd.rate) / (1 - sgd.momentum))
  const ahead = f32x4.splat(MARGIN * <f32>length)
  const runs = sgd.bank.runs
  let bad = zero
  let e = w.list
  store<i32>(w.listEnd, -1, BIN)
  let out = w.nextList
  let weight = sgd.bank.weights
  let q = w.bands
  let row = w.rows - 48
  let target = half + targetAt(sgd)
  let targetBelow = zero
  let above = zero
  let gramAbove = zero
  let next0 = zero
  let next1 = stepAt(q + BAND, mu, rate)
  let i: usize = 0
  for (let k = 0; k <= w.nBands; k++) {
    const targetAbove = k < w.nBands ? v128.load(target) : zero
    const floor = f32x4.mul(noise, f32x4.add(targetBelow, targetAbove))
    const last0 = v128.load(q)
    const last1 = v128.load(q, BAND)
    const sum0 = v128.load(q, SUM)
    const sum1 = v128.load(q, BAND + SUM)
    const change0 = f32x4.sub(next0, last0)
    const change1 = f32x4.sub(next1, last1)
    let total = above
    let diagonal = gramAbove
    let across = zero
    above = zero
    gramAbove = zero
    const end = i + <usize>load<i32>(runs + ((<usize>k) << 2))
    for (; i < end; i++, weight += 8) {
      const wl = v128.load32_splat(weight)
      const wh = v128.load32_splat(weight, 4)
      const before = v128.load(w.spectrogram + (i << 4))
      const moves = f32x4.gt(before, zero)
      const x = f32x4.sub(before, mulAdd(wl, sum0, f32x4.mul(wh, sum1)))
      let crossed = v128.bitselect(f32x4.lt(x, zero), f32x4.lt(mulAdd(wl, last0, f32x4.mul(wh, last1)), floor), moves)
      let s = v128.and(x, moves)
      if (<usize>load<i32>(e, BIN) == i) {
        const watched = v128.load(e, LANES)
        crossed = v128.andnot(crossed, watched)
        s = v128.bitselect(v128.load(e), s, watched)
        e += ENTRY
      }
      const mark = w.marks + (i << 4)
      if (v128.any_true(crossed)) {
        bad = v128.or(bad, crossed)
        v128.store(mark, v128.or(v128.load(mark), crossed))
      }
      v128.store(w.next + (i << 4), s)
      total = mulAdd(wl, s, total)
      above = mulAdd(wh, s, above)
      const v = mulAdd(wl, next0, f32x4.mul(wh, next1))
      const later = mulAdd(ahead, mulAdd(wl, change0, f32x4.mul(wh, change1)), v)
      const isUp = f32x4.gt(s, zero)
      let risk = v128.bitselect(
        f32x4.lt(s, f32x4.mul(ahead, f32x4.pmax(v, later))),
        f32x4.lt(f32x4.pmin(v, later), floor),
        isUp,
      )
      if (again) risk = v128.load(mark)
      else v128.store(w.nextMarks + (i << 4), risk)
      if (v128.any_true(risk)) {
        v128.store(out, s)
        v128.store(out, risk, LANES)
        store<u64>(out, load<u64>(weight), LOWER)
        store<u32>(out, <u32>q, PLACE)
        store<i32>(out, <i32>i, BIN)
        out += ENTRY
      }
      const linear = v128.andnot(isUp, risk)
      const wlMoving = v128.and(wl, linear)
      diagonal = mulAdd(wl, wlMoving, diagonal)
      across = mulAdd(wh, wlMoving, across)
      gramAbove = mulAdd(wh, v128.and(wh, linear), gramAbove)
    }
    if (k > 0) {
      v128.store(row, f32x4.sub(total, targetBelow))
      v128.store(row, diagonal, 16)
      v128.store(row, across, 32)
    }
    row += 48
    q += BAND
    target += GROUP_BYTES
    targetBelow = targetAbove
    next0 = next1
    if (k < w.nBands) next1 = stepAt(q + BAND, mu, rate)
  }
  w.nextListEnd = out
  return bad
}
