/**
 * The passes of a complex transform by mixed radix, autosorted: J. W. Cooley, J. W. Tukey, "An algorithm for the machine
 * calculation of complex Fourier series", Math. Comp. 19 (1965), 297-301, in the order of T. G. Stockham, "High-speed
 * convolution and correlation", AFIPS Spring Joint Computer Conf. (1966), 229-233.
 *
 * A pass of radix p reads x as [p][m][s] entries and writes y as [m][p][s]. The p values that lie m s apart become their
 * transform, value r turned by exp(-2 pi i r j / (p m)), j < m. At j = 0 nothing is turned, nor in all of the last pass.
 *
 * All passes take: s, the bytes of s entries; m; w, twiddle factors f32 [m][p - 1][2].
 */
import { ENTRY, put } from './fft-lanes'

// @ts-ignore: decorator
@inline
function butterfly2(x: usize, leg: usize, y: usize, s: usize, w: usize, turned: bool): void {
  const ar = v128.load(x)
  const ai = v128.load(x, 16)
  const br = v128.load(x + leg)
  const bi = v128.load(x + leg, 16)
  put(y, f32x4.add(ar, br), f32x4.add(ai, bi), 0, false)
  put(y + s, f32x4.sub(ar, br), f32x4.sub(ai, bi), w, turned)
}

export function pass2(x: usize, y: usize, s: usize, m: i32, w: usize): void {
  const leg = s * <usize>m
  let end = x + s
  for (; x < end; x += ENTRY, y += ENTRY) butterfly2(x, leg, y, s, 0, false)
  for (; m > 1; m--) {
    y += s
    w += 8
    for (end += s; x < end; x += ENTRY, y += ENTRY) butterfly2(x, leg, y, s, w, true)
  }
}

// @ts-ignore: decorator
@inline
function butterfly3(x: usize, leg: usize, y: usize, s: usize, w: usize, turned: bool): void {
  const half = f32x4.splat(0.5)
  const sine = f32x4.splat(0.8660254037844386)
  const ar = v128.load(x)
  const ai = v128.load(x, 16)
  const br = v128.load(x + leg)
  const bi = v128.load(x + leg, 16)
  const cr = v128.load(x + 2 * leg)
  const ci = v128.load(x + 2 * leg, 16)
  const sr = f32x4.add(br, cr)
  const si = f32x4.add(bi, ci)
  const dr = f32x4.mul(f32x4.sub(bi, ci), sine)
  const di = f32x4.mul(f32x4.sub(cr, br), sine)
  const mr = f32x4.sub(ar, f32x4.mul(sr, half))
  const mi = f32x4.sub(ai, f32x4.mul(si, half))
  put(y, f32x4.add(ar, sr), f32x4.add(ai, si), 0, false)
  put(y + s, f32x4.add(mr, dr), f32x4.add(mi, di), w, turned)
  put(y + 2 * s, f32x4.sub(mr, dr), f32x4.sub(mi, di), w + 8, turned)
}

export function pass3(x: usize, y: usize, s: usize, m: i32, w: usize): void {
  const leg = s * <usize>m
  let end = x + s
  for (; x < end; x += ENTRY, y += ENTRY) butterfly3(x, leg, y, s, 0, false)
  for (; m > 1; m--) {
    y += 2 * s
    w += 16
    for (end += s; x < end; x += ENTRY, y += ENTRY) butterfly3(x, leg, y, s, w, true)
  }
}

// @ts-ignore: decorator
@inline
function butterfly4(x: usize, leg: usize, y: usize, s: usize, w: usize, turned: bool): void {
  const x1 = x + leg
  const x2 = x1 + leg
  const x3 = x2 + leg
  const ar = v128.load(x)
  const ai = v128.load(x, 16)
  const cr = v128.load(x2)
  const ci = v128.load(x2, 16)
  const pr = f32x4.add(ar, cr)
  const pi = f32x4.add(ai, ci)
  const mr = f32x4.sub(ar, cr)
  const mi = f32x4.sub(ai, ci)
  const br = v128.load(x1)
  const bi = v128.load(x1, 16)
  const dr = v128.load(x3)
  const di = v128.load(x3, 16)
  const qr = f32x4.add(br, dr)
  const qi = f32x4.add(bi, di)
  const nr = f32x4.sub(bi, di)
  const ni = f32x4.sub(dr, br)
  const y1 = y + s
  const y2 = y1 + s
  const y3 = y2 + s
  put(y, f32x4.add(pr, qr), f32x4.add(pi, qi), 0, false)
  put(y1, f32x4.add(mr, nr), f32x4.add(mi, ni), w, turned)
  put(y2, f32x4.sub(pr, qr), f32x4.sub(pi, qi), w + 8, turned)
  put(y3, f32x4.sub(mr, nr), f32x4.sub(mi, ni), w + 16, turned)
}

