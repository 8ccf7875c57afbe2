/**
 * Random phases without a generator's state: a hash of the seed, the bin and the frame's number, so that a signal has
 * the same ones however it is cut into blocks.
 */

/** A permutation of the 32-bit integers without visible bias (C. Wellons, "lowbias32", 2018). */
export function hash(x: u32): u32 {
  x = (x ^ (x >> 16)) * 0x7feb352d
  x = (x ^ (x >> 15)) * 0x846ca68b
  return x ^ (x >> 16)
}

/** The same in four lanes. */
// @ts-ignore: decorator
@inline
export function hashLanes(x: v128): v128 {
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 16)), i32x4.splat(0x7feb352d))
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 15)), i32x4.splat(0x846ca68b))
  return v128.xor(x, i32x4.shr_u(x, 16))
}

/** What the numbers of four frames from `frame` on contribute. */
// @ts-ignore: decorator
@inline
export function frameKeys(frame: i32): v128 {
  return hashLanes(i32x4.add(i32x4.splat(frame), i32x4(0, 1, 2, 3)))
}

/** What a bin contributes. */
// @ts-ignore: decorator
@inline
export function binKey(seed: u32, f: i32): u32 {
  return hash(hash(seed) + f)
}

/** Turns in [-1/2, 1/2) of phases of 2^32 a turn; 24 bits, which float32 holds, or the greatest would round to 1/2. */
// @ts-ignore: decorator
@inline
export function turns(phase: v128): v128 {
  return f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_s(phase, 8)), f32x4.splat(<f32>(1.0 / 16777216.0)))
}

/**
 * Fills `bins` rows of `count` columns with such phases, in turns.
 * @param phases f32 [bin][stride]; stride in bytes, a multiple of 16
 * @param first number of the first column in the whole signal
 */
export function pghiRandom(phases: usize, stride: usize, count: i32, seed: u32, first: i32, bins: i32): void {
  for (let f = 0; f < bins; f++, phases += stride) {
    const key = i32x4.splat(binKey(seed, f))
    for (let t = 0; t < count; t += 4) {
      v128.store(phases + ((<usize>t) << 2), turns(hashLanes(v128.xor(key, frameKeys(first + t)))))
    }
  }
}
