/**
 * What the joint method keeps of a filterbank: for every bin its true weights in the two bands about it, and how the
 * smooth prior is made from the bands (docs/algorithms.md derives both).
 */
import { ExactBank } from './exact-bank'


@unmanaged
export class JointBank {
  nBins: i32
  /** Bands that have bins, as {@link ExactBank} counts them. */
  nBands: i32
  exact: ExactBank
  /** f32 [nBins][4]: weights in the lower and the upper band, their sum, and the prior's factor. */
  bins: usize
  /** f32 [nBins][2]: by which the logarithms of both bands' averages are mixed. */
  mix: usize
  /** i32 [nBands + 1]: bins of each run, where the first and the last that have any hold also those of no band. */
  runs: usize
  /** Bins below the first peak, where the prior falls to the spectrum's lower edge. */
  edge: i32
  /** Whether the first band is narrow enough to tell by itself how far. */
  isNarrow: bool
}

/** Bytes of a bin in `bins`. */
export const WEIGHTS: usize = 16
/** Least factor of the prior. */
const LEAST: f32 = 0.02
/** Hz below which the prior falls, and below which a first band's rising side is narrow. */
const FALL: f64 = 45
const NARROW: f64 = 30

const HEADER: usize = (offsetof<JointBank>() + 15) & ~15

/** Bytes that {@link jointBank} needs. `at` is to be a multiple of 16. */
export function jointBankBytes(exact: usize): usize {
  const from = changetype<ExactBank>(exact)
  return HEADER + <usize>from.nBins * (WEIGHTS + 8) + ((<usize>from.nBands + 1) << 2)
}

/**
 * Draws up the plan at `at`.
 * @param exact from `exactBank`
 * @param width Hz from a bin to the next
 */
export function jointBank(at: usize, exact: usize, width: f64): void {
  const to = changetype<JointBank>(at)
  const from = changetype<ExactBank>(exact)
  to.nBins = from.nBins
  to.nBands = from.nBands
  to.exact = from
  to.bins = at + HEADER
  to.mix = to.bins + <usize>from.nBins * WEIGHTS
  to.runs = to.mix + ((<usize>from.nBins) << 3)
  memory.copy(to.runs, from.runs, (<usize>from.nBands + 1) << 2)
  // bins of no band are as the nearest that has one, and so between the same bands
  addTo(filledRun(to, 0, 1), from.lead)
  addTo(filledRun(to, from.nBands, -1), from.tail)
  copyWeights(to, from)
  shapePrior(to, width)
}

/** The first run from `k` on that has bins. */
function filledRun(to: JointBank, k: i32, step: i32): usize {
  while (k + step >= 0 && k + step <= to.nBands && load<i32>(to.runs + ((<usize>k) << 2)) == 0) k += step
  return to.runs + ((<usize>k) << 2)
}

function addTo(p: usize, count: i32): void {
  store<i32>(p, load<i32>(p) + count)
}

/** The weights of all bins; those that {@link ExactBank} fills up in the outer runs are 0 here. */
function copyWeights(to: JointBank, from: ExactBank): void {
  const n = from.nBands
  const inner = from.nBins - from.lead - from.tail
  let w = from.weights
  memory.fill(to.bins, 0, <usize>from.nBins * WEIGHTS)
  memory.fill(to.mix, 0, (<usize>from.nBins) << 3)
  if (n == 0) return
  let bin = to.bins + <usize>from.lead * WEIGHTS
  let mix = to.mix + ((<usize>from.lead) << 3)
  for (let k = 0; k <= n; k++) {
    for (let i = load<i32>(from.runs + ((<usize>k) << 2)); i > 0; i--, w += 8, bin += WEIGHTS, mix += 8) {
      const lo: f32 = k > 0 ? load<f32>(w) : 0
      const hi: f32 = k < n ? load<f32>(w, 4) : 0
      store<f32>(bin, lo)
      store<f32>(bin, hi, 4)
      store<f32>(bin, lo + hi, 8)
      store<f32>(mix, lo / (lo + hi))
      store<f32>(mix, hi / (lo + hi), 4)
    }
  }
  // bins of no band have the prior of the nearest that has one
  for (let i = 0; i < from.lead; i++) memory.copy(to.mix + ((<usize>i) << 3), to.mix + ((<usize>from.lead) << 3), 8)
  for (let i = from.lead + inner; i < from.nBins; i++) {
    memory.copy(to.mix + ((<usize>i) << 3), to.mix + ((<usize>(from.lead + inner - 1)) << 3), 8)
  }
}

/** Where the bands say little, the prior is less than their average: below the first peak, and above the last. */
function shapePrior(to: JointBank, width: f64): void {
  to.edge = 0
  to.isNarrow = false
  let first = 0
  let rise: f32 = 0
  let before: f32 = 0
  for (let i = 0; i < to.nBins; i++) {
    const cover = load<f32>(to.bins + <usize>i * WEIGHTS, 8)
    store<f32>(to.bins + <usize>i * WEIGHTS, max<f32>(LEAST, cover), 12)
    if (first == i) {
      if (i > 0) rise = max<f32>(rise, cover - before)
      if (cover <= 0.999) first++
    }
    before = cover
  }
  if (first == 0 || first == to.nBins || to.nBands < 2) return
  const side = width / <f64>rise
  to.edge = first
  to.isNarrow = side < NARROW
  for (let i = 0; i < first; i++) {
    const bin = to.bins + <usize>i * WEIGHTS
    store<f32>(bin, <f32>min(1.0, (<f64>load<f32>(bin, 8) * side) / min(side, FALL)), 12)
  }
}

/** Writes 1 over the sum of the weights of each band of the input, 0 where that has no bins: f32 [rows]. */
export function jointDensities(bank: usize, out: usize): void {
  const exact = changetype<JointBank>(bank).exact
  memory.fill(out, 0, (<usize>exact.nRows) << 2)
  for (let k: usize = 0; k < <usize>exact.nBands; k++) {
    store<f32>(out + ((<usize>load<i32>(exact.rows + (k << 2))) << 2), load<f32>(exact.density + (k << 2)))
  }
}
