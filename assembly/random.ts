/**
 * Uniform random numbers as `torch.manual_seed(seed); torch.rand(n)` draws them on the CPU: MT19937
 * (M. Matsumoto, T. Nishimura, "Mersenne Twister", ACM TOMACS 8 (1998), 3-30), the low 24 bits of a draw over 2^24.
 */

const N: i32 = 624
const M: i32 = 397

/** Bytes of a generator's state: 624 words and the index of the next. */
export function randomBytes(): usize {
  return (N + 1) << 2
}

/** Seeds the generator at `state`. */
export function randomSeed(state: usize, seed: u32): void {
  store<u32>(state, seed)
  for (let i = 1; i < N; i++) {
    seed = 1812433253 * (seed ^ (seed >> 30)) + i
    store<u32>(state + ((<usize>i) << 2), seed)
  }
  store<i32>(state + (N << 2), N)
}

// @ts-ignore: decorator
@inline
function mix(state: usize, i: i32, next: i32, far: i32): void {
  const p = state + ((<usize>i) << 2)
  const y = (load<u32>(p) & 0x80000000) | (load<u32>(state + ((<usize>next) << 2)) & 0x7fffffff)
  store<u32>(p, load<u32>(state + ((<usize>far) << 2)) ^ (y >> 1) ^ (-(y & 1) & 0x9908b0df))
}

function refill(state: usize): void {
  for (let i = 0; i < N - M; i++) mix(state, i, i + 1, i + M)
  for (let i = N - M; i < N - 1; i++) mix(state, i, i + 1, i + M - N)
  mix(state, N - 1, 0, M - 1)
}

/** Draws `count` floats in [0, 1) and stores them from `out` on, `stride` bytes apart. */
export function randomFill(state: usize, out: usize, stride: usize, count: i32): void {
  const index = state + (N << 2)
  let i = load<i32>(index)
  for (; count > 0; count--) {
    if (i == N) {
      refill(state)
      i = 0
    }
    let y = load<u32>(state + ((<usize>i) << 2))
    i++
    y ^= y >> 11
    y ^= (y << 7) & 0x9d2c5680
    y ^= (y << 15) & 0xefc60000
    y ^= y >> 18
    store<f32>(out, <f32>(y & 0xffffff) * <f32>(1.0 / 16777216.0))
    out += stride
  }
  store<i32>(index, i)
}
