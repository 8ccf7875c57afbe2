/**
 * The transform of real frames of any length n, four at once, one a lane, and its inverse.
 *
 * An even n goes through a complex transform of half the length, of z_j = x_2j + i x_2j+1, and is taken apart after
 * it; an odd n through a complex one of n.
 */
import { complexBytes, complexEntries, planComplex, transform } from './fft-complex'
import { ENTRY, ENTRY_SHIFT } from './fft-lanes'
import { join, split } from './fft-split'
import { storeRoot } from './fft-roots'


@unmanaged
class RealTransform {
  n: i32
  /** Bins: n / 2 + 1, rounded down. */
  bins: i32
  /** Bytes between two samples: 16 where n is even, 32 where it is odd. */
  step: usize
  /** Two buffers. */
  x: usize
  y: usize
  /** exp(-2 pi i k / n) / 2, f32 [n / 4 + 1][2], where n is even. */
  roots: usize
  complex: usize
}

const HEADER: usize = (offsetof<RealTransform>() + 15) & ~15

/** Buffers a power of two apart would make loads wait for stores that only look alike in their low bits. */
const APART: usize = 256

function bufferBytes(n: i32): usize {
  const entries = n % 2 == 0 ? max(complexEntries(n / 2), n / 2 + 1) : complexEntries(n)
  // sample vectors come in fours
  return ((<usize>entries + 4) << ENTRY_SHIFT) + APART
}

/** Bytes of a plan for n, 1 to 65 536, its two buffers included. `at` is to be a multiple of 16. */
export function fftBytes(n: i32): usize {
  return HEADER + 2 * bufferBytes(n) + ((<usize>(n / 4) + 2) << 3) + complexBytes(n % 2 == 0 ? n / 2 : n)
}

/** Plans the transform of n at `at`, in {@link fftBytes} bytes. */
export function fftPlan(at: usize, n: i32): void {
  const to = changetype<RealTransform>(at)
  const even = n % 2 == 0
  to.n = n
  to.bins = n / 2 + 1
  to.step = even ? 16 : 32
  to.x = at + HEADER
  to.y = to.x + bufferBytes(n)
  to.roots = to.y + bufferBytes(n)
  to.complex = to.roots + ((<usize>(n / 4) + 2) << 3)
  planComplex(to.complex, even ? n / 2 : n, to.x, to.y)
  if (even) for (let k = 0; k <= n / 4; k++) storeRoot(to.roots + ((<usize>k) << 3), k, n, 0.5)
}

/**
 * Where a transform takes its input. Forward: sample j of the four frames at j {@link fftStep} bytes, and zeros between
 * where that is 32. Inverse: bin k, four real and four imaginary parts, at 32 k bytes.
 */
export function fftInput(at: usize): usize {
  return changetype<RealTransform>(at).x
}

/** Bytes from a sample to the next. */
export function fftStep(at: usize): usize {
  return changetype<RealTransform>(at).step
}

/**
 * X_k = sum over j of x_j exp(-2 pi i j k / n), 0 <= k <= n / 2. The input is overwritten.
 * @returns where bin k lies at 32 k bytes
 */
export function fftForward(at: usize): usize {
  const plan = changetype<RealTransform>(at)
  const result = transform(plan.complex, plan.x, plan.y)
  if (plan.step == 16) split(result, plan.n / 2, plan.roots)
  return result
}

/**
 * n times the x whose {@link fftForward} the input is; the imaginary parts of bin 0, and of bin n / 2 where n is even,
 * are taken as 0. The input is overwritten.
 * @returns where sample j lies at j {@link fftStep} bytes
 */
export function fftInverse(at: usize): usize {
  const plan = changetype<RealTransform>(at)
  if (plan.step == 16) {
    join(plan.x, plan.n / 2, plan.roots)
  } else {
    // of a spectrum with its sign of i changed, the forward transform is the inverse, of a real result
    const zero = f32x4.splat(0)
    v128.store(plan.x, zero, 16)
    let mirror = plan.x + ((<usize>plan.n) << ENTRY_SHIFT)
    for (let p = plan.x + ENTRY, end = p + ((<usize>(plan.n / 2)) << ENTRY_SHIFT); p < end; p += ENTRY) {
      mirror -= ENTRY
      const im = v128.load(p, 16)
      v128.store(mirror, v128.load(p))
      v128.store(mirror, im, 16)
      v128.store(p, f32x4.neg(im), 16)
    }
  }
  return transform(plan.complex, plan.x, plan.y)
}
