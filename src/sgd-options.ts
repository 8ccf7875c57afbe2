import type { SgdArguments } from './backend.ts'
import { readBoolean, readNumber, readOptions } from './options.ts'

/** The arguments of torch.optim.SGD, with torch's meaning. */
export interface SgdArgs {
  /** Step size, at least 0. Default 0.001. */
  lr?: number | undefined
  /** At least 0. Default 0. */
  momentum?: number | undefined
  /** Default 0. */
  dampening?: number | undefined
  /** At least 0. Default 0. A run with weight decay is slower: its momentum is a value a bin, not a band. */
  weightDecay?: number | undefined
  /** Default false; needs momentum above 0 and dampening 0. */
  nesterov?: boolean | undefined
  /** Default false. */
  maximize?: boolean | undefined
}

const KNOWN = ['lr', 'momentum', 'dampening', 'weightDecay', 'nesterov', 'maximize'] as const

/**
 * Reads `sgdargs` as upstream does: none, null or `{}` means lr 0.1 and momentum 0.9, but arguments that are given are
 * *not* merged with those: what they leave out has torch.optim.SGD's own default.
 */
export function readSgd(value: unknown): SgdArguments {
  const given = readOptions<SgdArgs>('sgdargs', value ?? undefined, KNOWN)
  const isEmpty = KNOWN.every((name) => given[name] === undefined)
  const args = isEmpty ? { lr: 0.1, momentum: 0.9 } : given
  const lr = readNumber('sgdargs.lr', args.lr, 0.001, 0)
  const momentum = readNumber('sgdargs.momentum', args.momentum, 0, 0)
  const dampening = readNumber('sgdargs.dampening', given.dampening, 0, Number.NEGATIVE_INFINITY)
  const weightDecay = readNumber('sgdargs.weightDecay', given.weightDecay, 0, 0)
  const nesterov = readBoolean('sgdargs.nesterov', given.nesterov, false)
  const maximize = readBoolean('sgdargs.maximize', given.maximize, false)
  if (nesterov && (momentum <= 0 || dampening !== 0)) {
    const got = `momentum ${momentum} and dampening ${dampening}`
    throw new RangeError(`sgdargs.nesterov: expected momentum above 0 and dampening 0, got ${got}`)
  }
  return { lr, momentum, dampening, weightDecay, nesterov, maximize }
}
