/** Pseudo-random numbers, the same at every run. */
export interface Random {
  /** In [0, 1). */
  uniform(): number
  /** Mean 0, deviation 1. */
  normal(): number
  /** 0 to n - 1. */
  below(n: number): number
}

/** Mulberry32 (Tommy Ettinger, 2017). */
export function random(seed: number): Random {
  let state = seed >>> 0
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let x = state
    x = Math.imul(x ^ (x >>> 15), x | 1)
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61)
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    uniform,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    below: (n) => Math.floor(n * uniform()),
  }
}
