/** How frames come in: from rows of neighbouring frames, f32 [row][stride], into groups of four. */
import { spectraAt } from './frame-window'
import { lanes } from './istft'
import { BIN, Joint, maskOf, targetOf } from './joint-layout'
import { exp2, log2 } from './lanes'

/** What keeps logarithms finite. */
const TINY: f32 = 1e-37

/**
 * Takes frames in.
 * @param group the first
 * @param spectra the prior, f32 [bin][stride]
 * @param phases f32 [bin][stride], in turns from -1/2 to 1/2; 0 where the frames start from a signal
 * @param bark what `jointBands` left, f32 [row][stride]
 * @param mask what `jointBands` told
 */
export function jointLoad(
  at: usize,
  group: i32,
  spectra: usize,
  phases: usize,
  bark: usize,
  mask: usize,
  stride: usize,
  count: i32,
): void {
  const x = changetype<Joint>(at)
  for (; count > 0; count -= 4, group++, spectra += 16, bark += 16, mask += 16) {
    const some = lanes(count)
    const to = spectraAt(x, group)
    loadSpectra(x, to, spectra, phases, stride, some)
    if (phases) phases += 16
    const rows = x.bank.exact.rows
    const target = targetOf(x, to)
    for (let k: usize = 0; k < <usize>x.bank.nBands; k++) {
      const band = v128.load(bark + <usize>load<i32>(rows + (k << 2)) * stride)
      v128.store(target + (k << 4), v128.and(band, some))
    }
    v128.store(maskOf(x, to), v128.and(v128.load(mask), some))
  }
}

function loadSpectra(x: Joint, to: usize, spectra: usize, phases: usize, stride: usize, some: v128): void {
  for (const end = to + <usize>x.bank.nBins * BIN; to < end; to += BIN, spectra += stride) {
    const s = v128.and(v128.load(spectra), some)
    const magnitude = phases || x.isHeld ? magnitudeOf(s, x.power) : s
    v128.store(to, x.isHeld ? magnitude : s)
    if (!phases) continue
    const half = f32x4.mul(v128.load(phases), f32x4.splat(<f32>Math.PI))
    const sine = sin(half)
    const cosine = cos(half)
    const twice = f32x4.add(sine, sine)
    v128.store(to, f32x4.mul(magnitude, f32x4.sub(f32x4.splat(1), f32x4.mul(twice, sine))), 16)
    v128.store(to, f32x4.mul(magnitude, f32x4.mul(twice, cosine)), 32)
    phases += stride
  }
}

// @ts-ignore: decorator
@inline
function magnitudeOf(s: v128, power: f32): v128 {
  if (power == 1) return s
  if (power == 2) return f32x4.sqrt(s)
  const root = exp2(f32x4.mul(log2(f32x4.pmax(s, f32x4.splat(TINY))), f32x4.splat(<f32>1 / power)))
  return v128.and(root, f32x4.gt(s, f32x4.splat(0)))
}

/** Taylor's series, within 6e-8 up to pi / 2. */
// @ts-ignore: decorator
@inline
function sin(x: v128): v128 {
  const y = f32x4.mul(x, x)
  let p = f32x4.add(f32x4.mul(y, f32x4.splat(<f32>(-1.0 / 39916800))), f32x4.splat(<f32>(1.0 / 362880)))
  p = f32x4.add(f32x4.mul(p, y), f32x4.splat(<f32>(-1.0 / 5040)))
  p = f32x4.add(f32x4.mul(p, y), f32x4.splat(<f32>(1.0 / 120)))
  p = f32x4.add(f32x4.mul(p, y), f32x4.splat(<f32>(-1.0 / 6)))
  p = f32x4.add(f32x4.mul(p, y), f32x4.splat(1))
  return f32x4.mul(p, x)
}

// @ts-ignore: decorator
@inline
function cos(x: v128): v128 {
  const y = f32x4.mul(x, x)
  let p = f32x4.add(f32x4.mul(y, f32x4.splat(<f32>(1.0 / 479001600))), f32x4.splat(<f32>(-1.0 / 3628800)))
  p = f32x4.add(f32x4.mul(p, y), f32x4.splat(<f32>(1.0 / 40320)))
  p = f32x4.add(f32x4.mul(p, y), f32x4.splat(<f32>(-1.0 / 720)))
  p = f32x4.add(f32x4.mul(p, y), f32x4.splat(<f32>(1.0 / 24)))
  p = f32x4.add(f32x4.mul(p, y), f32x4.splat(-0.5))
  return f32x4.add(f32x4.mul(p, y), f32x4.splat(1))
}
