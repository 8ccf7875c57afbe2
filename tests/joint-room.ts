/** The joint method in one core, with as many frames at a time as the tests say. */
import * as assert from 'uvu/assert'
import { JointRoom } from '../src/backends/wasm/joint-room.ts'
import { LocalJointSession } from '../src/backends/wasm/joint-session.ts'
import type { InverseBarkSpectrogramOptions } from '../src/index.ts'
import { readInverseBarkSpectrogram } from '../src/inverse-bark-spectrogram-options.ts'
import type { Tensor } from '../src/tensor.ts'

/** What a room makes of bands that takes so many groups at a time. */
export function soundOf(options: InverseBarkSpectrogramOptions, bark: Tensor, block?: number): Float32Array {
  const room = new JointRoom(readInverseBarkSpectrogram({ onWarning: () => {}, ...options }).spec)
  const { spec } = room
  if (block !== undefined) (room as { block: number }).block = block
  const frames = bark.shape[1]!
  const samples = samplesOf(room, frames)
  const waveform = new Float32Array(samples)
  const problem = {
    bark: bark.data,
    spectrogram: undefined,
    items: 1,
    frames,
    samples,
    seed: spec.iterations,
    waveform,
  }
  const session = new LocalJointSession(room, problem, undefined, () => {})
  let part = 0
  while (part < 1) {
    const next = session.advance()
    assert.ok(next >= part, `${next} after ${part}`)
    part = next
  }
  session.close()
  return waveform
}

/** Samples that so many frames are of. */
export const samplesOf = ({ spec, edge }: JointRoom, frames: number): number =>
  (frames - 1) * spec.hopLength + spec.nFft - 2 * (edge + spec.pad)
