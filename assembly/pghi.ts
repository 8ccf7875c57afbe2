/**
 * Phase gradient heap integration: phases for the magnitudes of a short-time transform, whose slopes say how its phase
 * goes on in time and frequency. Z. Prusa, P. Balazs, P. Sondergaard, "A noniterative method for reconstruction of phase
 * from STFT magnitude", IEEE/ACM Transactions on Audio, Speech, and Language Processing 25 (2017), 1154-1164.
 * docs/algorithms.md derives it.
 */
import { makeCells } from './pghi-cells'
import { CELL, LINK, Pghi, pghiBegin, PHASE } from './pghi-plan'
import { walkAll } from './pghi-queue'
import { turns } from './pghi-random'

/**
 * Phases of a block, in turns in [-1/2, 1/2), of transforms whose frames begin with their first sample.
 * @param spectra f32 [bin][stride], finite and not negative; stride in bytes, a multiple of 32
 * @param count of columns, 1 to the plan's
 * @param root 1 / power of the spectra
 * @param least what is below it, or zero, has a random phase, and none goes on through it
 * @param first number of the first column in the whole signal
 * @param known how many of the first columns have their phases, from which the others go on
 * @param phases f32 [bin][stride]
 */
export function pghi(
  at: usize,
  spectra: usize,
  stride: usize,
  count: i32,
  root: f64,
  least: f32,
  seed: u32,
  first: i32,
  known: i32,
  phases: usize,
): void {
  const x = changetype<Pghi>(at)
  pghiBegin(x, spectra, stride, count, root, least)
  makeCells(x, seed, first)
  if (known > 0) takeKnown(x, known, phases, stride)
  walkAll(x, known)
  write(x, known, phases, stride)
}

/** Shuts the known columns but the last, which keeps its buckets to begin from. */
function takeKnown(x: Pghi, known: i32, phases: usize, stride: usize): void {
  const last = known - 1
  let row = x.cells
  for (let f = 0; f < x.bins; f++, row += x.pitch, phases += stride) {
    for (let t = 0; t < last; t++) store<u32>(row + <usize>t * CELL, 1, LINK)
    const phase = <f64>load<f32>(phases + ((<usize>last) << 2)) * 4294967296
    store<i32>(row + <usize>last * CELL, <i32>(<i64>phase), PHASE)
  }
}

/** Writes the columns that were not known. */
function write(x: Pghi, known: i32, phases: usize, stride: usize): void {
  let row = x.cells
  for (let f = 0; f < x.bins; f++, row += x.pitch, phases += stride) {
    let t = known
    for (; t <= x.count - 4; t += 4) {
      const cell = row + <usize>t * CELL + PHASE
      let four = v128.load32_zero(cell)
      four = v128.load32_lane(cell, four, 1, CELL)
      four = v128.load32_lane(cell, four, 2, 2 * CELL)
      four = v128.load32_lane(cell, four, 3, 3 * CELL)
      v128.store(phases + ((<usize>t) << 2), turns(four))
    }
    for (; t < x.count; t++) {
      const one = v128.load32_zero(row + <usize>t * CELL, PHASE)
      v128.store32_lane(phases + ((<usize>t) << 2), turns(one), 0)
    }
  }
}
