/** Dense, symmetric, positive definite systems of n in float64: matrices f64 [n][n], vectors f64 [n]. */

// @ts-ignore: decorator
@inline
export function dot(a: usize, b: usize, n: i32): f64 {
  let sum = 0.0
  for (const end = a + ((<usize>n) << 3); a < end; a += 8, b += 8) sum += load<f64>(a) * load<f64>(b)
  return sum
}

/** Puts Cholesky's factor of C in its place, with 1 / its diagonal for the diagonal. Only the lower triangle is read. */
export function factorize(n: i32, c: usize): void {
  const bytes = (<usize>n) << 3
  for (let i = 0; i < n; i++) {
    const row = c + <usize>i * bytes
    for (let j = 0; j < i; j++) {
      const other = c + <usize>j * bytes
      const p = row + ((<usize>j) << 3)
      store<f64>(p, (load<f64>(p) - dot(row, other, j)) * load<f64>(other + ((<usize>j) << 3)))
    }
    const p = row + ((<usize>i) << 3)
    store<f64>(p, 1 / Math.sqrt(load<f64>(p) - dot(row, row, i)))
  }
}

/** x becomes C^-1 x, of the factor of C. */
export function solve(n: i32, c: usize, x: usize): void {
  const bytes = (<usize>n) << 3
  for (let i = 0; i < n; i++) {
    const row = c + <usize>i * bytes
    const p = x + ((<usize>i) << 3)
    store<f64>(p, (load<f64>(p) - dot(row, x, i)) * load<f64>(row + ((<usize>i) << 3)))
  }
  for (let i = n - 1; i >= 0; i--) {
    const row = c + <usize>i * bytes
    const p = x + ((<usize>i) << 3)
    const value = load<f64>(p) * load<f64>(row + ((<usize>i) << 3))
    store<f64>(p, value)
    for (let j: usize = 0; j < (<usize>i) << 3; j += 8) store<f64>(x + j, load<f64>(x + j) - value * load<f64>(row + j))
  }
}
