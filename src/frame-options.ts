/** The options of everything that goes between signals and frames. */
import { expected, readCount, readInteger } from './options.ts'
import type { StftSpec } from './stft.ts'
import type { WindowArguments, WindowFunction, WindowName } from './windows.ts'

export interface FrameOptions {
  /** Samples of a frame, 1 to 65 536; any number, though one with no prime factor above 5 is fastest. Default 400. */
  nFft?: number | undefined
  /** Samples of the window, at most `nFft`. Default (also for null) `nFft`. */
  winLength?: number | null | undefined
  /**
   * Samples from a frame to the next, 1 to 65 536; for the way back at most `winLength`. Default (also for null)
   * winLength // 2.
   */
  hopLength?: number | null | undefined
  /** A window by its name in torch, or a function that gives its values. Default `'hann'`. */
  windowFn?: WindowName | WindowFunction | undefined
  /** Arguments of the window. */
  wkwargs?: WindowArguments | null | undefined
}

/** The names of {@link FrameOptions}. */
export const FRAME_OPTIONS = ['nFft', 'winLength', 'hopLength', 'windowFn', 'wkwargs'] as const

export type Normalized = boolean | 'window' | 'frame_length'

/** @param mostHop the longest hop; the window's length, if left out */
export function readFrameLengths(
  read: FrameOptions,
  mostHop?: number,
): { nFft: number; winLength: number; hopLength: number } {
  const nFft = readCount('nFft', read.nFft, 400)
  const winLength = readInteger('winLength', read.winLength ?? undefined, nFft, 1, nFft)
  const hop = read.hopLength ?? Math.floor(winLength / 2)
  return { nFft, winLength, hopLength: readInteger('hopLength', hop, undefined, 1, mostHop ?? winLength) }
}

export function readScaling(normalized: unknown): StftSpec['scaling'] {
  if (typeof normalized === 'boolean' || normalized === undefined) return normalized ? 'window' : 'none'
  if (normalized === 'window' || normalized === 'frame_length') return normalized
  const ErrorType = typeof normalized === 'string' ? RangeError : TypeError
  throw new ErrorType(expected('normalized', 'true, false, "window" or "frame_length"', normalized))
}
