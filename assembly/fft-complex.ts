/**
 * The complex transform of any length, four frames at once: mixed radix where no prime factor is above LARGEST_RADIX,
 * Bluestein's algorithm otherwise.
 */
import { bluestein, bluesteinBytes, bluesteinEntries, planBluestein } from './fft-bluestein'
import { lastPass8 } from './fft-eight'
import { ENTRY } from './fft-lanes'
import { pass2, pass3, pass4, pass5 } from './fft-passes'
import { LARGEST_RADIX, passPrime, planPrime, primeBytes } from './fft-prime'
import { storeRoot } from './fft-roots'


@unmanaged
class ComplexTransform {
  n: i32
  /** i32, zero-terminated. Empty where Bluestein's algorithm is used. */
  radices: usize
  /** For each pass the table of a prime radix above 5, then f32 [m][radix - 1][2]. */
  twiddles: usize
  /** Bluestein's plan, or 0. */
  bluestein: usize
}

const HEADER: usize = (offsetof<ComplexTransform>() + 15) & ~15
/** Room for the radices of any length up to 2^18 and the zero. */
const RADICES: usize = 80

/**
 * The radix of the first pass of a transform of n > 1. The last pass, where nothing is turned, is to be a long one: a
 * lone 2 and the primes above 5 come first; an odd number of twos ends in an 8.
 */
function nextRadix(n: i32): i32 {
  let rest = n
  while (rest % 2 == 0) rest /= 2
  while (rest % 3 == 0) rest /= 3
  while (rest % 5 == 0) rest /= 5
  for (let p = 7; p * p <= rest; p += 2) if (rest % p == 0) return p
  if (rest > 1) return rest
  if (n % 4 == 2) return 2
  return n % 3 == 0 ? 3 : n % 5 == 0 ? 5 : n == 8 ? 8 : 4
}

/** Whether the passes can do n. */
function hasPasses(n: i32): bool {
  while (n > 1) {
    const p = nextRadix(n)
    if (p > LARGEST_RADIX) return false
    n /= p
  }
  return true
}

/** Bytes of what the pass of a radix needs beside its twiddle factors. */
// @ts-ignore: decorator
@inline
function tableBytes(p: i32): usize {
  return p > 5 && p != 8 ? primeBytes(p) : 0
}

/** Bytes of a plan for n. */
export function complexBytes(n: i32): usize {
  if (!hasPasses(n)) return HEADER + bluesteinBytes(n)
  let bytes = HEADER + RADICES
  while (n > 1) {
    const p = nextRadix(n)
    n /= p
    bytes += tableBytes(p) + ((<usize>n * <usize>(p - 1)) << 3)
  }
  return bytes
}

/** Entries that each of the two buffers of {@link transform} must hold. */
export function complexEntries(n: i32): i32 {
  return hasPasses(n) ? n : bluesteinEntries(n)
}

/**
 * Plans a transform of n at `at`, in {@link complexBytes} bytes.
 * @param x buffer of {@link complexEntries} entries, used as scratch
 * @param y another
 */
export function planComplex(at: usize, n: i32, x: usize, y: usize): void {
  const to = changetype<ComplexTransform>(at)
  to.n = n
  if (!hasPasses(n)) {
    to.bluestein = at + HEADER
    planBluestein(at + HEADER, n, x, y)
    return
  }
  to.bluestein = 0
  to.radices = at + HEADER
  to.twiddles = at + HEADER + RADICES
  let radix = to.radices
  let w = to.twiddles
  for (let m = n; m > 1; radix += 4) {
    const p = nextRadix(m)
    store<i32>(radix, p)
    if (tableBytes(p) > 0) planPrime(w, p)
    w += tableBytes(p)
    const length = m
    m /= p
    for (let j = 0; j < m; j++) {
      for (let r = 1; r < p; r++, w += 8) storeRoot(w, r * j, length, 1)
    }
  }
  store<i32>(radix, 0)
}

/**
 * X_k = sum over j of x_j exp(-2 pi i j k / n), on four frames.
 * @param at the plan
 * @param x n entries, overwritten
 * @param y scratch of as many bytes
 * @returns where the result is: x or y
 */
export function transform(at: usize, x: usize, y: usize): usize {
  const plan = changetype<ComplexTransform>(at)
  if (plan.bluestein != 0) return bluestein(plan.bluestein, x, y)
  let s = ENTRY
  let m = plan.n
  let w = plan.twiddles
  for (let radix = plan.radices; load<i32>(radix) != 0; radix += 4) {
    const p = load<i32>(radix)
    const table = w
    w += tableBytes(p)
    m /= p
    if (p == 4) pass4(x, y, s, m, w)
    else if (p == 5) pass5(x, y, s, m, w)
    else if (p == 8) lastPass8(x, y, s)
    else if (p == 3) pass3(x, y, s, m, w)
    else if (p == 2) pass2(x, y, s, m, w)
    else passPrime(x, y, s, m, w, p, table)
    w += (<usize>m * <usize>(p - 1)) << 3
    s *= <usize>p
    const swap = x
    x = y
    y = swap
  }
  return x
}
