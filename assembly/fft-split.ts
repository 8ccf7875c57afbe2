/**
 * Between the complex transform Z of z_j = x_2j + i x_2j+1 and the transform X of the real x of n = 2 h.
 * With E and O the transforms of the even and the odd samples and w_k = exp(-2 pi i k / n):
 *
 *     Z_k = E_k + i O_k      X_k = E_k + w_k O_k      X_{h-k} = conj(E_k - w_k O_k)
 *
 * Bins k and h - k are done together, in place.
 */
import { ENTRY, ENTRY_SHIFT } from './fft-lanes'

/**
 * Z to X: h entries become h + 1.
 * @param roots w_k / 2, f32 [h / 2 + 1][2]
 */
export function split(x: usize, h: i32, roots: usize): void {
  const zero = f32x4.splat(0)
  const half = f32x4.splat(0.5)
  let y = x + ((<usize>h) << ENTRY_SHIFT)
  const re = v128.load(x)
  const im = v128.load(x, 16)
  v128.store(x, f32x4.add(re, im))
  v128.store(x, zero, 16)
  v128.store(y, f32x4.sub(re, im))
  v128.store(y, zero, 16)
  for (x += ENTRY, y -= ENTRY, roots += 8; x <= y; x += ENTRY, y -= ENTRY, roots += 8) {
    const ar = v128.load(x)
    const ai = v128.load(x, 16)
    const br = v128.load(y)
    const bi = v128.load(y, 16)
    const er = f32x4.mul(f32x4.add(ar, br), half)
    const ei = f32x4.mul(f32x4.sub(ai, bi), half)
    const or = f32x4.add(ai, bi)
    const oi = f32x4.sub(br, ar)
    const c = v128.load32_splat(roots)
    const s = v128.load32_splat(roots, 4)
    const tr = f32x4.sub(f32x4.mul(or, c), f32x4.mul(oi, s))
    const ti = f32x4.add(f32x4.mul(oi, c), f32x4.mul(or, s))
    v128.store(y, f32x4.sub(er, tr))
    v128.store(y, f32x4.sub(ti, ei), 16)
    v128.store(x, f32x4.add(er, tr))
    v128.store(x, f32x4.add(ei, ti), 16)
  }
}

/**
 * X to 2 conj(E) + 2 i conj(O): h + 1 entries become h. The forward transform of that is n z, and so n x.
 * @param roots w_k / 2, f32 [h / 2 + 1][2]
 */
export function join(x: usize, h: i32, roots: usize): void {
  let y = x + ((<usize>h) << ENTRY_SHIFT)
  const first = v128.load(x)
  const last = v128.load(y)
  v128.store(x, f32x4.add(first, last))
  v128.store(x, f32x4.sub(first, last), 16)
  for (x += ENTRY, y -= ENTRY, roots += 8; x <= y; x += ENTRY, y -= ENTRY, roots += 8) {
    const ar = v128.load(x)
    const ai = v128.load(x, 16)
    const br = v128.load(y)
    const bi = v128.load(y, 16)
    const er = f32x4.add(ar, br)
    const ei = f32x4.sub(ai, bi)
    const dr = f32x4.sub(ar, br)
    const di = f32x4.add(ai, bi)
    // conj(2 O_k) = w_k conj(d)
    const w2 = v128.load32_splat(roots)
    const s2 = v128.load32_splat(roots, 4)
    const c = f32x4.add(w2, w2)
    const s = f32x4.add(s2, s2)
    const or = f32x4.add(f32x4.mul(dr, c), f32x4.mul(di, s))
    const oi = f32x4.sub(f32x4.mul(dr, s), f32x4.mul(di, c))
    v128.store(y, f32x4.add(er, oi))
    v128.store(y, f32x4.add(ei, or), 16)
    v128.store(x, f32x4.sub(er, oi))
    v128.store(x, f32x4.sub(or, ei), 16)
  }
}
