/**
 * How a run is stepped: plainly at first, then by the watch list, then by jumps (docs/algorithms.md, section 16). Chosen
 * from sizes and arguments alone, never by a clock: the same call gives the same bits everywhere.
 */
import type { FilterbankSpec, Gears, Problem, Run } from '../../backend.ts'

export const PLAIN: Gears = {
  watchFrom: Number.POSITIVE_INFINITY,
  jumpFrom: Number.POSITIVE_INFINITY,
  chunk: 64,
  swings: false,
}

/** Before this, many bins come to the clamp, and some of them twice within a chunk, which its end does not show. */
const WATCH_FROM = 128
/**
 * Where steps are long, bins swing for longer, and more of them are at risk in a chunk of 64. A step may lower
 * the loss by less than a later one (by 1e-4 of it and more in 29, 3, 2 and 0 of 60 random problems at 0.09, 0.03, 0.02 and
 * 0.01, twelve decades, all the loss in one frame).
 */
const STEEP = 0.015
const WATCH_FROM_STEEP = 256
/** From this momentum on bins swing for so long that what touches the clamp within a chunk is missed. */
const MOST_MOMENTUM = 0.95
/** Fewest iterations of a run in which jumps make up for their set-up, whatever the frames. */
const SHORTEST_JUMPED = 5000
/** Before this, frames meet the clamp so often that watching is faster than jumping. */
const JUMP_FROM = 4096
/**
 * Largest product of learning rate and a bound on the Hessian's eigenvalues for jumps. Above it, which means few frames,
 * series are long, and the loss may fall unevenly: the watch list, which sees every loss, goes on to the end.
 */
const STEEPEST_JUMPED = 0.1
/** The same for the watch list: from 2 (1 + momentum) on nothing settles, and every rounding grows. */
const STEEPEST = 2
/** Fewest frames of such a run: those of a lane group. */
const FEWEST = 8

/**
 * Whether the watch list makes up for its set-up: with few bins a band its sweep over the bands takes what it saves of
 * that over the bins, and in the end only jumps pay.
 */
function pays({ nBins, nBands }: FilterbankSpec, iterations: number, jumps: boolean): boolean {
  const binsPerBand = nBins / nBands
  if (binsPerBand >= 2.5) return iterations >= 1000
  if (binsPerBand >= 1.5) return iterations >= 3000
  return jumps && binsPerBand >= 1
}

/** @param bound on the eigenvalues of F^T F */
export function chooseGears(problem: Problem, run: Run, spec: FilterbankSpec, bound: number): Gears {
  const { lr, momentum, dampening, weightDecay, nesterov, maximize } = problem.sgd
  const isSimple =
    !(dampening || Math.fround(weightDecay) || nesterov || maximize) && momentum > 0 && momentum < MOST_MOMENTUM
  const frames = problem.batch * problem.time
  const steepness = (lr * 2 * bound) / frames
  const isGentle = steepness <= STEEPEST_JUMPED
  const isFast =
    run.stepping !== 'plain' &&
    isSimple &&
    steepness > 1e-9 &&
    (isGentle || (steepness <= STEEPEST && frames >= FEWEST))
  const jumps = isGentle && !run.everyLoss && run.maxIter >= SHORTEST_JUMPED
  if (!isFast || !pays(spec, run.maxIter, jumps)) return PLAIN
  const isSteep = steepness > STEEP
  return {
    watchFrom: isSteep ? WATCH_FROM_STEEP : WATCH_FROM,
    jumpFrom: jumps ? JUMP_FROM : PLAIN.jumpFrom,
    chunk: isSteep ? 32 : 64,
    swings: isSteep,
  }
}

/** Jumps meet a checkpoint after half of what is behind, but not after more than this: calls have to come back. */
const FARTHEST = 2 ** 16

/** The next checkpoint of jumps after `at`. They lie at fixed iterations, so that a result hangs on its count alone. */
export function checkpointAfter(at: number, { jumpFrom }: Gears): number {
  let next = jumpFrom + 1
  while (next <= at) next += Math.min(next >> 1, FARTHEST)
  return next
}

/**
 * Iterations of a watched stretch, whose ends lie at multiples of it: whole chunks (chunkAt of assembly/sgd-watch.ts), that
 * take as long as `longest` plain ones at most. All bins are looked at where a stretch begins, and where it ends is part
 * of the result; short ones come first, as a stop in a stretch is a return to its beginning.
 */
export function watchedStretch(at: number, gears: Gears, longest: number): number {
  const chunk = at < 1024 ? 32 : at < 4096 ? gears.chunk : 128
  const most = Math.min(at < 512 ? 128 : at < 1024 ? 256 : 512, 2 * longest)
  return Math.max(chunk, most - (most % chunk))
}

/**
 * Plain iterations that take as long as `count` in these gears, roughly: on speech a watched one takes less than half of a
 * plain one, and jumps from 4 096 to 20 000 a seventh, to 100 000 a twentieth.
 */
export function plainlyWorth(count: number, { watchFrom, jumpFrom }: Gears): number {
  const jumped = Math.max(0, count - jumpFrom)
  const watched = Math.max(0, count - jumped - watchFrom)
  return count - jumped - watched + watched / 2.2 + jumped / (4 + jumped / 5500)
}
