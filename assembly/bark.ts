/**
 * Hz to Bark and back, on the three scales that torchaudio.prototype knows.
 *
 * - Traunmüller: H. Traunmüller, "Analytical expressions for the tonotopic sensory scale",
 *   J. Acoust. Soc. Am. 88 (1990), 97-100, with his corrections below 2 and above 20.1 Bark.
 * - Schroeder: M. R. Schroeder, B. S. Atal, J. L. Hall, "Optimizing digital speech coders by exploiting masking
 *   properties of the human ear", J. Acoust. Soc. Am. 66 (1979), 1647-1652.
 * - Wang: S. Wang, A. Sekey, A. Gersho, "An objective measure for predicting subjective quality of speech coders",
 *   IEEE J. Sel. Areas Commun. 10 (1992), 819-829.
 *
 * asinh and sinh are the core's own, not the host's: `Math.sinh` differs between engines in the last place.
 */

import { sinh, sinhOfArray } from './sinh'

export const TRAUNMULLER: i32 = 0
export const SCHROEDER: i32 = 1
export const WANG: i32 = 2

/** Bark of a frequency in Hz, in float64. */
export function hzToBark(hz: f64, scale: i32): f64 {
  if (scale == WANG) return 6.0 * Math.asinh(hz / 600.0)
  if (scale == SCHROEDER) return 7.0 * Math.asinh(hz / 650.0)
  const bark = (26.81 * hz) / (1960.0 + hz) - 0.53
  if (bark < 2) return bark + 0.15 * (2 - bark)
  if (bark > 20.1) return bark + 0.22 * (bark - 20.1)
  return bark
}

/** Frequency in Hz of a Bark value, in float64: the true inverse of {@link hzToBark}. */
export function barkToHz(bark: f64, scale: i32): f64 {
  if (scale == WANG) return 600.0 * sinh(bark / 6.0)
  if (scale == SCHROEDER) return 650.0 * sinh(bark / 7.0)
  if (bark < 2) bark = (bark - 0.3) / 0.85
  else if (bark > 20.1) bark = (bark + 4.422) / 1.22
  return 1960.0 * ((bark + 0.53) / (26.28 - bark))
}

/**
 * Point `i` of `n` points in float32, operation by operation as torchaudio computes the points of a filterbank.
 * `low` and `high` say which of the two corrections are on: upstream never applies both (see filterbank.ts).
 */
export function barkToHzFloat32(bark: f32, i: i32, n: i32, scale: i32, low: bool, high: bool): f32 {
  if (scale == WANG) return <f32>600.0 * sinhOfArray(bark / <f32>6.0, i, n)
  if (scale == SCHROEDER) return <f32>650.0 * sinhOfArray(bark / <f32>7.0, i, n)
  if (low && bark < 2) bark = (bark - <f32>0.3) / <f32>0.85
  else if (high && bark > <f32>20.1) bark = (bark + <f32>4.422) / <f32>1.22
  return <f32>1960.0 * ((bark + <f32>0.53) / (<f32>26.28 - bark))
}
