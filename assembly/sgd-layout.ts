/**
 * What an SGD run is told, and how a lane group's state lies in memory:
 *
 *     spectrogram  [bin][8]
 *     momentum     [band][8] with a zero band at either end; with weight decay [bin][8]
 *     waiting      [band][8] with a zero band at either end: the steps that the next pass applies. The same memory as
 *                  the momentum in the plain case; with weight decay the residuals, scaled to gradients
 *     target       [band][8]
 */
import { Filterbank } from './filterbank'
import { GROUP_SHIFT } from './lanes'


@unmanaged
export class Sgd {
  bank: Filterbank
  lr: f32
  momentum: f32
  /** What a new gradient is scaled by on its way into the momentum: 1 - dampening. */
  fresh: f32
  weightDecay: f32
  /** d loss / d (F^T S) per unit of residual: 2 / frames, negated to maximise. */
  slope: f32
  /** lr * slope, rounded once. */
  rate: f32
  nesterov: bool
}

/** Up to a multiple of a vector's 16. */
export function align(bytes: usize): usize {
  return (bytes + 15) & ~15
}

/** Bytes of the arguments at `sgd`. */
export function sgdBytes(): usize {
  return offsetof<Sgd>()
}

/**
 * Stores the arguments of a run at `sgd`, named as torch.optim.SGD names them.
 * @param frames of the whole problem, batches included: upstream's loss is a mean over them
 */
export function sgdArguments(
  sgd: usize,
  bank: usize,
  frames: f64,
  lr: f64,
  momentum: f64,
  dampening: f64,
  weightDecay: f64,
  nesterov: bool,
  maximize: bool,
): void {
  const to = changetype<Sgd>(sgd)
  const slope = (maximize ? -2.0 : 2.0) / frames
  to.bank = changetype<Filterbank>(bank)
  to.lr = <f32>lr
  to.momentum = <f32>momentum
  // torch keeps no buffer without momentum, so dampening has nothing to damp
  to.fresh = momentum == 0 ? 1 : <f32>(1 - dampening)
  to.weightDecay = <f32>weightDecay
  to.slope = <f32>slope
  to.rate = <f32>(lr * slope)
  to.nesterov = nesterov
}

// --- layout of a group, in bytes from its start ---

/** Where the momentum begins. Without weight decay a zero band comes first. */
// @ts-ignore: decorator
@inline
export function momentumAt(sgd: Sgd): usize {
  return (<usize>sgd.bank.nBins) << GROUP_SHIFT
}

// @ts-ignore: decorator
@inline
export function paddedBands(sgd: Sgd): usize {
  return (<usize>sgd.bank.nBands + 2) << GROUP_SHIFT
}

/** Where the waiting band values begin: the steps, or with weight decay the residuals. Band -1 comes first. */
// @ts-ignore: decorator
@inline
export function waitingAt(sgd: Sgd): usize {
  const momentum = momentumAt(sgd)
  if (sgd.weightDecay != 0) return momentum << 1
  return sgd.nesterov ? momentum + paddedBands(sgd) : momentum
}

// @ts-ignore: decorator
@inline
export function targetAt(sgd: Sgd): usize {
  return waitingAt(sgd) + paddedBands(sgd)
}

/** Offset of a group's target, which is also the size of what changes: what a checkpoint has to hold. */
export function sgdTargetAt(sgd: usize): usize {
  return targetAt(changetype<Sgd>(sgd))
}

/** Bytes of a group. */
export function sgdGroupBytes(sgd: usize): usize {
  return sgdTargetAt(sgd) + ((<usize>changetype<Sgd>(sgd).bank.nBands) << GROUP_SHIFT)
}
