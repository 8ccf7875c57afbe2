/** What a picture is made of, in pixels from its upper left corner; each renderer draws these and nothing else. */
import type { Weight } from './lettering.ts'

/** A filled rectangle; lines are thin ones. `ink` is from 0 (white) to 1 (black). */
export interface Box {
  kind: 'box'
  x: number
  y: number
  width: number
  height: number
  ink: number
}

/** One line of text; `y` is its baseline. `upwards` turns it to be read from below, `x` is then its baseline. */
export interface Text {
  kind: 'text'
  x: number
  y: number
  text: string
  weight: Weight
  align: 'start' | 'middle' | 'end'
  upwards: boolean
  ink: number
}

/** A spectrogram [rows, columns], low rows at the bottom, from `peak` (in power) down over RANGE_DB. */
export interface Cells {
  kind: 'cells'
  x: number
  y: number
  width: number
  height: number
  data: Float32Array
  rows: number
  columns: number
  isPower: boolean
  peak: number
}

/** All colours, the loudest at the top. */
export interface Ramp {
  kind: 'ramp'
  x: number
  y: number
  width: number
  height: number
}

export type Shape = Box | Text | Cells | Ramp

export interface Scene {
  width: number
  height: number
  /** What the picture shows, in words. */
  title: string
  shapes: Shape[]
}
