/** The pass of any odd prime radix: a transform by its definition, halved by the symmetry of cosine and sine. */
import { ENTRY, put } from './fft-lanes'
import { storeRoot } from './fft-roots'

/** The largest radix that is done by definition: from about 90 on Bluestein's algorithm is faster, measured. */
export const LARGEST_RADIX: i32 = 73

/** Bytes of the table and the scratch of {@link passPrime}. */
export function primeBytes(p: i32): usize {
  const half = <usize>(p >> 1)
  return half * (half << 3) + half * 2 * ENTRY
}

/** Fills the table at `at`: row r, column t = exp(-2 pi i r t / p), 1 <= r, t <= (p - 1) / 2. */
export function planPrime(at: usize, p: i32): void {
  for (let r = 1; r <= p >> 1; r++) {
    for (let t = 1; t <= p >> 1; t++, at += 8) storeRoot(at, (r * t) % p, p, 1)
  }
}

/** As the passes of fft-passes.ts, with the radix and the table of {@link planPrime}; turned by 1 at j = 0. */
export function passPrime(x: usize, y: usize, s: usize, m: i32, w: usize, p: i32, table: usize): void {
  const leg = s * <usize>m
  const half = p >> 1
  const scratch = table + <usize>half * ((<usize>half) << 3)
  for (; m > 0; m--) {
    for (const end = x + s; x < end; x += ENTRY, y += ENTRY) primeButterfly(x, leg, y, s, w, half, table, scratch)
    y += s * <usize>(p - 1)
    w += (<usize>(p - 1)) << 3
  }
}

// @ts-ignore: decorator
@inline
function primeButterfly(x: usize, leg: usize, y: usize, s: usize, w: usize, half: i32, table: usize, to: usize): void {
  const ar = v128.load(x)
  const ai = v128.load(x, 16)
  const last = <usize>(half << 1)
  let sumR = ar
  let sumI = ai
  let u = to
  for (let t: usize = 1; t <= <usize>half; t++, u += 2 * ENTRY) {
    const br = v128.load(x + t * leg)
    const bi = v128.load(x + t * leg, 16)
    const cr = v128.load(x + (last + 1 - t) * leg)
    const ci = v128.load(x + (last + 1 - t) * leg, 16)
    const pr = f32x4.add(br, cr)
    const pi = f32x4.add(bi, ci)
    sumR = f32x4.add(sumR, pr)
    sumI = f32x4.add(sumI, pi)
    v128.store(u, pr)
    v128.store(u, pi, 16)
    v128.store(u, f32x4.sub(br, cr), 32)
    v128.store(u, f32x4.sub(bi, ci), 48)
  }
  put(y, sumR, sumI, 0, false)
  for (let r: usize = 1; r <= <usize>half; r++) {
    let er = ar
    let ei = ai
    let or = f32x4.splat(0)
    let oi = or
    for (u = to; u < to + ((<usize>half) << 6); u += 2 * ENTRY, table += 8) {
      const c = v128.load32_splat(table)
      const d = v128.load32_splat(table, 4)
      er = f32x4.add(er, f32x4.mul(c, v128.load(u)))
      ei = f32x4.add(ei, f32x4.mul(c, v128.load(u, 16)))
      or = f32x4.add(or, f32x4.mul(d, v128.load(u, 32)))
      oi = f32x4.add(oi, f32x4.mul(d, v128.load(u, 48)))
    }
    // d is -sin: a value r gets e + i o, its mirror image e - i o
    put(y + r * s, f32x4.sub(er, oi), f32x4.add(ei, or), w + ((r - 1) << 3), true)
    put(y + (last + 1 - r) * s, f32x4.add(er, oi), f32x4.sub(ei, or), w + ((last - r) << 3), true)
  }
}
