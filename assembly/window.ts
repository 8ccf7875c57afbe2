/**
 * Windows, computed as torch computes them in float32, operation by operation: `torch.hann_window`,
 * `torch.hamming_window`, `torch.blackman_window`, `torch.bartlett_window`, `torch.kaiser_window`, `torch.ones`.
 * Sine and exponential are the core's, in float64 and rounded once; torch's own are within one unit of that.
 */

export const HANN: i32 = 0
export const HAMMING: i32 = 1
export const BLACKMAN: i32 = 2
export const BARTLETT: i32 = 3
export const KAISER: i32 = 4
export const ONES: i32 = 5

/**
 * Writes a window, f32 [n], at `at`.
 * @param kind HANN ... ONES
 * @param periodic whether it is the first n values of the symmetric window of n + 1, as for spectral analysis
 * @param alpha, beta of HAMMING: alpha - beta cos; beta of KAISER, 0 to 88
 */
export function window(at: usize, kind: i32, n: i32, periodic: bool, alpha: f64, beta: f64): void {
  // torch's n + 1 of a window of one value is still one value
  const last = n == 1 ? 0 : periodic ? n : n - 1
  for (let i = 0; i < n; i++) {
    let value: f32 = 1
    if (last > 0) {
      if (kind == HANN) value = cosines(i, last, 0.5, 0.5)
      else if (kind == HAMMING) value = cosines(i, last, <f32>alpha, <f32>beta)
      else if (kind == BLACKMAN) value = blackman(i, last)
      else if (kind == BARTLETT) value = bartlett(i, last)
      else if (kind == KAISER) value = kaiser(i, last, <f32>beta)
    }
    store<f32>(at + ((<usize>i) << 2), value)
  }
}

/** Bytes of a window that lies centred in a frame of n samples, with zeros up to a multiple of four. */
export function frameWindowBytes(n: i32): usize {
  return (((<usize>n) << 2) + 15) & ~15
}

/**
 * Lays a window, f32 [length], into the middle of a frame, times `scale`.
 * @param to frameWindowBytes(n) bytes
 */
export function frameWindow(to: usize, n: i32, window: usize, length: i32, scale: f64): void {
  memory.fill(to, 0, frameWindowBytes(n))
  const left = to + ((<usize>((n - length) / 2)) << 2)
  for (let i = 0; i < length; i++) {
    const p = (<usize>i) << 2
    store<f32>(left + p, <f32>(<f64>load<f32>(window + p) * scale))
  }
}

/** The sum of a window's squares. */
export function windowEnergy(window: usize, length: i32): f64 {
  let energy = 0.0
  for (let i = 0; i < length; i++) {
    const value = <f64>load<f32>(window + ((<usize>i) << 2))
    energy += value * value
  }
  return energy
}

/** Of a Hann window's square, of length 1: 1/12 - 5 / (8 pi^2); and the gamma of the Gaussian nearest to it. */
export const HANN_VARIANCE: f64 = 0.020007656366
const HANN_GAMMA: f64 = 0.25645

/** The variance of a window's square, in samples squared; at least that of one sample. */
export function windowVariance(window: usize, length: i32): f64 {
  let energy = 0.0
  let first = 0.0
  let second = 0.0
  const middle = <f64>length / 2
  for (let i = 0; i < length; i++) {
    const value = <f64>load<f32>(window + ((<usize>i) << 2))
    const square = value * value
    const place = <f64>i - middle
    energy += square
    first += square * place
    second += square * place * place
  }
  const mean = energy > 0 ? first / energy : 0
  return max(1.0 / 12, energy > 0 ? second / energy - mean * mean : 0)
}

/**
 * The gamma of the Gaussian exp(-pi t^2 / gamma) that stands for a window, in samples squared: that of the Hann window
 * (Z. Prusa's phaseret), by how much wider or narrower the window is, measured on its square.
 */
export function windowGamma(window: usize, length: i32): f64 {
  return (HANN_GAMMA / HANN_VARIANCE) * windowVariance(window, length)
}

// @ts-ignore: decorator
@inline
function cos(angle: f32): f32 {
  return <f32>Math.cos(<f64>angle)
}

function cosines(i: i32, last: i32, alpha: f32, beta: f32): f32 {
  return cos(<f32>i * <f32>((2 * Math.PI) / <f64>last)) * -beta + alpha
}

