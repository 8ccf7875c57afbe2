/** Frames into lanes, and back to their groups. */
import { GROUP, GROUP_SHIFT } from './lanes'
import {
  ABOVE,
  BAND,
  BAND_SHIFT,
  GRAM,
  Jumps,
  LONGEST,
  MOMENTUM,
  RESIDUAL,
  ROW,
  runAt,
  SHORTEST,
} from './sgd-jumps-layout'
import { momentumAt, Sgd, targetAt } from './sgd-layout'

/** Fills a lane with a frame: `from` is its bin 0 in its group. */
export function fill(sgd: Sgd, j: Jumps, lane: usize, from: usize, done: f64): void {
  const step = (<usize>1) << GROUP_SHIFT
  const rate = sgd.rate
  let s = from
  let to = j.spectrogram + lane
  let weight = sgd.bank.weights
  let wait = from + momentumAt(sgd)
  let target = from + targetAt(sgd)
  let gram = j.grams + lane
  let above: f32 = 0
  for (let k = 0; k <= j.nBands; k++, gram += GRAM) {
    let sum = above
    above = 0
    let lower: f32 = 0
    let across: f32 = 0
    let upper: f32 = 0
    for (let n = runAt(sgd, k); n > 0; n--, s += step, to += 16, weight += 8) {
      const x = load<f32>(s)
      const wl = load<f32>(weight)
      const wh = load<f32>(weight, 4)
      const isUp = x > 0
      store<f32>(to, isUp ? x : -1)
      const wlUp = isUp ? wl : 0
      const whUp = isUp ? wh : 0
      sum += wl * x
      above += wh * x
      lower += wl * wlUp
      across += wh * wlUp
      upper += wh * whUp
    }
    store<f32>(gram, lower)
    store<f32>(gram, across, 16)
    store<f32>(gram, upper, 32)
    if (k > 0) {
      const row = j.rows + <usize>k * ROW + lane
      const z = j.bands + ((<usize>k) << BAND_SHIFT) + lane
      const r = rate * (sum - load<f32>(target))
      store<f32>(row, load<f32>(target))
      store<f32>(z, 0)
      store<f32>(z, 0, ABOVE)
      store<f32>(z, r, RESIDUAL)
      store<f32>(z, load<f32>(wait) - r, MOMENTUM)
      target += step
    }
    wait += step
  }
  store<i32>(j.at + lane, 0)
  store<i32>(j.length + lane, 0)
  store<i32>(j.fresh + lane, -1)
  store<i32>(j.cap + lane, max(SHORTEST, <i32>min(LONGEST, done / 64)))
}

/** Hands a lane's frame back; `checks` receives its loss, and by how much its waiting step lowers it. */
export function empty(sgd: Sgd, j: Jumps, lane: usize, to: usize, checks: usize): void {
  const step = (<usize>1) << GROUP_SHIFT
  let s = j.spectrogram + lane
  for (let out = to, end = to + momentumAt(sgd); out < end; out += step, s += 16) {
    store<f32>(out, max<f32>(0, load<f32>(s)))
  }
  let wait = to + momentumAt(sgd)
  const scale = <f64>load<f32>(j.scale + lane)
  const perRate = 1 / <f64>sgd.rate
  let loss = 0.0
  let decrease = 0.0
  let z = j.bands + lane
  for (let k = 0; k < j.nBands; k++) {
    z += BAND
    wait += step
    store<f32>(wait, load<f32>(z, MOMENTUM) + load<f32>(z, RESIDUAL))
    const r = perRate * load<f32>(z, RESIDUAL)
    const moved =
      scale *
      (<f64>load<f32>(z - BAND, ABOVE) * stepAt(z - BAND) +
        <f64>load<f32>(z) * stepAt(z) +
        <f64>load<f32>(z, ABOVE) * stepAt(z + BAND))
    loss += r * r
    decrease += moved * (2 * r - moved)
  }
  store<f64>(checks, loss)
  store<f64>(checks, decrease, 8)
}

/** The step that a band takes next. */
// @ts-ignore: decorator
@inline
function stepAt(z: usize): f64 {
  return <f64>load<f32>(z, MOMENTUM) + <f64>load<f32>(z, RESIDUAL)
}

/** Where a frame of a block is: its bin 0. */
// @ts-ignore: decorator
@inline
export function placeOf(group: usize, size: usize, frame: i32): usize {
  return group + <usize>(frame / GROUP) * size + ((<usize>(frame % GROUP)) << 2)
}
