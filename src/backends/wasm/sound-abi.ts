import type { JointExports } from './joint-abi.ts'
import type { Core } from './solve-abi.ts'
import type { StreamExports } from './stream-abi.ts'

/** assembly/sound.ts: the same, for transforms. */
export type SoundCore = Core &
  JointExports &
  StreamExports & {
    window(at: number, kind: number, n: number, periodic: boolean, alpha: number, beta: number): void
    fftBytes(n: number): number
    fftPlan(at: number, n: number): void
    fftInput(at: number): number
    fftStep(at: number): number
    fftForward(at: number): number
    fftInverse(at: number): number
    stftBytes(n: number): number
    stftPlan(at: number, n: number, window: number, length: number, scaling: number): number
    stftTransform(at: number): number
    stftFrames(list: number, samples: number, hop: number, count: number): number
    stft(at: number, list: number, count: number, out: number, stride: number, power: number): void
    stftMirror(at: number, out: number, stride: number, isComplex: boolean): void
    istftBytes(n: number, hop: number, frames: number): number
    istftPlan(
      at: number,
      fft: number,
      n: number,
      hop: number,
      frames: number,
      window: number,
      length: number,
      scaling: number,
    ): void
    istftReaches(at: number, from: number, to: number): boolean
    istft(at: number, spectra: number, stride: number, count: number, sums: number): void
    istftSettle(at: number, sums: number, out: number, frame: number, count: number): void
    randomBytes(): number
    randomSeed(state: number, seed: number): void
    griffinLimBytes(n: number, hop: number, groups: number): number
    griffinLimPlan(
      at: number,
      stft: number,
      istft: number,
      n: number,
      hop: number,
      frames: number,
      samples: number,
      groups: number,
      iterations: number,
      momentum: number,
    ): void
    griffinLimLoad(at: number, group: number, from: number, stride: number, count: number, power: number): void
    griffinLimRows(random: number, rows: number, count: number, frames: number): void
    griffinLimDraw(at: number, group: number, count: number, rows: number, isOne: boolean): void
    griffinLimRun(at: number, iteration: number, group: number, count: number): void
    griffinLimSignal(at: number): number
    griffinLimSlide(at: number, groups: number): void
  }
