/**
 * Hyperbolic sine in float32 as torch computes it for a whole array on the CPU, for x >= 0.
 *
 * Of an array of n values torch takes those that fill vectors (32 values a turn with AVX-512) through a vector library,
 * which rounds float64 sinh once in all but 0.15 % of cases, and the rest through the C library's scalar sinhf. That one
 * (glibc before 2.41) is fdlibm's, K. C. Ng, Sun Microsystems 1993, whose constants and order of operations are kept
 * here: it is up to 1.8 units in the last place off, which moves the weights of narrow bands by up to 1.2e-5.
 */

/** Values that torch takes a turn on machines with AVX-512. */
const TURN: i32 = 32

/** Value i of `torch.sinh` of an array of n. */
export function sinhOfArray(x: f32, i: i32, n: i32): f32 {
  return i < n - (n % TURN) ? <f32>sinh(x) : sinhf(x)
}

function sinhf(x: f32): f32 {
  if (x > 22) return <f32>sinh(x)
  const t = expm1f(x)
  const one = <f32>1
  return x < 1 ? <f32>0.5 * (<f32>2 * t - (t * t) / (t + one)) : <f32>0.5 * (t + t / (t + one))
}

/** In float64: what the standard library has, which carries an exponential along for x above 709. */
export function sinh(x: f64): f64 {
  const a = Math.abs(x)
  if (a < 1.4901161193847656e-8) return x
  if (a > 709) return x * Infinity
  const t = Math.expm1(a)
  const half = x < 0 ? -0.5 : 0.5
  return a < 1 ? half * (2 * t - (t * t) / (t + 1)) : half * (t + t / (t + 1))
}

/** e^x - 1 for 0 <= x <= 22: x = k ln 2 + r, |r| <= ln 2 / 2, and a rational function of r. */
function expm1f(x: f32): f32 {
  const LN2_HI = reinterpret<f32>(0x3f317180)
  const LN2_LO = reinterpret<f32>(0x3717f7d1)
  const INV_LN2 = reinterpret<f32>(0x3fb8aa3b)
  const one = <f32>1
  if (x < reinterpret<f32>(0x33000000)) return x
  let k = 0
  let c: f32 = 0
  if (x > reinterpret<f32>(0x3eb17218)) {
    k = x < reinterpret<f32>(0x3f851592) ? 1 : <i32>(INV_LN2 * x + <f32>0.5)
    const hi = x - <f32>k * LN2_HI
    const lo = <f32>k * LN2_LO
    x = hi - lo
    c = hi - x - lo
  }
  const half = <f32>0.5 * x
  const z = x * half
  const r = rational(z)
  const t = <f32>3 - r * half
  let e = z * ((r - t) / (<f32>6 - x * t))
  if (k == 0) return x - (x * e - z)
  e = x * (e - c) - c
  e -= z
  if (k == 1) return x < <f32>-0.25 ? <f32>-2 * (e - (x + <f32>0.5)) : one + <f32>2 * (x - e)
  if (k < 23) return scale(one - scale(one, -k) - (e - x), k)
  return scale(x - (e + scale(one, -k)) + one, k)
}

function rational(z: f32): f32 {
  const Q1 = reinterpret<f32>(0xbd088889)
  const Q2 = reinterpret<f32>(0x3ad00d01)
  const Q3 = reinterpret<f32>(0xb8a670cd)
  const Q4 = reinterpret<f32>(0x36867e54)
  const Q5 = reinterpret<f32>(0xb457edbb)
  return <f32>1 + z * (Q1 + z * (Q2 + z * (Q3 + z * (Q4 + z * Q5))))
}

/** x * 2^k where neither is subnormal. */
// @ts-ignore: decorator
@inline
function scale(x: f32, k: i32): f32 {
  return reinterpret<f32>(reinterpret<i32>(x) + (k << 23))
}
