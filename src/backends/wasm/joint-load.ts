/** How frames of bands get into the staging of a core, and what they start from. */
import type { Values } from '../../tensor.ts'
import { readRepeated } from './columns.ts'
import type { Levels } from './joint-levels.ts'
import { BEFORE, type JointRoom } from './joint-room.ts'

/** Bands of neighbouring frames, and what goes with them. */
export interface Bands {
  /** [items, nBands, time] */
  bark: Values
  /** [items, nBins, time], in place of maximum entropy; what it is to be multiplied by. */
  spectrogram: Values | undefined
  spectrogramScale: number
  time: number
  /** Of a frame's number in the array, over its number in the signal. */
  offset: number
}

/** What is known of the voice: one value a frame. */
export interface Voice {
  f0: Float32Array
  /** By how much f0 changes a frame. */
  slope: Float32Array
  voicing: Float32Array
  /** Of a frame's place in the arrays, over its number in the signal. */
  offset: number
}

/** Writes the magnitudes of `count` frames, and with a voice those that have its pitch, to the staging. */
export function loadMagnitudes(
  room: JointRoom,
  { bark, spectrogram, spectrogramScale, time, offset }: Bands,
  levels: Levels,
  first: number,
  count: number,
  voice?: Voice,
): void {
  const { core, memory, staging, bins } = room
  const { nBands } = room.spec.bank
  const heap = memory.floats
  const { row } = staging
  const from = offset + first
  readRepeated(bark, { rows: nBands, time }, from, count, heap, staging.bark / 4 + BEFORE, row)
  const [bands, mask] = [staging.bark + 4 * BEFORE, staging.mask + 4 * BEFORE]
  const whole = Math.ceil(count / 8) * 8
  core.jointBands(bands, nBands, 4 * row, whole, levels.scale, levels.least, mask)
  if (spectrogram) {
    const at = staging.spectra / 4 + BEFORE
    readRepeated(spectrogram, { rows: bins, time }, from, count, heap, at, row)
    if (spectrogramScale !== 1) scale(heap, at, row, bins, whole, spectrogramScale)
  } else {
    room.layPrior(count, levels.leastAverage)
    // the comb's solution is the same about the prior as about the prior's own
    if (!voice) room.solve(count)
  }
  if (!voice) return
  const rows = placeVoice(room, voice, first, count)
  const spectra = staging.spectra + 4 * BEFORE
  core.pitchComb(room.pitch, spectra, 4 * row, count, rows, rows + 4 * row, rows + 8 * row)
  room.solve(count)
}

function scale(heap: Float32Array, at: number, row: number, rows: number, count: number, by: number): void {
  for (let r = 0; r < rows; r++, at += row) for (let i = at; i < at + count; i++) heap[i]! *= by
}

/** Three rows of the phases' staging hold the voice: phases are not needed where there is one. */
function placeVoice({ memory, staging }: JointRoom, voice: Voice, first: number, count: number): number {
  const { row, phases } = staging
  const from = voice.offset + first
  for (const [i, values] of [voice.f0, voice.slope, voice.voicing].entries()) {
    memory.floats.fill(0, phases / 4 + i * row, phases / 4 + (i + 1) * row)
    memory.floats.set(values.subarray(from, from + count), phases / 4 + i * row)
  }
  return phases
}
