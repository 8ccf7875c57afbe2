/**
 * Which steps the joint method takes, in which stages: up to the pitch and after it. docs/algorithms.md tells why; the
 * numbers were tuned on recordings of speech and music.
 */

import type { JointSpec } from '../../joint.ts'

/** The numbers of assembly/joint-steps.ts. */
export const KINDS = { loaded: 0, fresh: 1, first: 2, move: 3, dual: 4 } as const

export interface Step {
  kind: (typeof KINDS)[keyof typeof KINDS]
  isDual: boolean
  isLast: boolean
  pull: number
  momentum: number
}

export interface Schedule {
  /** One, or two with the pitch between them. */
  stages: Step[][]
}

export interface Iterations {
  iterations: number
  pitch: boolean
  isHeld: boolean
  /** Bands that have bins. */
  bands: number
  /** Whether windows overlap by three quarters or more. */
  isDense: boolean
  frames: number
}

/** How far magnitudes are pulled to the prior at first. */
const PULL = 0.1
const MOMENTUM = 0.99
/** The last fifth fills holes, which much momentum keeps open. */
const LESS_MOMENTUM = 0.8
/** Bands from which alternating directions help, where windows overlap much. */
const MANY_BANDS = 64
/** Fewer iterations have no time for the pitch. */
const LEAST = 8

/** @param bands that have bins */
export function scheduleOf(spec: JointSpec, bands: number, frames: number): Schedule {
  const { iterations, pitch, isHeld, hopLength, window } = spec
  return schedule({ iterations, pitch, isHeld, bands, isDense: 4 * hopLength <= window.length, frames })
}

export function schedule(how: Iterations): Schedule {
  const { iterations, isHeld } = how
  const duals = !isHeld && how.bands >= MANY_BANDS && how.isDense ? Math.floor(iterations / 4) : 0
  const hasPitch = how.pitch && !isHeld && iterations >= LEAST && how.frames > 1
  const cut = hasPitch ? duals || (iterations >= 64 ? 16 : Math.round(0.375 * iterations)) : iterations
  const stages = [stage(how, 0, cut, duals, true)]
  if (hasPitch) stages.push(stage(how, cut, iterations, 0, false))
  return { stages }
}

/** Iterations `from` to before `to`, and the step that makes the result. */
function stage({ iterations, isHeld }: Iterations, from: number, to: number, duals: number, isStart: boolean): Step[] {
  const steps: Step[] = []
  for (let k = from; k < to; k++) {
    const pull = isHeld ? 0 : PULL * (1 - (k - from) / (to - from))
    const momentum = isHeld || k - 1 < 0.8 * iterations ? MOMENTUM : LESS_MOMENTUM
    steps.push({ kind: kindOf(k - from, duals, isStart), isDual: k < duals, isLast: false, pull, momentum })
  }
  const kind = isStart && steps.length === 0 ? KINDS.loaded : KINDS.fresh
  steps.push({ kind, isDual: false, isLast: true, pull: 0, momentum: 0 })
  return steps
}

function kindOf(k: number, duals: number, isStart: boolean): Step['kind'] {
  if (k === 0 && isStart) return KINDS.loaded
  if (k < duals) return KINDS.dual
  // after the dual steps, and after the way from a signal, momentum begins anew
  const since = k - duals
  if (since === 0) return KINDS.fresh
  return since === 1 ? KINDS.first : KINDS.move
}
