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

// @ts-ignore: decorator
@inline
function addLoss(losses: usize, loss: f64): void {
  store<f64>(losses, load<f64>(losses) + loss)
}

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
  for (; count > 0; count--, group += size) {
    let loss: f64
    if (args.weightDecay != 0) loss = binsPass(args, group, false, false, 0)
    else if (args.nesterov) loss = bandsPass(args, group, false, true, freshAt(args, iteration))
    else loss = bandsPass(args, group, false, false, freshAt(args, iteration))
    addLoss(losses, loss)
  }
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
    if (args.weightDecay != 0) {
      let fresh = freshAt(args, iteration - 1)
      for (let at = losses; at < end; at += 8, fresh = args.fresh) {
        if (args.nesterov) addLoss(at, binsPass(args, group, true, true, fresh))
        else addLoss(at, binsPass(args, group, true, false, fresh))
      }
    } else if (args.nesterov) {
      for (let at = losses; at < end; at += 8) addLoss(at, bandsPass(args, group, true, true, args.fresh))
    } else {
      for (let at = losses; at < end; at += 8) addLoss(at, bandsPass(args, group, true, false, args.fresh))
    }
  }
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
