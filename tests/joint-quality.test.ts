/** What comes of real and of made voices, as numbers that may not get worse. */
import fs from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { decodeWav } from '../src/audio/index.ts'
import {
  BarkSpectrogram,
  InverseBarkSpectrogram,
  type InverseBarkSpectrogramOptions,
  Spectrogram,
} from '../src/index.ts'
import type { Tensor } from '../src/tensor.ts'
import { distance } from './fixture.ts'
import { soundOf } from './joint-room.ts'
import { barkOf, voice } from './voice.ts'

const wav = decodeWav(fs.readFileSync(new URL('../examples/speech.wav', import.meta.url))).waveform.data
const speech: Tensor = { data: wav.slice(8000, 8000 + 32_000), shape: [32_000] }

/** How far the magnitudes of a sound are from those of another, as long as the shorter. */
async function magnitudeConvergence(sound: Float32Array, original: Tensor, nFft = 1024): Promise<number> {
  const spectrogram = new Spectrogram({ nFft, hopLength: nFft / 4, power: 1 })
  const length = Math.min(sound.length, original.data.length)
  const of = async (data: Tensor['data']): Promise<Tensor> =>
    spectrogram.forward({ data: data.slice(0, length), shape: [length] })
  return distance((await of(sound)).data, (await of(original.data)).data)
}

const base = { nFft: 1024, hopLength: 256, power: 1, sampleRate: 16000, iterations: 32 }

async function measured(sound: Tensor, options: InverseBarkSpectrogramOptions): Promise<{ bSC: number; mSC: number }> {
  const bark = await barkOf(sound, options)
  const { waveform, report } = await new InverseBarkSpectrogram({ ...options, length: 32_000 }).solve(bark)
  // the report's is that of the bands of what it gives
  const again = await barkOf(waveform, options)
  const bSC = distance(again.data, bark.data)
  assert.ok(Math.abs(bSC - report.bandConvergence!) < 1e-3 * bSC + 1e-6, `${bSC}, told ${report.bandConvergence}`)
  return { bSC, mSC: await magnitudeConvergence(waveform.data, sound) }
}

test('closer than phases alone can get, and a pitch helps where bands are few', async () => {
  const bounds: [name: string, sound: Tensor, nBarks: number, power: number, bSC: number, mSC: number, gain: number][] =
    []
  for (const [name, sound, nBarks, power, bSC, mSC, gain] of [
    ['speech', speech, 24, 1, 0.02, 0.5, 0.95],
    ['speech', speech, 40, 1, 0.02, 0.3, 0.95],
    ['speech', speech, 80, 1, 0.02, 0.3, 1.1],
    ['voice', voice(2), 24, 1, 0.02, 0.5, 0.95],
    ['voice', voice(2), 40, 1, 0.02, 0.3, 0.95],
    ['voice', voice(2), 128, 2, 0.02, 0.3, 1.1],
  ] as typeof bounds) {
    const options = { ...base, nBarks, power }
    const joint = await measured(sound, options)
    const plain = await measured(sound, { ...options, pitch: false })
    const cascade = await measured(sound, { ...options, method: 'griffin-lim' })
    const what = `${name}, ${nBarks} bands: ${JSON.stringify({ joint, plain, cascade })}`
    console.log(what)
    assert.ok(joint.bSC < bSC && joint.bSC < cascade.bSC / 3, what)
    assert.ok(joint.mSC < mSC && joint.mSC < gain * plain.mSC, what)
  }
})

test('nobody can tell where phases were integrated anew', async () => {
  // all frames in one block, or 32 at a time
  for (const [nFft, hopLength, frames] of [
    [256, 64, 500],
    [512, 128, 250],
  ] as const) {
    const options = { nFft, hopLength, nBarks: 64, power: 1, iterations: 32 }
    const bark = await barkOf(speech, options)
    assert.ok(bark.shape[1]! >= frames && bark.shape[1]! <= 2 ** 17 / nFft)
    const bands = new BarkSpectrogram(options)
    const told: Record<string, number>[] = []
    const errors: Float64Array[] = []
    for (const block of [undefined, 8]) {
      const sound = soundOf(options, bark, block)
      const { data } = await bands.forward({ data: sound, shape: [sound.length] })
      errors.push(framesOff(data, bark))
      const mSC = await magnitudeConvergence(sound, speech, nFft)
      told.push({ bSC: distance(data, bark.data), mSC })
    }
    const [uncut, cut] = told as [(typeof told)[0], (typeof told)[0]]
    const [, off] = errors as [Float64Array, Float64Array]
    const atSeam = (t: number): boolean => t > 8 && Math.abs(((t + 16) % 32) - 16) <= 2
    const mean = (of: (t: number) => boolean): number => {
      const some = off.filter((_, t) => of(t))
      return Math.sqrt(some.reduce((sum, x) => sum + x, 0) / some.length)
    }
    const seams = mean(atSeam) / mean((t) => !atSeam(t))
    const plain = errors[0]!
    const meanPlain = (of: (t: number) => boolean): number => {
      const some = plain.filter((_, t) => of(t))
      return Math.sqrt(some.reduce((sum, x) => sum + x, 0) / some.length)
    }
    console.log(nFft, JSON.stringify({ uncut, cut, seams, there: meanPlain(atSeam) / meanPlain((t) => !atSeam(t)) }))
  }
})

/** Squares of what each frame's bands miss. */
function framesOff(bands: ArrayLike<number>, { data, shape }: Tensor): Float64Array {
  const [rows, time] = shape as [number, number]
  const off = new Float64Array(time)
  for (let k = 0; k < rows; k++) {
    for (let t = 0; t < time; t++) off[t]! += (bands[k * time + t]! - data[k * time + t]!) ** 2
  }
  return off
}

test.run()
