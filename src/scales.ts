/** Hz to Bark and back, in float64, the same bits everywhere. */
import type { BarkScaleName } from './backend.ts'
import * as core from './backends/choose.ts'
import { SCALE_NAMES } from './bark-options.ts'
import { expected, readChoice, readOptions } from './options.ts'

export interface ScaleOptions {
  /** Default `'traunmuller'`. */
  barkScale?: BarkScaleName | undefined
}

/** Where Traunmüller's formula has its pole: no frequency reaches it. */
const POLE = 26.28 * 1.22 - 4.422

/**
 * Bark of a frequency.
 * @param hz in Hz, finite and at least 0; a number or a Float64Array
 * @returns Bark, of the same type: from about -0.15 for 0 Hz (Traunmüller) or 0 (Schroeder, Wang) up
 * @throws TypeError or RangeError that names the argument
 */
export function hzToBark(hz: number, options?: ScaleOptions): number
export function hzToBark(hz: Float64Array, options?: ScaleOptions): Float64Array
export function hzToBark(hz: number | Float64Array, options?: ScaleOptions): number | Float64Array {
  const scale = readScale('hzToBark', options)
  return map(
    'hz',
    hz,
    'a frequency >= 0',
    (x) => x >= 0 && x < Infinity,
    (x) => core.hzToBark(x, scale),
  )
}

/**
 * Frequency of a Bark value: the inverse of {@link hzToBark}.
 * @param bark at least that of 0 Hz, and for Traunmüller's scale below 27.64; a number or a Float64Array
 * @returns Hz, of the same type
 * @throws TypeError or RangeError that names the argument
 */
export function barkToHz(bark: number, options?: ScaleOptions): number
export function barkToHz(bark: Float64Array, options?: ScaleOptions): Float64Array
export function barkToHz(bark: number | Float64Array, options?: ScaleOptions): number | Float64Array {
  const scale = readScale('barkToHz', options)
  const least = core.hzToBark(0, scale)
  const most = scale === 'traunmuller' ? POLE : Infinity
  const range = `a Bark value from ${least.toFixed(4)} to below ${most === Infinity ? 'infinity' : most.toFixed(4)}`
  return map(
    'bark',
    bark,
    range,
    (x) => x >= least && x < most,
    (x) => Math.max(0, core.barkToHz(x, scale)),
  )
}

function readScale(who: string, options: unknown): BarkScaleName {
  return readChoice(
    'barkScale',
    readOptions<ScaleOptions>(who, options, ['barkScale']).barkScale,
    SCALE_NAMES,
    'traunmuller',
  )
}

function map(
  name: string,
  value: number | Float64Array,
  range: string,
  holds: (x: number) => boolean,
  f: (x: number) => number,
): number | Float64Array {
  if (typeof value !== 'number' && !(value instanceof Float64Array)) {
    throw new TypeError(expected(name, 'a number or a Float64Array', value))
  }
  const one = (x: number): number => {
    if (!holds(x)) throw new RangeError(expected(name, range, x))
    return f(x)
  }
  return typeof value === 'number' ? one(value) : value.map(one)
}
