/**
 * The same iteration in jumps: between two clamp events it is linear in the Bark domain, and M of its steps are a
 * polynomial in a tridiagonal matrix (sgd-propagator.ts). A frame jumps exactly onto its next event, so that the clamp
 * of the last step is the exact one; after the jump every bin is looked at, and where one crossed earlier, the jump is
 * taken back and a shorter one made. docs/algorithms.md, section 16.
 *
 * Four frames at a time, each at an iteration of its own; a lane whose frame is done takes the next one of the block.
 * Every choice is made lane by lane, so that no frame's bits depend on its neighbours.
 */
import {
  ABOVE,
  ACROSS,
  AFTER,
  BAND,
  BAND_SHIFT,
  BITS,
  CLASSES,
  DIAGONAL,
  FINE,
  GRAM,
  HALF,
  Jumps,
  LAST,
  MOMENTUM,
  RESIDUAL,
  ROW,
  SHORTEST,
} from './sgd-jumps-layout'
import { empty, fill, placeOf } from './sgd-jumps-lanes'
import { review } from './sgd-jumps-review'
import { gather, propagate } from './sgd-jumps-series'
import { Sgd, sgdGroupBytes } from './sgd-layout'

/** A jump is at most this many times the one before, but may be of SHORTEST or of 1/64 of the iterations behind. */
const GROWTH: i32 = 3

/** Gives a lane its next jump. */
function plan(j: Jumps, lane: usize, total: i32): void {
  let steps = min(min(total - load<i32>(j.at + lane), j.longest), load<i32>(j.cap + lane))
  const due = load<f32>(j.due + lane)
  if (due < <f32>steps) steps = max(1, <i32>ceil(due))
  if (steps > FINE) {
    const shift = 31 - clz<i32>(steps) - BITS + 1
    steps = (steps >> shift) << shift
  }
  store<i32>(j.length + lane, steps)
}

/** Accepts each lane's jump or takes it back, and plans its next. */
function judge(j: Jumps, total: i32): void {
  for (let lane: usize = 0; lane < 16; lane += 4) {
    const steps = load<i32>(j.length + lane)
    if (load<i32>(j.frame + lane) < 0) {
      store<i32>(j.bad + lane, 0)
    } else if (load<i32>(j.bad + lane) != 0 && steps > 1) {
      const wanted = steps >> 1
      store<i32>(j.length + lane, wanted)
      store<i32>(j.cap + lane, max(wanted, SHORTEST))
      store<i32>(j.bad + lane, -1)
    } else {
      store<i32>(j.bad + lane, 0)
      store<i32>(j.at + lane, load<i32>(j.at + lane) + steps)
      if (steps > 0) store<i32>(j.cap + lane, max(GROWTH * steps, SHORTEST))
      store<i32>(j.fresh + lane, 0)
      plan(j, lane, total)
    }
  }
}

/** Takes the accepted lanes' states into use. */
function commit(sgd: Sgd, j: Jumps): void {
  const bad = v128.load(j.bad)
  const rate = f32x4.splat(sgd.rate)
  const mu = f32x4.splat(sgd.momentum)
  if (v128.any_true(bad)) {
    for (let i: usize = 0, end = (<usize>j.nBins) << 4; i < end; i += 16) {
      v128.store(j.next + i, v128.bitselect(v128.load(j.spectrogram + i), v128.load(j.next + i), bad))
    }
    for (let i: usize = 0, end = (<usize>j.nBands + 1) * GRAM; i < end; i += 16) {
      v128.store(j.nextGrams + i, v128.bitselect(v128.load(j.grams + i), v128.load(j.nextGrams + i), bad))
    }
  }
  const s = j.spectrogram
  j.spectrogram = j.next
  j.next = s
  const grams = j.grams
  j.grams = j.nextGrams
  j.nextGrams = grams
  const perScale = bound(j, bad)
  let row = j.rows + ROW
  for (let z = j.bands + BAND, end = z + ((<usize>j.nBands) << BAND_SHIFT); z < end; z += BAND, row += ROW) {
    keepWhere(bad, z, f32x4.mul(perScale, v128.load(row, DIAGONAL)))
    keepWhere(bad, z + ABOVE, f32x4.mul(perScale, v128.load(row, ACROSS)))
    keepWhere(bad, z + RESIDUAL, flush(f32x4.mul(rate, v128.load(row, AFTER))))
    keepWhere(bad, z + MOMENTUM, flush(f32x4.mul(mu, v128.load(row, LAST))))
  }
}

