/**
 * M iterations with no clamp event between them, as polynomials in the Gram matrix G of the moving bins.
 *
 * A mode of G with eigenvalue x goes (r, u) -> A (r, u), A = [[1 - g x, -mu x], [g, mu]]. With phi_M the sequence
 * phi_0 = 0, phi_1 = 1, phi_{M+1} = (1 + mu - g x) phi_M - mu phi_{M-1}, Cayley and Hamilton give
 *
 *     sum of the M steps = P(G) g r + phi_M(G) mu u,     P = (1 - (1 - g x) phi_M + mu phi_{M-1}) / (g x)
 *     the last step      = phi_M(G) g r + (phi_M - phi_{M-1})(G) mu u
 *
 * Here: the coefficients of these three in Chebyshev polynomials of 2 G / L - 1. docs/algorithms.md, section 16.
 */

/** Most coefficients of a series. */
export const MOST: i32 = 128
/** Bytes of a coefficient: of the three polynomials. */
export const COEFFICIENT: usize = 12
/** Bytes of a series: length, coefficients. */
export const SERIES: usize = 4 + <usize>MOST * COEFFICIENT
/** Coefficients below this, of the largest so far, are left out once three in a row are. */
const NEGLIGIBLE: f64 = 1e-7

/** Bytes of working memory: two rows of Chebyshev polynomials, and the three functions at the nodes. */
export const NODES_BYTES: usize = <usize>MOST * 8 * 6

/** Nodes that resolve M steps of rate g with eigenvalues up to L: the degree grows as sqrt(M g L / (1 - mu)). */
function nodesFor(steps: i32, g: f64, mu: f64, bound: f64): i32 {
  const wanted = <i32>(Math.sqrt((40 * <f64>steps * g * bound) / (1 - mu)) * 0.8 + 12)
  // M steps are a polynomial of degree M - 1
  return min(MOST, (min(wanted, steps) + 3) & ~3)
}

/** Most steps whose series has room. */
export function mostSteps(g: f64, mu: f64, bound: f64): f64 {
  const scaled = (<f64>MOST - 16) / 0.8
  return (scaled * scaled * (1 - mu)) / (40 * g * bound)
}

/** cos(pi (i + 1/2) / n) for all i, by turning: the host's cosine is not the same everywhere. */
function cosines(at: usize, n: i32): void {
  const angle = 3.141592653589793 / <f64>n
  // Taylor's series of cos and sin of half the angle, at most pi / 8
  const half = angle / 2
  let c = 0.0
  let s = 0.0
  let term = 1.0
  for (let i = 0; i < 18; i += 2) {
    c += term
    term *= half / <f64>(i + 1)
    s += term
    term *= -half / <f64>(i + 2)
  }
  const c2 = c * c - s * s
  const s2 = 2 * s * c
  for (let i = 0; i < n; i++, at += 8) {
    store<f64>(at, c)
    const turned = c * c2 - s * s2
    s = s * c2 + c * s2
    c = turned
  }
}

/** The three functions at eigenvalue x, by doubling phi_m and phi_{m-1} along the bits of `steps`. */
function evaluate(out: usize, x: f64, steps: i32, g: f64, mu: f64): void {
  const trace = 1 + mu - g * x
  let phi = 1.0
  let before = 0.0
  for (let bit = 30 - clz<i32>(steps); bit >= 0; bit--) {
    const doubled = phi * (trace * phi - 2 * mu * before)
    const below = phi * phi - mu * before * before
    const odd = (steps >> bit) & 1
    phi = odd ? trace * doubled - mu * below : doubled
    before = odd ? doubled : below
  }
  const row = <usize>MOST * 8
  store<f64>(out, (1 - (1 - g * x) * phi + mu * before) / (g * x))
  store<f64>(out + row, phi)
  store<f64>(out + 2 * row, phi - before)
}

/**
 * Makes a series.
 * @param at receives it
 * @param nodes working memory
 */
export function propagator(at: usize, nodes: usize, steps: i32, g: f64, mu: f64, bound: f64): void {
  const n = nodesFor(steps, g, mu, bound)
  const row = <usize>MOST * 8
  const end = (<usize>n) << 2
  const x = nodes
  const now = nodes + row
  const before = nodes + 2 * row
  const values = nodes + 3 * row
  cosines(x, n)
  for (let i: usize = 0; i < <usize>n; i++) {
    evaluate(values + (i << 3), bound * 0.5 * (1 + load<f64>(x + (i << 3))), steps, g, mu)
  }
  fold(values, n)
  // T_0, and T_-1 = T_1
  for (let i: usize = 0; i < end; i += 8) {
    store<f64>(now + i, 1)
    store<f64>(before + i, load<f64>(x + i))
  }
  let most0 = 0.0
  let most1 = 0.0
  let most2 = 0.0
  let length = 1
  let to = at + 4
  for (let k = 0; k < n && k < length + 3; k++, to += COEFFICIENT) {
    // T_k is even or odd about the middle: the lower halves hold the sums, the upper ones the differences
    const half = values + (k & 1 ? end : 0)
    let sum0 = f64x2.splat(0)
    let sum1 = sum0
    let sum2 = sum0
    for (let i: usize = 0; i < end; i += 16) {
      const t = v128.load(now + i)
      sum0 = f64x2.add(sum0, f64x2.mul(t, v128.load(half + i)))
      sum1 = f64x2.add(sum1, f64x2.mul(t, v128.load(half + row + i)))
      sum2 = f64x2.add(sum2, f64x2.mul(t, v128.load(half + 2 * row + i)))
      const twice = v128.load(x + i)
      const next = f64x2.sub(f64x2.mul(f64x2.add(twice, twice), t), v128.load(before + i))
      v128.store(before + i, t)
      v128.store(now + i, next)
    }
    const scale = (k == 0 ? 1.0 : 2.0) / <f64>n
    const c0 = scale * (f64x2.extract_lane(sum0, 0) + f64x2.extract_lane(sum0, 1))
    const c1 = scale * (f64x2.extract_lane(sum1, 0) + f64x2.extract_lane(sum1, 1))
    const c2 = scale * (f64x2.extract_lane(sum2, 0) + f64x2.extract_lane(sum2, 1))
    most0 = max(most0, abs(c0))
    most1 = max(most1, abs(c1))
    most2 = max(most2, abs(c2))
    store<f32>(to, <f32>c0)
    store<f32>(to, <f32>c1, 4)
    store<f32>(to, <f32>c2, 8)
    if (abs(c0) > NEGLIGIBLE * most0 || abs(c1) > NEGLIGIBLE * most1 || abs(c2) > NEGLIGIBLE * most2) length = k + 1
  }
  store<i32>(at, length)
}

/** Sums of each pair of nodes that lie opposite to the lower half, differences to the upper. */
function fold(values: usize, n: i32): void {
  const end = (<usize>n) << 2
  for (let f = 0; f < 3; f++, values += <usize>MOST * 8) {
    // the upper half is in falling order, and what it gets in rising: so both halves are turned about first
    for (let i = values + end, j = values + 2 * end - 8; i < j; i += 8, j -= 8) {
      const a = load<f64>(i)
      store<f64>(i, load<f64>(j))
      store<f64>(j, a)
    }
    for (let i = values; i < values + end; i += 8) {
      const a = load<f64>(i)
      const b = load<f64>(i + end)
      store<f64>(i, a + b)
      store<f64>(i + end, a - b)
    }
  }
}
