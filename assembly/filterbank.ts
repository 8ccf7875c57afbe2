/**
 * The triangular filterbank, built as torchaudio.functional builds it and stored compactly.
 *
 * Between the centres of bands k-1 and k every bin has at most two non-zero weights, in those two bands. So a bank is
 * a list of *runs*: run k (0 ... nBands) holds the bins from the centre of band k-1 to the centre of band k, and each
 * bin stores (weight in band k-1, weight in band k). Bins that no band covers have two zeros. Within a run the two
 * weights add up to 1, up to a gain per band: all gains are 1 for Bark, and the weights already carry them.
 */
import { barkToHzFloat32, hzToBark } from './bark'


@unmanaged
export class Filterbank {
  nBins: i32
  nBands: i32
  /** f32 [nBins][2]: the weight in the lower and in the upper band of the bin's run. */
  weights: usize
  /** i32 [nBands + 1]: how many bins each run has. */
  runs: usize
  /** f32 [nBands]: what the weights of a band are multiplied by, over those of a unit-height triangle. */
  gains: usize
  /** f32 [nBands + 2]: edge, centres and edge of the bands in Hz. */
  points: usize
}

const HEADER: usize = (offsetof<Filterbank>() + 15) & ~15

/** Bytes that {@link filterbank} needs at `bank`. */
export function filterbankBytes(nBins: i32, nBands: i32): usize {
  return HEADER + <usize>nBins * 8 + (<usize>nBands + 2) * 12
}

/** Point i of `torch.linspace(start, end, n)`: counted from the nearer end, each point rounded to float32 once. */
// @ts-ignore: decorator
@inline
function linspace(start: f32, end: f32, n: i32, i: i32): f32 {
  if (n == 1) return start
  const step = (end - start) / <f32>(n - 1)
  return i < n >> 1 ? <f32>(<f64>start + <f64>step * i) : <f32>(<f64>end - <f64>step * (n - 1 - i))
}

/** Weight of a bin at `hz` in the band with the edges and centre `points[band ... band + 2]`. */
function triangle(points: usize, band: i32, hz: f32): f32 {
  const p = points + ((<usize>band) << 2)
  const a = load<f32>(p)
  const b = load<f32>(p, 4)
  const c = load<f32>(p, 8)
  const rising = (<f32>-1.0 * (a - hz)) / (b - a)
  const falling = (c - hz) / (c - b)
  const weight = min(rising, falling)
  return weight > 0 ? weight : 0
}

/**
 * Upstream's defect, kept unless `corrected`: the correction above 20.1 Bark is applied on the way back to Hz only if
 * no point at all lies below 2 Bark. The topmost points come out too high, and past the pole at 26.28 Bark negative.
 */
function fillPoints(bank: Filterbank, fMin: f64, fMax: f64, scale: i32, corrected: bool): void {
  const n = bank.nBands + 2
  const first = <f32>hzToBark(fMin, scale)
  const last = <f32>hzToBark(fMax, scale)
  let anyLow = false
  for (let i = 0; i < n; i++) if (linspace(first, last, n, i) < 2) anyLow = true
  for (let i = 0; i < n; i++) {
    const hz = barkToHzFloat32(linspace(first, last, n, i), i, n, scale, true, corrected || !anyLow)
    store<f32>(bank.points + ((<usize>i) << 2), hz)
  }
}

/** Whether a bin lies at or above the centre of a band. Points past the pole are below -1960 Hz: no bin reaches them. */
// @ts-ignore: decorator
@inline
function isBeyond(hz: f32, centre: f32): bool {
  return hz >= centre && centre > -1960
}

/**
 * Builds the bank at `at`, in {@link filterbankBytes} bytes.
 * @param sampleRate in Hz; the bins run from 0 to sampleRate // 2, both included
 * @param scale TRAUNMULLER, SCHROEDER or WANG
 * @returns how many bands have no bin
 */
export function filterbank(
  at: usize,
  nBins: i32,
  fMin: f64,
  fMax: f64,
  nBands: i32,
  sampleRate: f64,
  scale: i32,
  corrected: bool,
): i32 {
  const bank = changetype<Filterbank>(at)
  bank.nBins = nBins
  bank.nBands = nBands
  bank.weights = at + HEADER
  bank.runs = bank.weights + ((<usize>nBins) << 3)
  bank.gains = bank.runs + ((<usize>nBands + 1) << 2)
  bank.points = bank.gains + ((<usize>nBands) << 2)
  fillPoints(bank, fMin, fMax, scale, corrected)
  memory.fill(bank.runs, 0, (<usize>nBands + 1) << 2)
  for (let k = 0; k < nBands; k++) store<f32>(bank.gains + ((<usize>k) << 2), 1)

  const nyquist = <f32>Math.floor(sampleRate / 2)
  let run = 0
  for (let f = 0; f < nBins; f++) {
    const hz = linspace(0, nyquist, nBins, f)
    while (run < nBands && isBeyond(hz, load<f32>(bank.points + ((<usize>run + 1) << 2)))) run++
    const weight = bank.weights + ((<usize>f) << 3)
    store<f32>(weight, run > 0 ? triangle(bank.points, run - 1, hz) : 0)
    store<f32>(weight, run < nBands ? triangle(bank.points, run, hz) : 0, 4)
    const length = bank.runs + ((<usize>run) << 2)
    store<i32>(length, load<i32>(length) + 1)
  }
  return emptyBands(bank)
}

function emptyBands(bank: Filterbank): i32 {
  let empty = 0
  let w = bank.weights
  let covered = false
  for (let k = 0; k <= bank.nBands; k++) {
    const end = w + ((<usize>load<i32>(bank.runs + ((<usize>k) << 2))) << 3)
    let next = false
    for (; w < end; w += 8) {
      if (load<f32>(w) > 0) covered = true
      if (load<f32>(w, 4) > 0) next = true
    }
    if (k > 0 && !covered) empty++
    covered = next
  }
  return empty
}

/** The largest row sum of F^T F, which no eigenvalue exceeds (Gershgorin); nor those of F^T D F with D in [0, 1]. */
export function filterbankBound(at: usize): f32 {
  const bank = changetype<Filterbank>(at)
  let w = bank.weights
  let most: f32 = 0
  let above: f32 = 0
  for (let k = 0; k <= bank.nBands; k++) {
    let row = above
    above = 0
    for (let n = load<i32>(bank.runs + ((<usize>k) << 2)); n > 0; n--, w += 8) {
      const wl = load<f32>(w)
      const wh = load<f32>(w, 4)
      row += wl * (wl + wh)
      above += wh * (wl + wh)
    }
    most = max(most, row)
  }
  return most
}

/** Writes the bank as a matrix, f32 [nBins][nBands], at `out`. */
export function filterbankDense(at: usize, out: usize): void {
  const bank = changetype<Filterbank>(at)
  const row = (<usize>bank.nBands) << 2
  memory.fill(out, 0, row * <usize>bank.nBins)
  let w = bank.weights
  for (let k = 0; k <= bank.nBands; k++) {
    for (let n = load<i32>(bank.runs + ((<usize>k) << 2)); n > 0; n--) {
      if (k > 0) store<f32>(out + ((<usize>(k - 1)) << 2), load<f32>(w))
      if (k < bank.nBands) store<f32>(out + ((<usize>k) << 2), load<f32>(w, 4))
      w += 8
      out += row
    }
  }
}