/** The pass with s = 1 without its inner loop: 5 % of a transform of 1024. */
function first4(x: usize, leg: usize, y: usize, w: usize): void {
  const end = x + leg
  butterfly4(x, leg, y, ENTRY, 0, false)
  for (x += ENTRY; x < end; x += ENTRY) {
    y += 4 * ENTRY
    w += 24
    butterfly4(x, leg, y, ENTRY, w, true)
  }
}

export function pass4(x: usize, y: usize, s: usize, m: i32, w: usize): void {
  const leg = s * <usize>m
  if (s == ENTRY) return first4(x, leg, y, w)
  let end = x + s
  for (; x < end; x += ENTRY, y += ENTRY) butterfly4(x, leg, y, s, 0, false)
  for (; m > 1; m--) {
    y += 3 * s
    w += 24
    for (end += s; x < end; x += ENTRY, y += ENTRY) butterfly4(x, leg, y, s, w, true)
  }
}

// @ts-ignore: decorator
@inline
function butterfly5(x: usize, leg: usize, y: usize, s: usize, w: usize, turned: bool): void {
  // cos and sin of one and two fifths of a turn
  const c1 = f32x4.splat(0.30901699437494745)
  const c2 = f32x4.splat(-0.8090169943749475)
  const s1 = f32x4.splat(0.9510565162951535)
  const s2 = f32x4.splat(0.5877852522924731)
  const ar = v128.load(x)
  const ai = v128.load(x, 16)
  const br = v128.load(x + leg)
  const bi = v128.load(x + leg, 16)
  const cr = v128.load(x + 2 * leg)
  const ci = v128.load(x + 2 * leg, 16)
  const dr = v128.load(x + 3 * leg)
  const di = v128.load(x + 3 * leg, 16)
  const er = v128.load(x + 4 * leg)
  const ei = v128.load(x + 4 * leg, 16)
  const pr = f32x4.add(br, er)
  const pi = f32x4.add(bi, ei)
  const qr = f32x4.add(cr, dr)
  const qi = f32x4.add(ci, di)
  put(y, f32x4.add(ar, f32x4.add(pr, qr)), f32x4.add(ai, f32x4.add(pi, qi)), 0, false)
  const mr = f32x4.sub(br, er)
  const mi = f32x4.sub(bi, ei)
  const nr = f32x4.sub(cr, dr)
  const ni = f32x4.sub(ci, di)
  const ur = f32x4.add(ar, f32x4.add(f32x4.mul(c1, pr), f32x4.mul(c2, qr)))
  const ui = f32x4.add(ai, f32x4.add(f32x4.mul(c1, pi), f32x4.mul(c2, qi)))
  const vr = f32x4.add(f32x4.mul(s1, mi), f32x4.mul(s2, ni))
  const vi = f32x4.add(f32x4.mul(s1, mr), f32x4.mul(s2, nr))
  put(y + s, f32x4.add(ur, vr), f32x4.sub(ui, vi), w, turned)
  put(y + 4 * s, f32x4.sub(ur, vr), f32x4.add(ui, vi), w + 24, turned)
  const gr = f32x4.add(ar, f32x4.add(f32x4.mul(c2, pr), f32x4.mul(c1, qr)))
  const gi = f32x4.add(ai, f32x4.add(f32x4.mul(c2, pi), f32x4.mul(c1, qi)))
  const hr = f32x4.sub(f32x4.mul(s2, mi), f32x4.mul(s1, ni))
  const hi = f32x4.sub(f32x4.mul(s2, mr), f32x4.mul(s1, nr))
  put(y + 2 * s, f32x4.add(gr, hr), f32x4.sub(gi, hi), w + 8, turned)
  put(y + 3 * s, f32x4.sub(gr, hr), f32x4.add(gi, hi), w + 16, turned)
}

function first5(x: usize, leg: usize, y: usize, w: usize): void {
  const end = x + leg
  butterfly5(x, leg, y, ENTRY, 0, false)
  for (x += ENTRY; x < end; x += ENTRY) {
    y += 5 * ENTRY
    w += 32
    butterfly5(x, leg, y, ENTRY, w, true)
  }
}

export function pass5(x: usize, y: usize, s: usize, m: i32, w: usize): void {
  const leg = s * <usize>m
  if (s == ENTRY) return first5(x, leg, y, w)
  let end = x + s
  for (; x < end; x += ENTRY, y += ENTRY) butterfly5(x, leg, y, s, 0, false)
  for (; m > 1; m--) {
    y += 4 * s
    w += 32
    for (end += s; x < end; x += ENTRY, y += ENTRY) butterfly5(x, leg, y, s, w, true)
  }
}