/** `x`, or 0 where it is below 2^-75: coefficients would make subnormal numbers of it, which take ten times as long. */
// @ts-ignore: decorator
@inline
function flush(x: v128): v128 {
  return v128.and(x, f32x4.ge(f32x4.abs(x), f32x4.splat(<f32>2.6469779601696886e-23)))
}

// @ts-ignore: decorator
@inline
function keepWhere(mask: v128, at: usize, value: v128): void {
  v128.store(at, v128.bitselect(v128.load(at), value, mask))
}

/** Finds the lanes' spectral bounds, by their rows' sums, where they are not `bad`; returns 4 / L. */
function bound(j: Jumps, bad: v128): v128 {
  let most = f32x4.splat(0)
  let across = f32x4.splat(0)
  for (let row = j.rows + ROW, end = row + <usize>j.nBands * ROW; row < end; row += ROW) {
    const above = v128.load(row, ACROSS)
    most = f32x4.pmax(most, f32x4.add(v128.load(row, DIAGONAL), f32x4.add(across, above)))
    across = above
  }
  v128.store(j.ahead, most)
  for (let lane: usize = 0; lane < 16; lane += 4) {
    if (load<i32>(j.bad + lane)) continue
    let level = 0
    let scale = j.bound
    while (level < CLASSES - 1 && load<f32>(j.ahead + lane) * HALF <= scale) {
      scale /= HALF
      level++
    }
    store<i32>(j.level + lane, level)
    store<f32>(j.scale + lane, scale * 0.25)
  }
  return f32x4.div(f32x4.splat(1), v128.load(j.scale))
}

/** How far each lane looks ahead: as far as its jump after this may reach. */
function lookAhead(j: Jumps): void {
  for (let lane: usize = 0; lane < 16; lane += 4) {
    const isFresh = load<i32>(j.fresh + lane) != 0
    let ahead = isFresh ? load<i32>(j.cap + lane) : max(GROWTH * load<i32>(j.length + lane), SHORTEST)
    if (load<i32>(j.frame + lane) < 0) ahead = 0
    store<f32>(j.ahead + lane, <f32>ahead)
  }
}

/**
 * Runs the frames of a block through `iterations`, as sgdRun does, with the same demands as sgdWatch.
 * @param group the first of the block
 * @param iteration of the first, at least 2: its predecessor's step waits in the groups
 * @param checks f64 [frames][2]: of each frame the loss before the last iteration's step, and by how much it lowers it
 */
export function sgdJump(
  jumps: usize,
  sgd: usize,
  group: usize,
  frames: i32,
  iteration: f64,
  iterations: i32,
  checks: usize,
): void {
  const args = changetype<Sgd>(sgd)
  const j = changetype<Jumps>(jumps)
  const size = sgdGroupBytes(sgd)
  i32x4_fill(j.frame, -1)
  i32x4_fill(j.fresh, 0)
  i32x4_fill(j.length, 0)
  let next = 0
  for (;;) {
    let alive = 0
    for (let lane: usize = 0; lane < 16; lane += 4) {
      let frame = load<i32>(j.frame + lane)
      if (frame >= 0 && !load<i32>(j.fresh + lane) && load<i32>(j.at + lane) >= iterations) {
        empty(args, j, lane, placeOf(group, size, frame), checks + ((<usize>frame) << 4))
        frame = -1
        store<i32>(j.length + lane, 0)
      }
      if (frame < 0 && next < frames) {
        frame = next++
        fill(args, j, lane, placeOf(group, size, frame), iteration)
      }
      store<i32>(j.frame + lane, frame)
      if (frame >= 0) alive++
    }
    if (alive == 0) return
    const length = gather(args, j)
    lookAhead(j)
    propagate(args, j, length)
    review(args, j)
    judge(j, iterations)
    commit(args, j)
  }
}

// @ts-ignore: decorator
@inline
function i32x4_fill(at: usize, value: i32): void {
  v128.store(at, i32x4.splat(value))
}
