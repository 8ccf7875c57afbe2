/** A complex transform in float64, short rather than fast, for tables. */
import { turnCos, turnSin } from './fft-roots'

/**
 * Autosorted mixed radix (see fft-passes.ts), each butterfly by its definition.
 * @param x f64 [n][2], overwritten
 * @param y as much
 * @param roots as much, overwritten
 * @param n with no prime factor above 5
 * @returns where the result is: x or y
 */
export function spectrum64(x: usize, y: usize, roots: usize, n: i32): usize {
  for (let k = 0; k < n; k++) {
    store<f64>(roots + ((<usize>k) << 4), turnCos(k, n))
    store<f64>(roots + ((<usize>k) << 4), -turnSin(k, n), 8)
  }
  let s = 1
  for (let m = n; m > 1;) {
    const p = m % 4 == 0 ? 4 : m % 2 == 0 ? 2 : m % 3 == 0 ? 3 : 5
    m /= p
    for (let j = 0; j < m; j++) {
      for (let r = 0; r < p; r++) {
        for (let q = 0; q < s; q++) leg(x, y, roots, n, s, m, p, j, r, q)
      }
    }
    s *= p
    const swap = x
    x = y
    y = swap
  }
  return x
}

/** y[j][r][q] = sum over t of x[t][j][q] exp(-2 pi i r (j + m t) / (p m)) */
// @ts-ignore: decorator
@inline
function leg(x: usize, y: usize, roots: usize, n: i32, s: i32, m: i32, p: i32, j: i32, r: i32, q: i32): void {
  let re = 0.0
  let im = 0.0
  for (let t = 0; t < p; t++) {
    const root = roots + ((<usize>((r * (j + m * t) * s) % n)) << 4)
    const from = x + ((<usize>(q + s * (j + m * t))) << 4)
    const c = load<f64>(root)
    const d = load<f64>(root, 8)
    re += load<f64>(from) * c - load<f64>(from, 8) * d
    im += load<f64>(from) * d + load<f64>(from, 8) * c
  }
  const to = y + ((<usize>(q + s * (r + p * j))) << 4)
  store<f64>(to, re)
  store<f64>(to, im, 8)
}
