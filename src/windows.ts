/** Windows by name, with torch's arguments, and windows of one's own. */

import { expected, readBoolean, readChoice, readNumber, readOptions } from './options.ts'
import type { WindowSpec } from './stft.ts'

export type WindowName = WindowSpec['name']

/** What torch's window functions take beside their length. */
export interface WindowArguments {
  /** Whether the window is one period of a periodic one, as spectra want it (default), or symmetric. */
  periodic?: boolean | undefined
  /** `'hamming'`: alpha - beta cos. Default 0.54. */
  alpha?: number | undefined
  /** `'hamming'`: default 0.46. `'kaiser'`: shape, from 0 (flat) to 88; default 12. */
  beta?: number | undefined
}

/** A window of one's own: `winLength` finite numbers. It is handed `wkwargs` as they are. */
export type WindowFunction = (winLength: number, wkwargs: WindowArguments) => ArrayLike<number>

const ARGUMENTS: Record<WindowName, readonly (keyof WindowArguments)[]> = {
  hann: ['periodic'],
  hamming: ['periodic', 'alpha', 'beta'],
  blackman: ['periodic'],
  bartlett: ['periodic'],
  kaiser: ['periodic', 'beta'],
  ones: [],
}
const NAMES = Object.keys(ARGUMENTS) as WindowName[]

/** A window's options, checked: what the core makes it from, or its values. */
export function readWindow(windowFn: unknown, wkwargs: unknown, length: number): WindowSpec | Float32Array {
  const given = wkwargs ?? undefined
  if (typeof windowFn === 'function') {
    if (given !== undefined && typeof given !== 'object') throw new TypeError(expected('wkwargs', 'an object', given))
    return readValues((windowFn as WindowFunction)(length, given ?? {}), length)
  }
  if (windowFn !== undefined && typeof windowFn !== 'string') {
    throw new TypeError(expected('windowFn', 'the name of a window or a function', windowFn))
  }
  const name = readChoice<WindowName>('windowFn', windowFn, NAMES, 'hann')
  const read = readOptions<WindowArguments>(`wkwargs of ${name}`, given, ARGUMENTS[name])
  const isKaiser = name === 'kaiser'
  return {
    name,
    length,
    periodic: readBoolean('wkwargs.periodic', read.periodic, true),
    alpha: readNumber('wkwargs.alpha', read.alpha, 0.54, -1e6, 1e6),
    // from 89 on the exponential leaves float32, and upstream's window is NaN
    beta: isKaiser
      ? readNumber('wkwargs.beta', read.beta, 12, 0, 88)
      : readNumber('wkwargs.beta', read.beta, 0.46, -1e6, 1e6),
  }
}

function readValues(values: unknown, length: number): Float32Array {
  if (!Array.isArray(values) && !(ArrayBuffer.isView(values) && 'length' in values)) {
    throw new TypeError(expected('windowFn', `a function that gives an array of ${length} numbers`, values))
  }
  const list = values as ArrayLike<unknown>
  if (list.length !== length) throw new RangeError(expected('windowFn', `${length} values`, list.length))
  const window = new Float32Array(length)
  for (let i = 0; i < length; i++) {
    const value = list[i]
    if (typeof value !== 'number') throw new TypeError(`${expected('windowFn', 'numbers', value)} at [${i}]`)
    window[i] = value
    if (!Number.isFinite(window[i]))
      throw new RangeError(`${expected('windowFn', 'finite float32 values', value)} at [${i}]`)
  }
  return window
}