function blackman(i: i32, last: i32): f32 {
  const angle = <f32>i * <f32>(Math.PI / <f64>last)
  return cos(angle * 4) * <f32>0.08 - cos(angle * 2) * <f32>0.5 + <f32>0.42
}

function bartlett(i: i32, last: i32): f32 {
  const rising = <f32>i * <f32>(2.0 / <f64>last)
  return i <= last >> 1 ? rising : 2 - rising
}

/** J. F. Kaiser, R. W. Schafer, "On the use of the I0-sinh window for spectrum analysis", IEEE Trans. ASSP 28 (1980). */
function kaiser(i: i32, last: i32, beta: f32): f32 {
  const alpha = <f32>(<f64>last / 2.0)
  const place = (<f32>i - alpha) / alpha
  return bessel(beta * Mathf.sqrt(<f32>(1.0 - <f64>place * <f64>place))) / bessel(beta)
}

/**
 * Chebyshev coefficients of exp(-x) I0(x) in [0, 8] and of exp(-x) sqrt(x) I0(x) from 8 up, from S. L. Moshier's
 * Cephes. All of them, since torch has them all: without the smallest the last bit of a window can differ.
 */
const BELOW_8: StaticArray<f32> = [
  -4.4153416464793393795e-18, 3.33079451882223809783e-17, -2.43127984654795469359e-16, 1.71539128555513303061e-15,
  -1.16853328779934516808e-14, 7.67618549860493561688e-14, -4.8564467831119294609e-13, 2.95505266312963983461e-12,
  -1.72682629144155570723e-11, 9.67580903537323691224e-11, -5.18979560163526290666e-10, 2.65982372468238665035e-9,
  -1.30002500998624804212e-8, 6.04699502254191894932e-8, -2.67079385394061173391e-7, 1.11738753912010371815e-6,
  -4.41673835845875056359e-6, 1.64484480707288970893e-5, -5.75419501008210370398e-5, 1.88502885095841655729e-4,
  -5.76375574538582365885e-4, 1.63947561694133579842e-3, -4.3243099950505759443e-3, 1.05464603945949983183e-2,
  -2.37374148058994688156e-2, 4.93052842396707084878e-2, -9.4901097048047644421e-2, 1.71620901522208775349e-1,
  -3.04682672343198398683e-1, 6.76795274409476084995e-1,
]
const ABOVE_8: StaticArray<f32> = [
  -7.23318048787475395456e-18, -4.83050448594418207126e-18, 4.46562142029675999901e-17, 3.4612228676974610931e-17,
  -2.82762398051658348494e-16, -3.42548561967721913462e-16, 1.7725601330565263836e-15, 3.81168066935262242075e-15,
  -9.5548466988283076487e-15, -4.15056934728722208663e-14, 1.54008621752140982691e-14, 3.85277838274214270114e-13,
  7.18012445138366623367e-13, -1.79417853150680611778e-12, -1.32158118404477131188e-11, -3.14991652796324136454e-11,
  1.18891471078464383424e-11, 4.9406023882249695891e-10, 3.39623202570838634515e-9, 2.26666899049817806459e-8,
  2.04891858946906374183e-7, 2.89137052083475648297e-6, 6.88975834691682398426e-5, 3.3691164782556940899e-3,
  8.04490411014108831608e-1,
]

/** The modified Bessel function of the first kind, order 0, for x >= 0. */
function bessel(x: f32): f32 {
  const exp = <f32>Math.exp(<f64>x)
  if (x <= 8) return exp * chebyshev(x / 2 - 2, BELOW_8)
  return (exp * chebyshev(32 / x - 2, ABOVE_8)) / Mathf.sqrt(x)
}

/** Clenshaw's sum. Products are not rounded by themselves: torch's compiler fuses them where it can. */
function chebyshev(x: f32, coefficients: StaticArray<f32>): f32 {
  let b0: f32 = unchecked(coefficients[0])
  let b1: f32 = 0
  let b2: f32 = 0
  for (let i = 1; i < coefficients.length; i++) {
    b2 = b1
    b1 = b0
    b0 = <f32>(<f64>x * <f64>b1 - <f64>b2) + unchecked(coefficients[i])
  }
  return <f32>0.5 * (b0 - b2)
}
