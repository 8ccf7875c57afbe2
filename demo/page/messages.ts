/** What the page and its worker say to each other. */
import type { Report, SolverName, SoundReport } from 'unbark'
import type { BandFit, Likeness } from '../../src/cli/quality.ts'
import type { Settings } from './settings.ts'

/** What was opened. */
export interface Source {
  kind: 'sound' | 'bands'
  channels: number
  /** Samples, or frames of bands. */
  length: number
  /** Hz; of bands what was assumed. */
  sampleRate: number
  bands?: number
  warnings: string[]
}

export type PanelName = 'original' | 'bark' | 'inverted'
/** What the third panel shows. */
export type Third = 'inverted' | 'sound' | 'difference'
export type AxisName = 'hz' | 'bark'

/** A part of the plane of time and frequency: 0 to 1 of each, in the units of the axis. */
export interface Window {
  from: number
  to: number
  low: number
  high: number
}

export interface PaintRequest {
  window: Window
  axis: AxisName
  third: Third
  /** Device pixels of a panel. */
  width: number
  height: number
  channel: number
}

/** Colours of a panel, RGBA; none where there is nothing to show yet. */
export type Painted = Record<PanelName, ArrayBuffer | undefined>

/** The place of a reading: 0 to 1 of the whole. */
export interface Place {
  time: number
  frequency: number
}
/** Decibels under the loudest; undefined where there is nothing. */
export interface Reading {
  hz: number
  bark: number
  band: number
  levels: Record<PanelName, number | undefined>
  difference: number | undefined
}

/** What the axes span, and how much there is. */
export interface Extent {
  seconds: number
  frames: number
  hz: number
  bark: number
  lowestBark: number
  channels: number
}

export interface Step {
  stage: string
  /** 0 to 1. */
  part: number
  iteration: number
  of: number
  loss: number | null
}

/** What is told on the way. */
export type News =
  | { is: 'step'; step: Step }
  | { is: 'shown'; panel: PanelName | 'sound'; extent: Extent }
  | { is: 'solved'; solved: Solved }
  | { is: 'sounded'; sounded: Sounded }
  | { is: 'likeness'; of: 'inverted' | 'sound'; likeness: Likeness }
  | { is: 'row'; row: Row }
  | { is: 'warning'; text: string }

export interface Solved {
  report: Report
  /** Of all channels. */
  frames: number
  /** Points of a curve: loss by iteration of sgd, by frame of an exact solver. */
  curve: { of: 'iteration' | 'frame'; points: Float64Array }
}
export interface Sounded {
  report: SoundReport
  samples: number
  channels: number
  sampleRate: number
}
export interface Row {
  solver: SolverName
  elapsedMs: number
  iterations: number
  fit: BandFit
  likeness: Likeness | undefined
  /** Colours of the size that was asked for, RGBA. */
  picture: ArrayBuffer
}

export type File = 'wav' | 'npy-original' | 'npy-bark' | 'npy-inverted'

/** What the worker can be asked to do. */
export interface Calls {
  open(blob: Blob, isBands: boolean): Source
  /** Samples that the platform decoded come a piece at a time. */
  begin(channels: number, length: number, sampleRate: number): void
  samples(channel: number, at: number, values: Float32Array): void
  end(): Source
  run(settings: Settings): void
  compare(settings: Settings, request: PaintRequest): void
  cancel(): void
  paint(request: PaintRequest): Painted
  read(place: Place, third: Third, axis: AxisName, channel: number): Reading | undefined
  /** A piece of the sound, of as many samples as there are. */
  listen(which: 'original' | 'result', channel: number, from: number, count: number): Float32Array
  file(which: File): Blob
}
export type CallName = keyof Calls

export interface Call {
  id: number
  name: CallName
  args: unknown[]
}
export type Answer =
  | { id: number; result: unknown }
  | { id: number; error: { name: string; message: string } }
  | { id?: undefined; news: News }
