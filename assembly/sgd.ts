/**
 * Projected SGD with momentum on || B - F^T S ||^2, S >= 0, as torch.optim.SGD steps it (torchaudio.prototype 2.8,
 * InverseBarkScale), on consecutive lane groups.
 *
 * A group goes through all iterations of a call before the next one starts: its state fits the L1 cache. Losses are
 * added to float64 sums, one per iteration, group after group: the host adds the blocks up in a fixed order.
 */
import { bandsPass, bandsSettle } from './sgd-bands'
import { binsPass, binsSettle } from './sgd-bins'
import { Sgd, sgdGroupBytes } from './sgd-layout'

/** What the gradient of a step enters the momentum with: torch's very first buffer is the plain gradient. */
// @ts-ignore: decorator
@inline
function freshAt(args: Sgd, iteration: f64): f32 {
  return iteration == 1 ? 1 : args.fresh
}

/**
 * The first half of an iteration: loss and next step of a spectrogram with no step waiting.
 * @param sgd arguments, see sgdArguments
 * @param group the first of `count` groups
 * @param iteration counted from 1
 * @param losses f64 [1], added to
 */
export function sgdStart(sgd: usize, group: usize, count: i32, iteration: f64, losses: usize): void {
  const args = changetype<Sgd>(sgd)
  const size = sgdGroupBytes(sgd)
  for (; count > 0; count--, group += size) pass(args, group, false, freshAt(args, iteration), losses)
}

/**
 * `iterations` times: the second half of an iteration (its step), then the first half of the next.
 * @param iteration of the first loss, at least 2: its predecessor's step is applied first
 * @param losses f64 [iterations], added to
 */
export function sgdRun(sgd: usize, group: usize, count: i32, iteration: f64, iterations: i32, losses: usize): void {
  const args = changetype<Sgd>(sgd)
  const size = sgdGroupBytes(sgd)
  const end = losses + ((<usize>iterations) << 3)
  for (; count > 0; count--, group += size) {
    // with weight decay gradients enter the momentum as they are applied, which is one iteration later
    let fresh = args.weightDecay != 0 ? freshAt(args, iteration - 1) : args.fresh
    for (let at = losses; at < end; at += 8, fresh = args.fresh) pass(args, group, true, fresh, at)
  }
}

/** One pass over a group, with the step that waits or, at the start, without one. */
function pass(args: Sgd, group: usize, step: bool, fresh: f32, losses: usize): void {
  let loss: f64
  if (args.weightDecay == 0) loss = bandsPass(args, group, step, fresh)
  else if (!step) loss = binsPass(args, group, false, false, fresh)
  else if (args.nesterov) loss = binsPass(args, group, true, true, fresh)
  else loss = binsPass(args, group, true, false, fresh)
  store<f64>(losses, load<f64>(losses) + loss)
}

/** The second half of `iteration`: applies the step that waits, so that the spectrogram is the one after it. */
export function sgdFinish(sgd: usize, group: usize, count: i32, iteration: f64): void {
  const args = changetype<Sgd>(sgd)
  const size = sgdGroupBytes(sgd)
  for (; count > 0; count--, group += size) {
    if (args.weightDecay != 0) binsSettle(args, group, freshAt(args, iteration))
    else bandsSettle(args, group)
  }
}
