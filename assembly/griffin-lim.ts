/**
 * A signal from magnitudes: D. W. Griffin, J. S. Lim, "Signal estimation from modified short-time Fourier transform",
 * IEEE Trans. ASSP 32 (1984), 236-243, with the momentum of N. Perraudin, P. Balazs, P. L. Søndergaard, "A fast
 * Griffin-Lim algorithm", WASPAA 2013, as torchaudio.functional.griffinlim has them:
 *
 *     y = istft(S c / (|c| + 1e-16)),   r = stft(y),   c = r - m r_before
 *
 * All of an iteration is done to four frames before the next four, in place: a position of the signal is overwritten
 * once no frame of the iteration will read it again. So the next iteration may follow some frames behind, and only a
 * window over the frames, from the last iteration's to the first's, need be in memory.
 */
import { fftInput } from './fft'
import { ENTRY } from './fft-lanes'
import { offset, spectraAt } from './frame-window'
import { BIN, GriffinLim } from './griffin-lim-window'
import { istftAdd, istftPlaces, istftSettle } from './istft'
import { stftSpectra, stftTransform } from './stft'

/**
 * An iteration on groups of the window, or with `iteration` 0 the signal of the start. It has been done to all groups
 * before, and the one before it to all that these frames reach.
 */
export function griffinLimRun(at: usize, iteration: i32, group: i32, count: i32): void {
  const plan = changetype<GriffinLim>(at)
  const input = fftInput(stftTransform(plan.stft))
  const hop = (<usize>plan.hop) << 2
  const list = memory.data(16)
  for (const end = group + count; group < end; group++) {
    const frame = 4 * group
    const frames = min(4, plan.frames - frame)
    const spectra = spectraAt(plan, group)
    const signal = plan.signal + offset(plan, frame)
    const sums = plan.sums + offset(plan, frame)
    if (iteration == 0) {
      start(spectra, input, plan.n / 2 + 1)
    } else {
      istftPlaces(list, signal, hop, frames)
      turn(spectra, stftSpectra(plan.stft, list), input, plan.n / 2 + 1, plan.momentum)
    }
    istftPlaces(list, sums, hop, frames)
    istftAdd(plan.istft, list)
    istftSettle(plan.istft, sums, signal, frame, frames)
    if (iteration < plan.iterations) mirror(plan, frame, frames)
  }
}

/** S c, with c the start; no r is before it. */
function start(spectra: usize, to: usize, bins: i32): void {
  const zero = f32x4.splat(0)
  for (; bins > 0; bins--, spectra += BIN, to += ENTRY) {
    const s = v128.load(spectra)
    v128.store(to, f32x4.mul(s, v128.load(spectra, 16)))
    v128.store(to, f32x4.mul(s, v128.load(spectra, 32)), 16)
    v128.store(spectra, zero, 16)
    v128.store(spectra, zero, 32)
  }
}

/** S c / (|c| + 1e-16) of c = r - m r_before, with r at `from`. What |c| is below 1e-19 counts as 0. */
function turn(spectra: usize, from: usize, to: usize, bins: i32, momentum: f32): void {
  const m = f32x4.splat(momentum)
  const one = f32x4.splat(1)
  const least = f32x4.splat(1e-16)
  for (; bins > 0; bins--, spectra += BIN, from += ENTRY, to += ENTRY) {
    const rr = v128.load(from)
    const ri = v128.load(from, 16)
    const cr = f32x4.sub(rr, f32x4.mul(m, v128.load(spectra, 16)))
    const ci = f32x4.sub(ri, f32x4.mul(m, v128.load(spectra, 32)))
    v128.store(spectra, rr, 16)
    v128.store(spectra, ri, 32)
    const size = f32x4.sqrt(f32x4.add(f32x4.mul(cr, cr), f32x4.mul(ci, ci)))
    const over = f32x4.div(one, f32x4.add(size, least))
    const s = v128.load(spectra)
    // in this order, as S / 1e-16 may be infinite where c is 0
    v128.store(to, f32x4.mul(f32x4.mul(cr, over), s))
    v128.store(to, f32x4.mul(f32x4.mul(ci, over), s), 16)
  }
}

/** Once the samples are there, the n / 2 beyond either end of the signal, which torch.stft reflects. */
function mirror(plan: GriffinLim, frame: i32, count: i32): void {
  const edge = plan.n / 2
  const last = plan.frames - 1
  const isLast = frame + count > last
  const signal = plan.signal - ((<usize>(4 * plan.first * plan.hop)) << 2)
  const end = edge + plan.samples
  if (isLast) {
    // samples that were asked for and that no frame reaches
    const reached = last * plan.hop + plan.n
    if (reached < end) memory.fill(signal + ((<usize>reached) << 2), 0, (<usize>(end - reached)) << 2)
    const right = signal + ((<usize>end) << 2)
    for (let i: usize = 0; i < (<usize>edge) << 2; i += 4) store<f32>(right + i, load<f32>(right - 8 - i))
  }
  const complete = min((2 * edge) / plan.hop, last)
  if (frame <= complete && complete < frame + count) {
    const left = signal + ((<usize>edge) << 2)
    for (let i: usize = 4; i <= (<usize>edge) << 2; i += 4) store<f32>(left - i, load<f32>(left + i))
  }
}
