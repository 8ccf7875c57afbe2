/**
 * The last pass of a length with an odd number of twos, of radix 8 with nothing turned: it takes the place of one of
 * radix 4 and one of radix 2, and saves 3 to 11 % of a transform.
 */
import { ENTRY, put } from './fft-lanes'

/** As the passes of fft-passes.ts at m = 1: the values a ... h lie s bytes apart, and so do their transforms. */
export function lastPass8(x: usize, y: usize, s: usize): void {
  for (const end = x + s; x < end; x += ENTRY, y += ENTRY) {
    const x4 = x + 4 * s
    const ar = v128.load(x)
    const ai = v128.load(x, 16)
    const er = v128.load(x4)
    const ei = v128.load(x4, 16)
    const cr = v128.load(x + 2 * s)
    const ci = v128.load(x + 2 * s, 16)
    const gr = v128.load(x4 + 2 * s)
    const gi = v128.load(x4 + 2 * s, 16)
    const br = v128.load(x + s)
    const bi = v128.load(x + s, 16)
    const fr = v128.load(x4 + s)
    const fi = v128.load(x4 + s, 16)
    const dr = v128.load(x + 3 * s)
    const di = v128.load(x + 3 * s, 16)
    const hr = v128.load(x4 + 3 * s)
    const hi = v128.load(x4 + 3 * s, 16)
    const aer = f32x4.add(ar, er)
    const aei = f32x4.add(ai, ei)
    const cgr = f32x4.add(cr, gr)
    const cgi = f32x4.add(ci, gi)
    const bfr = f32x4.add(br, fr)
    const bfi = f32x4.add(bi, fi)
    const dhr = f32x4.add(dr, hr)
    const dhi = f32x4.add(di, hi)
    evens(y, s, aer, aei, bfr, bfi, cgr, cgi, dhr, dhi)
    const a_er = f32x4.sub(ar, er)
    const a_ei = f32x4.sub(ai, ei)
    const b_fr = f32x4.sub(br, fr)
    const b_fi = f32x4.sub(bi, fi)
    const c_gr = f32x4.sub(cr, gr)
    const c_gi = f32x4.sub(ci, gi)
    const d_hr = f32x4.sub(dr, hr)
    const d_hi = f32x4.sub(di, hi)
    odds(y + s, s, a_er, a_ei, b_fr, b_fi, c_gr, c_gi, d_hr, d_hi)
  }
}

/** Values 0, 2, 4 and 6: the transform of 4 of the sums a + e, b + f, c + g, d + h. */
// @ts-ignore: decorator
@inline
function evens(
  y: usize,
  s: usize,
  ar: v128,
  ai: v128,
  br: v128,
  bi: v128,
  cr: v128,
  ci: v128,
  dr: v128,
  di: v128,
): void {
  const pr = f32x4.add(ar, cr)
  const pi = f32x4.add(ai, ci)
  const qr = f32x4.add(br, dr)
  const qi = f32x4.add(bi, di)
  put(y, f32x4.add(pr, qr), f32x4.add(pi, qi), 0, false)
  put(y + 4 * s, f32x4.sub(pr, qr), f32x4.sub(pi, qi), 0, false)
  const mr = f32x4.sub(ar, cr)
  const mi = f32x4.sub(ai, ci)
  const nr = f32x4.sub(bi, di)
  const ni = f32x4.sub(dr, br)
  put(y + 2 * s, f32x4.add(mr, nr), f32x4.add(mi, ni), 0, false)
  put(y + 6 * s, f32x4.sub(mr, nr), f32x4.sub(mi, ni), 0, false)
}

/** Values 1, 3, 5 and 7: of the differences a - e, b - f, c - g, d - h, those with b and d turned by odd eighths. */
// @ts-ignore: decorator
@inline
function odds(
  y: usize,
  s: usize,
  ar: v128,
  ai: v128,
  br: v128,
  bi: v128,
  cr: v128,
  ci: v128,
  dr: v128,
  di: v128,
): void {
  const root = f32x4.splat(0.7071067811865476)
  const pr = f32x4.add(ar, ci)
  const pi = f32x4.sub(ai, cr)
  const ur = f32x4.add(br, di)
  const ui = f32x4.sub(bi, dr)
  const qr = f32x4.mul(f32x4.add(ur, ui), root)
  const qi = f32x4.mul(f32x4.sub(ui, ur), root)
  put(y, f32x4.add(pr, qr), f32x4.add(pi, qi), 0, false)
  put(y + 4 * s, f32x4.sub(pr, qr), f32x4.sub(pi, qi), 0, false)
  const mr = f32x4.sub(ar, ci)
  const mi = f32x4.add(ai, cr)
  const vr = f32x4.sub(br, di)
  const vi = f32x4.add(bi, dr)
  const nr = f32x4.mul(f32x4.sub(vi, vr), root)
  const ni = f32x4.mul(f32x4.add(vr, vi), root)
  put(y + 2 * s, f32x4.add(mr, nr), f32x4.sub(mi, ni), 0, false)
  put(y + 6 * s, f32x4.sub(mr, nr), f32x4.add(mi, ni), 0, false)
}
