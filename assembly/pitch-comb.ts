/**
 * What a pitch says of a spectrum: the smooth envelope times a comb, the window's main lobe at every harmonic, wider
 * where the pitch moves, over its mean. The comb fades out towards 6 kHz and with the voicing.
 */
import { exp2, log2 } from './lanes'
import { HARMONIC_END, harmonicShare, PitchPlan, raise } from './pitch-plan'
import { lanes } from './istft'

/** The most that voicing takes from the envelope. */
const MOST: f32 = 0.95
/** What is left between harmonics, in magnitude, and what a harmonic is at most times the envelope. */
const BETWEEN: f64 = 0.03
const HIGHEST_TOOTH: f32 = 30
/** -1 / (2 ln 2): exp(-x / 2) is 2^(HALF_LOG2 x). */
const HALF_LOG2: f32 = -0.7213475204444817
/** The leading 12 bits of a number, which times a whole one up to 4096 is exact. */
const LEADING: i32 = 0xfffff000

/**
 * Multiplies columns by their combs, in place.
 * @param rows f32 [bin][stride], spectra to the plan's power, at the first column
 * @param stride bytes of a row
 * @param count columns; those up to a multiple of four are read and written
 * @param f0 f32 [count], in Hz
 * @param slope f32 [count]: |df0| from frame to frame
 * @param voicing f32 [count], 0 to 1
 */
export function pitchComb(
  at: usize,
  rows: usize,
  stride: usize,
  count: i32,
  f0: usize,
  slope: usize,
  voicing: usize,
): void {
  const plan = changetype<PitchPlan>(at)
  for (; count > 0; count -= 4, rows += 16, f0 += 16, slope += 16, voicing += 16) {
    const voice = v128.and(f32x4.mul(v128.load(voicing), f32x4.splat(MOST)), lanes(count))
    if (!v128.any_true(f32x4.gt(voice, f32x4.splat(0)))) continue
    const moved = f32x4.mul(v128.load(slope), f32x4.splat(<f32>plan.smear))
    if (plan.power == 1) combColumns(plan, rows, stride, v128.load(f0), moved, voice, 1)
    else if (plan.power == 2) combColumns(plan, rows, stride, v128.load(f0), moved, voice, 2)
    else combColumns(plan, rows, stride, v128.load(f0), moved, voice, 0)
  }
}

/** @param kind the power where it is 1 or 2, a constant to the compiler; 0 where it is another */
// @ts-ignore: decorator
@inline
function combColumns(plan: PitchPlan, p: usize, stride: usize, f0: v128, moved: v128, voice: v128, kind: i32): void {
  const one = f32x4.splat(1)
  const isVoiced = f32x4.gt(voice, f32x4.splat(0))
  const perF0 = f32x4.div(one, f0)
  // f0 in two parts: what a bin is off its harmonic is then exact, however high
  const high = v128.and(f0, i32x4.splat(LEADING))
  const low = f32x4.sub(f0, high)
  const lobe = f32x4.splat(<f32>(plan.lobe * plan.lobe))
  const power = f32x4.splat(<f32>plan.power)
  const between = f32x4.splat(<f32>raise(BETWEEN, plan.power))
  const toMean = f32x4.mul(f32x4.splat(<f32>Math.sqrt((2 * Math.PI) / plan.power)), perF0)
  for (let f = 0; f < plan.bins; f++, p += stride) {
    const hz = <f64>f * plan.spacing
    if (hz >= HARMONIC_END) break
    const hzHigh = <f32>hz
    const h = f32x4.pmax(one, f32x4.nearest(f32x4.mul(f32x4.splat(hzHigh), perF0)))
    const spread = f32x4.mul(h, moved)
    const square = f32x4.add(lobe, f32x4.mul(spread, spread))
    const off = f32x4.add(
      f32x4.sub(f32x4.splat(hzHigh), f32x4.mul(h, high)),
      f32x4.sub(f32x4.splat(<f32>(hz - <f64>hzHigh)), f32x4.mul(h, low)),
    )
    const factor = f32x4.div(f32x4.splat(HALF_LOG2), square)
    const below = v128.and(tooth(f32x4.add(off, f0), factor), f32x4.gt(h, one))
    const teeth = f32x4.add(f32x4.add(tooth(off, factor), tooth(f32x4.sub(off, f0), factor)), below)
    const raised = kind == 1 ? teeth : kind == 2 ? f32x4.mul(teeth, teeth) : exp2(f32x4.mul(power, log2(teeth)))
    const mean = f32x4.add(f32x4.mul(toMean, f32x4.sqrt(square)), between)
    const comb = f32x4.pmin(f32x4.splat(HIGHEST_TOOTH), f32x4.div(f32x4.add(raised, between), mean))
    const share = f32x4.mul(voice, f32x4.splat(<f32>harmonicShare(hz)))
    const times = f32x4.add(f32x4.sub(one, share), f32x4.mul(share, comb))
    v128.store(p, f32x4.mul(v128.load(p), v128.bitselect(times, one, isVoiced)))
  }
}

// @ts-ignore: decorator
@inline
function tooth(off: v128, factor: v128): v128 {
  return exp2(f32x4.mul(f32x4.mul(off, off), factor))
}
