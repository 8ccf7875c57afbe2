/**
 * What the exact solvers keep of a filterbank: the bands that have bins, and of every run what its first and last bin
 * say about all of it.
 *
 * Run k (0 ... nBands) holds the bins between the centres of bands k-1 and k, so the bins of run 0 and of the last have
 * one weight. There the other is filled up to 1, as if a band lay beyond, whose multiplier is pinned: then the two
 * weights add up to 1 in every run and are linear in the bin. Bands without bins are left out: nothing reaches them.
 */
import { Filterbank } from './filterbank'


@unmanaged
export class ExactBank {
  nBins: i32
  /** Bands that have bins, and bands of the input. */
  nBands: i32
  nRows: i32
  /** Bins below and above all bands. */
  lead: i32
  tail: i32
  /** i32 [nBands]: the row of each band in the input. */
  rows: usize
  /** f32 [nBins - lead - tail][2]: weights in the lower and the upper band of the bin's run. */
  weights: usize
  /** i32 [nBands + 1]: bins of each run. */
  runs: usize
  /** {@link RUN} for every run. */
  shape: usize
  /** f64 [nBands + 1][2]: least and greatest upper weight over lower weight in a run. */
  ratios: usize
  /** f32 [nBands]: 1 over the sum of the band's weights. */
  density: usize
  /** f32 [nBands][2]: the factor of F^T F, 1 / pivot and off-diagonal / pivot. */
  gram: usize
}

/** Bytes of a run in `shape`, and where in it, all f32. */
export const RUN: usize = 32
/** Weights of the first bin. */
export const FIRST_LO: usize = 0
export const FIRST_HI: usize = 4
/** Weights of the last bin. */
export const LAST_LO: usize = 8
export const LAST_HI: usize = 12
/** By how much the upper weight grows from bin to bin. */
export const SLOPE: usize = 16
/** Sums of lo lo, lo hi and hi hi. */
export const GRAM_LO: usize = 20
export const GRAM_MID: usize = 24
export const GRAM_HI: usize = 28

/** What keeps F^T F from being singular, where a run has a single bin. */
const EPS: f32 = 1e-6

const HEADER: usize = (offsetof<ExactBank>() + 15) & ~15

/** Bytes that {@link exactBank} needs. */
export function exactBankBytes(bank: usize): usize {
  const from = changetype<Filterbank>(bank)
  return HEADER + <usize>from.nBins * 8 + (<usize>from.nBands + 1) * (RUN + 40)
}

/** Draws up the plan of a bank at `at`. */
export function exactBank(at: usize, bank: usize): void {
  const from = changetype<Filterbank>(bank)
  const to = changetype<ExactBank>(at)
  const n = <usize>from.nBands + 1
  to.nBins = from.nBins
  to.nRows = from.nBands
  to.ratios = at + HEADER
  to.shape = to.ratios + (n << 4)
  to.weights = to.shape + n * RUN
  to.runs = to.weights + ((<usize>from.nBins) << 3)
  to.rows = to.runs + (n << 2)
  to.density = to.rows + (n << 2)
  to.gram = to.density + (n << 2)
  keepBands(to, from)
  keepBins(to, from)
  measureRuns(to)
  factorGram(to)
}

function addTo(p: usize, x: f32): void {
  store<f32>(p, load<f32>(p) + x)
}

/** Finds the bands that have bins, by the sum of their weights. */
function keepBands(to: ExactBank, from: Filterbank): void {
  memory.fill(to.density, 0, (<usize>from.nBands) << 2)
  let w = from.weights
  for (let k = 0; k <= from.nBands; k++) {
    const band = to.density + ((<usize>k) << 2)
    for (let i = load<i32>(from.runs + ((<usize>k) << 2)); i > 0; i--, w += 8) {
      if (k > 0) addTo(band - 4, load<f32>(w))
      if (k < from.nBands) addTo(band, load<f32>(w, 4))
    }
  }
  let kept = 0
  for (let k = 0; k < from.nBands; k++) {
    const sum = load<f32>(to.density + ((<usize>k) << 2))
    if (!(sum > 0)) continue
    store<i32>(to.rows + ((<usize>kept) << 2), k)
    store<f32>(to.density + ((<usize>kept) << 2), <f32>1 / sum)
    kept++
  }
  to.nBands = kept
}

/** Deals the bins to the runs between the bands that are kept, and fills up the weights of the outer runs. */
function keepBins(to: ExactBank, from: Filterbank): void {
  const n = to.nBands
  memory.fill(to.runs, 0, (<usize>n + 1) << 2)
  to.lead = n == 0 ? from.nBins : 0
  to.tail = 0
  if (n == 0) return
  let w = from.weights
  let out = to.weights
  let run = 0
  for (let k = 0; k <= from.nBands; k++) {
    // the first kept band whose centre is not below the run
    while (run < n && load<i32>(to.rows + ((<usize>run) << 2)) < k) run++
    const length = to.runs + ((<usize>run) << 2)
    for (let i = load<i32>(from.runs + ((<usize>k) << 2)); i > 0; i--, w += 8) {
      let lo = k > 0 ? load<f32>(w) : 0
      let hi = k < from.nBands ? load<f32>(w, 4) : 0
      if (lo == 0 && hi == 0) {
        if (run == 0) to.lead++
        else to.tail++
        continue
      }
      if (run == 0) lo = <f32>1 - hi
      else if (run == n) hi = <f32>1 - lo
      store<f32>(out, lo)
      store<f32>(out, hi, 4)
      out += 8
      store<i32>(length, load<i32>(length) + 1)
    }
  }
}

function measureRuns(to: ExactBank): void {
  let w = to.weights
  for (let k = 0; k <= to.nBands; k++) {
    const n = load<i32>(to.runs + ((<usize>k) << 2))
    const shape = to.shape + <usize>k * RUN
    const ratios = to.ratios + ((<usize>k) << 4)
    memory.fill(shape, 0, RUN)
    let least = <f64>Infinity
    let most: f64 = 0
    for (let i = 0; i < n; i++, w += 8) {
      const lo = load<f32>(w)
      const hi = load<f32>(w, 4)
      const at = i == 0 ? shape : shape + LAST_LO
      store<f32>(at, lo)
      store<f32>(at, hi, 4)
      if (n == 1) {
        store<f32>(shape, lo, LAST_LO)
        store<f32>(shape, hi, LAST_HI)
      }
      addTo(shape + GRAM_LO, lo * lo)
      addTo(shape + GRAM_MID, lo * hi)
      addTo(shape + GRAM_HI, hi * hi)
      const ratio = <f64>hi / max(<f64>lo, 1e-30)
      least = min(least, ratio)
      most = max(most, ratio)
    }
    if (n > 1) store<f32>(shape, (load<f32>(shape, LAST_HI) - load<f32>(shape, FIRST_HI)) / <f32>(n - 1), SLOPE)
    store<f64>(ratios, least)
    store<f64>(ratios, most, 8)
  }
}

function factorGram(to: ExactBank): void {
  let off: f32 = 0
  let c: f32 = 0
  for (let k = 0; k < to.nBands; k++) {
    const lower = to.shape + <usize>k * RUN
    const upper = lower + RUN
    const d = load<f32>(lower, GRAM_HI) + load<f32>(upper, GRAM_LO) + EPS
    const pivot = max<f32>(d - off * c, EPS)
    off = load<f32>(upper, GRAM_MID)
    c = off / pivot
    const to_ = to.gram + ((<usize>k) << 3)
    store<f32>(to_, <f32>1 / pivot)
    store<f32>(to_, c, 4)
  }
}
