/** What the pool asks of workers that make sound, and what they answer. Everything here can be posted. */
import type { JointSpec, StageTimes } from '../../joint.ts'
import type { Levels } from './joint-levels.ts'
import type { Voice } from './joint-load.ts'
import type { Part } from './joint-part.ts'
import type { Step } from './joint-schedule.ts'
import type { Remote } from './remote.ts'

/** A signal for one worker. */
export interface WholeTask {
  /** [nBands, frames] */
  bark: Float32Array
  /** [nBins, frames] */
  spectrogram: Float32Array | undefined
  frames: number
  samples: number
  seed: number
}

/** A stage of a part of a signal. */
export interface PartTask {
  part: Part
  steps: Step[]
  levels: Levels
  /** [nBands, frames of the part] */
  bark: Float32Array
  /** [nBins, frames of the part], and what it is to be multiplied by */
  spectrogram: Float32Array | undefined
  spectrogramScale: number
  /** [nBins, frames of the part], in turns; of the first stage. */
  phases: Float32Array | undefined
  /** From the beginning of the part's first frame to the end of its last; of later stages. */
  signal: Float32Array | undefined
  /** Of the part's frames. */
  voice: Voice | undefined
  /** Whether the frames' pitch is to be scored, or else what their bands miss. */
  isScored: boolean
}

export type JointJob =
  | { name: 'start'; module: WebAssembly.Module; spec: JointSpec }
  /** Takes a task on, under a number. */
  | { name: 'whole'; id: number; task: WholeTask }
  | { name: 'part'; id: number; task: PartTask }
  | { name: 'advance'; id: number }
  | { name: 'close'; id: number }

/** Of a signal. */
export interface WholeDone {
  waveform: Float32Array
  bandConvergence: number
  stages: StageTimes
}

/** Of a part. */
export interface PartDone {
  /** Samples counted from the beginning of the first frame of all: where these begin. */
  position: number
  samples: Float32Array
  /** For every group of the part, scores, or the squares of what is missed and of what was asked. */
  scores: Float32Array | undefined
  missed: Float64Array | undefined
  stages: StageTimes
}

/** Of `advance`: the part that is done, or all. */
export type JointAnswer = number | WholeDone | PartDone | undefined

export type JointRemote = Remote<JointJob, JointAnswer>
