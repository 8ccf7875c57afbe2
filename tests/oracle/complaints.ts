/** What is wrong with a result of an exact solver, against the oracle and by its own optimality conditions. */
import { distance } from '../fixture.ts'
import { type Bank, bandsOf } from './bank.ts'
import { leastSquaresKkt, misses } from './kkt.ts'
import { maxent } from './maxent.ts'
import { dot, nnls } from './nnls.ts'
import type { Problem } from './problems.ts'
import type { Reachable } from './reachable.ts'

/** Each figure beside what it may be at most. */
type Oracle = Reachable & { spectrum: Float64Array }
type Figures = Record<string, [is: number, most: number]>

export function complaints(
  solver: 'nnls' | 'maxent',
  bank: Bank,
  { name, bark }: Problem,
  result: Float32Array,
  start?: Float32Array,
): string[] {
  if (!result.every((x) => x >= 0 && x < Infinity)) return ['a value that is negative or not finite']
  const oracleOn = (b: ArrayLike<number>): Oracle => (solver === 'nnls' ? nnls : maxent)(bank, b, start)
  const oracle = oracleOn(bark)
  // of bins outside all bands a silent frame may keep what the start has, or not
  const isFree = start !== undefined && oracle.bands.every((y) => y === 0)
  const spectrum = result.map((x, f) => (isFree && bank.band[f]! < 0 ? start![f]! : x))
  const kkt = leastSquaresKkt(bank, bark, spectrum)
  const size = dot(bark, bark) || 1
  const off = misses(bank, oracle.bands, spectrum)
  const figures: Figures = {
    'loss above the optimum, of |b|^2': [(kkt.loss - dot(oracle.residual, oracle.residual)) / size, 1e-6],
    'descent left': [kkt.descent, 1e-5],
    complementarity: [kkt.complementarity, 1e-5],
    'band off, of the peak': [off.ofPeak, 1e-5],
  }
  const [what, measure, most] = SAME[solver]
  // at the edge of what can be reached a change of the bands' last bits may move the answer further than that: there the
  // result has to be the answer to its own bands, which are near enough by the figures above
  const near = (of: typeof measure, atMost: number): [number, number] => {
    const away = of(spectrum, oracle.spectrum)
    return [away <= atMost ? away : of(spectrum, oracleOn(bandsOf(bank, spectrum)).spectrum), atMost]
  }
  figures[what] = near(measure, most)
  if (solver === 'nnls') figures["norm above the oracle's"] = near((s, to) => excess(s, to, start), 1e-5)
  // over 12 decades the exponents of bins reach -40, of which float32 holds 2.4e-6 and a band's sum some times that
  else if (isWithinReach(bark, oracle)) figures['band off, relative'] = [off.relative, /1e12/.test(name) ? 3e-5 : 1e-5]
  return Object.entries(figures)
    .filter(([, [is, most]]) => !(is <= most))
    .map(([what, [is, most]]) => `${what} ${is.toExponential(2)}, at most ${most}`)
}

/** How far a result may be from the oracle's. */
const SAME = {
  nnls: ['relative L2', distance, 1e-3],
  // bands are met to 5e-6 of themselves, and so is what is loud in them
  maxent: ['relative L1', distanceL1, 1e-5],
} as const

/** Whether all bands can be met, but for their rounding to float32. */
function isWithinReach(bark: ArrayLike<number>, { residual }: Oracle): boolean {
  return residual.every((r, k) => Math.abs(r) <= 2 ** -23 * bark[k]!)
}

/** How much further from `start` (0) than the nearest minimiser. */
function excess(spectrum: ArrayLike<number>, oracle: ArrayLike<number>, start?: ArrayLike<number>): number {
  const away = (s: ArrayLike<number>): number => {
    let sum = 0
    for (let f = 0; f < s.length; f++) sum += (s[f]! - (start?.[f] ?? 0)) ** 2
    return Math.sqrt(sum)
  }
  const least = away(oracle)
  return (away(spectrum) - least) / (least || 1)
}

function distanceL1(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [off, size] = [0, 0]
  for (let f = 0; f < b.length; f++) {
    off += Math.abs(a[f]! - b[f]!)
    size += b[f]!
  }
  return off / (size || 1)
}
