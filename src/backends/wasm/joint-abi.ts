/** What assembly/sound.ts exports for going from bands to sound: pointers and byte counts in, numbers out. */
import type { SolveCore } from './solve-abi.ts'

/** The filterbank and maximum entropy, as the solvers' core has them. */
type Shared = Pick<SolveCore, 'filterbankBytes' | 'filterbank' | 'filterbankDense' | 'exactBankBytes' | 'exactBank'> &
  Pick<SolveCore, 'exactRoomBytes' | 'exactRoom' | 'maxent'>

/** Phase gradient heap integration. */
type PhaseCore = {
  windowGamma(window: number, length: number): number
  pghiBytes(n: number, frames: number): number
  pghiPlan(at: number, n: number, hop: number, frames: number, gamma: number): void
  pghi(
    at: number,
    spectra: number,
    stride: number,
    count: number,
    root: number,
    least: number,
    seed: number,
    first: number,
    known: number,
    phases: number,
  ): void
  pghiRandom(phases: number, stride: number, count: number, seed: number, first: number, bins: number): void
}

/** Pitch from bands and waveform. */
type PitchCore = {
  pitchBytes(bank: number, n: number, sampleRate: number, length: number): number
  pitchPlan(
    at: number,
    bank: number,
    n: number,
    hop: number,
    sampleRate: number,
    power: number,
    window: number,
    length: number,
  ): void
  pitchPeak(at: number, peak: number): void
  pitchScores(at: number, list: number, bark: number, stride: number, out: number): void
  pitchTrackBytes(frames: number): number
  pitchTrackStart(track: number, frames: number): void
  pitchTrackPush(track: number, scores: number, count: number): void
  pitchTrackEnd(track: number, f0: number, voicing: number): void
  pitchSlope(f0: number, slope: number, frames: number): void
  pitchComb(at: number, rows: number, stride: number, count: number, f0: number, slope: number, voicing: number): void
}

export type JointExports = Shared &
  PhaseCore &
  PitchCore & {
    jointBankBytes(exact: number): number
    jointBank(at: number, exact: number, width: number): void
    jointDensities(bank: number, out: number): void
    jointBands(
      bark: number,
      rows: number,
      stride: number,
      count: number,
      scale: number,
      least: number,
      mask: number,
    ): void
    jointPrior(
      bank: number,
      bark: number,
      spectra: number,
      stride: number,
      count: number,
      least: number,
      logs: number,
    ): void
    jointBytes(bank: number, n: number, hop: number, groups: number): number
    jointPlan(
      at: number,
      bank: number,
      stft: number,
      edge: number,
      margin: number,
      pad: number,
      power: number,
      isHeld: boolean,
      tolerance: number,
    ): void
    jointBegin(
      at: number,
      istft: number,
      n: number,
      hop: number,
      frames: number,
      samples: number,
      first: number,
      groups: number,
    ): void
    jointSignal(at: number): number
    jointSlide(at: number, groups: number): void
    jointLoad(
      at: number,
      group: number,
      spectra: number,
      phases: number,
      bark: number,
      mask: number,
      stride: number,
      count: number,
    ): void
    jointStep(
      at: number,
      group: number,
      count: number,
      kind: number,
      isDual: boolean,
      isLast: boolean,
      pull: number,
      momentum: number,
    ): void
    jointMiss(at: number, group: number, count: number, told: number): void
    jointScores(
      at: number,
      pitch: number,
      group: number,
      count: number,
      bark: number,
      stride: number,
      out: number,
    ): void
  }
