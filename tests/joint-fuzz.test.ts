/** The joint method without a pitch, in settings drawn at random, against float64. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { InverseBarkSpectrogram, type InverseBarkSpectrogramOptions } from '../src/index.ts'
import type { Tensor } from '../src/tensor.ts'
import { distance } from './fixture.ts'
import { JointCase, list } from './joint-core.ts'
import { joint } from './oracle/joint.ts'
import { frame } from './oracle/problems.ts'
import { type Random, random } from './oracle/random.ts'
import { randomPhases } from './pghi-block.ts'
import { barkOf } from './voice.ts'

const SETTINGS = 200

interface Drawn {
  options: InverseBarkSpectrogramOptions & { nFft: number; hopLength: number; iterations: number; seed: number }
  sound: Tensor
}

function draw(r: Random): Drawn {
  const pick = <T>(from: readonly T[]): T => from[r.below(from.length)]!
  const nFft = 4 + r.below(90)
  const winLength = Math.max(3, Math.min(nFft, Math.floor(nFft * (0.5 + r.uniform()))))
  const hopLength = 1 + r.below(Math.max(1, Math.floor(winLength * 0.7)))
  const length = nFft + r.below(20 * hopLength)
  const options = {
    nFft,
    winLength,
    hopLength,
    length,
    center: r.uniform() < 0.8,
    pad: r.uniform() < 0.3 ? r.below(20) : 0,
    padMode: pick(['reflect', 'constant', 'replicate', 'circular'] as const),
    windowFn: pick(['hann', 'hamming'] as const),
    power: pick([1, 2, 0.7]),
    // more of them are nearly singular systems, where rounding decides
    nBarks: 1 + r.below(Math.max(1, Math.floor(nFft / 5))),
    sampleRate: 8000,
    iterations: r.below(9),
    seed: r.below(99),
    phase: 'random' as const,
    pitch: false,
    onWarning() {},
  }
  return { options, sound: { data: Float32Array.from(list(length, () => r.normal())), shape: [length] } }
}

test('settings of every kind', async () => {
  const r = random(77)
  const refused = { windowFn: 0, frames: 0, other: [] as string[] }
  const offs: number[] = []
  let longer = 0
  for (let i = 0; i < SETTINGS; i++) {
    const { options, sound } = draw(r)
    const bark = await barkOf(sound, options).catch(() => undefined)
    // too short for its own padding
    if (!bark) continue
    const { data } = await new InverseBarkSpectrogram(options).forward(bark).catch(({ message }: Error) => {
      if (message.startsWith('windowFn: ')) refused.windowFn++
      else if (message.startsWith('bark: expected frames')) refused.frames++
      else refused.other.push(message)
      return { data: undefined }
    })
    if (!data) continue
    const one = new JointCase(options)
    const { edge, spec, bins } = one.room
    const frames = bark.shape[1]!
    const flat = randomPhases(bins, frames, options.seed, 0)
    const phases = Array.from({ length: frames }, (_, t) => list(bins, (f) => flat[f * frames + t]!))
    const { pad, power, iterations } = spec
    const framing = one.framing(frames, data.length + 2 * pad)
    const bands = phases.map((_, t) => frame(bark, t))
    const start = edge + pad
    const exact = joint(one.bank, { framing, power, tolerance: 0, iterations, width: one.width }, bands, phases)
    // positions end with the last frame, samples may go on
    const heard = exact.subarray(start, start + data.length)
    const off = distance(data.subarray(0, heard.length), heard)
    assert.ok(
      data.subarray(heard.length).every((x) => x === 0),
      JSON.stringify(options),
    )
    if (data.length > heard.length) longer++
    // measured: at most 2.2e-6, in the middle 4.5e-7
    assert.ok(off < 2e-5, `${JSON.stringify(options)}, ${frames} frames: ${off}`)
    offs.push(off)
  }
  assert.ok(longer > 3, `${longer}`)
  offs.sort((a, b) => a - b)
  assert.equal(refused.other, [])
  assert.ok(offs.length > 0.7 * SETTINGS && offs[offs.length >> 1]! < 3e-6, `${offs.length}`)
})

test.run()
