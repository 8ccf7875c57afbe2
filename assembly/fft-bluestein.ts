/**
 * The transform of a length with a large prime factor, as a convolution with a chirp: L. I. Bluestein, "A linear
 * filtering approach to the computation of discrete Fourier transform", IEEE Trans. Audio Electroacoust. 18 (1970),
 * 451-455. With c_k = exp(-pi i k^2 / n):
 *
 *     X_k = c_k sum over j of (x_j c_j) conj(c_{k - j})
 *
 * The chirp is exact (k^2 is reduced modulo 2 n as an integer) and its spectrum is computed in float64, so that what
 * float32 adds is the rounding of two transforms of m >= 2 n - 1.
 */
import { complexBytes, planComplex, transform } from './fft-complex'
import { ENTRY, ENTRY_SHIFT } from './fft-lanes'
import { spectrum64 } from './fft-double'
import { storeRoot, turnCos, turnSin } from './fft-roots'


@unmanaged
class Bluestein {
  n: i32
  /** Length of the convolution, with no prime factor above 5. */
  m: i32
  /** c, f32 [n][2]. */
  chirp: usize
  /** Spectrum of conj(c) wrapped to m, over m, f32 [m][2]. */
  spectrum: usize
  /** Plan of the transform of m. */
  inner: usize
}

const HEADER: usize = (offsetof<Bluestein>() + 15) & ~15

/** Passes of a transform of n, or 0 where n has a prime factor above 5. */
function passes(n: i32): i32 {
  let count = 0
  for (; n % 3 == 0; count++) n /= 3
  for (; n % 5 == 0; count++) n /= 5
  for (; n > 8 && n % 4 == 0; count++) n /= 4
  return n == 1 ? count : n == 2 || n == 4 || n == 8 ? count + 1 : 0
}

/** Entries that each buffer must hold: the length of the convolution for n, by what its passes cost. */
export function bluesteinEntries(n: i32): i32 {
  let best = 1
  while (best < 2 * n - 1) best *= 2
  let least = best * passes(best)
  for (let m = best - 1; m >= 2 * n - 1; m--) {
    const cost = m * passes(m)
    if (cost == 0 || cost >= least) continue
    least = cost
    best = m
  }
  return best
}

export function bluesteinBytes(n: i32): usize {
  const m = bluesteinEntries(n)
  return HEADER + ((<usize>n + <usize>m) << 3) + complexBytes(m)
}

/** k^2 modulo 2 n: c_k = exp(-2 pi i (k^2 mod 2 n) / (2 n)). */
// @ts-ignore: decorator
@inline
function square(k: i32, n: i32): i32 {
  return <i32>((<u64>k * <u64>k) % <u64>(2 * n))
}

/** Plans n at `at`; x and y are buffers of m entries, used as scratch. */
export function planBluestein(at: usize, n: i32, x: usize, y: usize): void {
  const to = changetype<Bluestein>(at)
  const m = bluesteinEntries(n)
  to.n = n
  to.m = m
  to.chirp = at + HEADER
  to.spectrum = to.chirp + ((<usize>n) << 3)
  to.inner = to.spectrum + ((<usize>m) << 3)
  planComplex(to.inner, m, x, y)
  for (let k = 0; k < n; k++) storeRoot(to.chirp + ((<usize>k) << 3), square(k, n), 2 * n, 1)

  memory.fill(x, 0, (<usize>m) << 4)
  for (let k = 0; k < n; k++) {
    const c = turnCos(square(k, n), 2 * n) / <f64>m
    const s = turnSin(square(k, n), 2 * n) / <f64>m
    for (let side = 0; side < 2; side++) {
      const p = x + ((<usize>(side == 0 || k == 0 ? k : m - k)) << 4)
      store<f64>(p, c)
      store<f64>(p, s, 8)
    }
  }
  // a buffer has twice the bytes of m complex float64: the second half of x takes the roots
  const from = spectrum64(x, y, x + ((<usize>m) << 4), m)
  for (let k: usize = 0; k < <usize>m; k++) {
    store<f32>(to.spectrum + (k << 3), <f32>load<f64>(from + (k << 4)))
    store<f32>(to.spectrum + (k << 3), <f32>load<f64>(from + (k << 4), 8), 4)
  }
}

/** The product of `count` entries from `x` on and as many factors from `w` on, in place. */
// @ts-ignore: decorator
@inline
function multiply(x: usize, w: usize, count: i32, swapIn: bool, swapOut: bool): void {
  for (const end = x + ((<usize>count) << ENTRY_SHIFT); x < end; x += ENTRY, w += 8) {
    const a = v128.load(x)
    const b = v128.load(x, 16)
    const re = swapIn ? b : a
    const im = swapIn ? a : b
    const c = v128.load32_splat(w)
    const s = v128.load32_splat(w, 4)
    const pr = f32x4.sub(f32x4.mul(re, c), f32x4.mul(im, s))
    const pi = f32x4.add(f32x4.mul(im, c), f32x4.mul(re, s))
    v128.store(x, swapOut ? pi : pr)
    v128.store(x, swapOut ? pr : pi, 16)
  }
}

/** As `transform` in fft-complex.ts. The way back is a transform too, of values with the two parts swapped. */
export function bluestein(at: usize, x: usize, y: usize): usize {
  const plan = changetype<Bluestein>(at)
  multiply(x, plan.chirp, plan.n, false, false)
  memory.fill(x + ((<usize>plan.n) << ENTRY_SHIFT), 0, (<usize>(plan.m - plan.n)) << ENTRY_SHIFT)
  const spectrum = transform(plan.inner, x, y)
  multiply(spectrum, plan.spectrum, plan.m, false, true)
  const product = transform(plan.inner, spectrum, spectrum == x ? y : x)
  multiply(product, plan.chirp, plan.n, true, false)
  return product
}
