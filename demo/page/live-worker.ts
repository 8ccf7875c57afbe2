/** Bands of a sound, for live.ts. */
import { BarkSpectrogram, barkscaleFbanks } from 'unbark'
import { load } from 'unbark/audio'
import { type Bands, OPTIONS } from './live-bands.ts'

async function bandsOf(name: string): Promise<Bands> {
  const response = await fetch(`sounds/${name}.wav`)
  if (!response.ok) throw new Error(`expected sounds/${name}.wav, got status ${response.status}`)
  const { waveform, sampleRate } = await load(await response.blob())
  const samples = waveform.data.subarray(0, waveform.shape[1])
  const options = { ...OPTIONS, sampleRate }
  const { data, shape } = await new BarkSpectrogram(options).forward({ data: samples, shape: [samples.length] })
  const count = shape[1]!
  const frames = new Float32Array(data.length)
  let peak = 0
  for (let k = 0; k < OPTIONS.nBarks; k++)
    for (let t = 0; t < count; t++) {
      const value = data[k * count + t]!
      frames[t * OPTIONS.nBarks + k] = value
      peak = Math.max(peak, value)
    }
  return { frames, sampleRate, peak, hz: centres(sampleRate) }
}

function centres(sampleRate: number): number[] {
  const { nFft, nBarks } = OPTIONS
  const nFreqs = nFft / 2 + 1
  const bank = barkscaleFbanks({ nFreqs, fMin: 0, fMax: sampleRate / 2, nBarks, sampleRate })
  return Array.from({ length: nBarks }, (_, k) => {
    let [sum, moment] = [0, 0]
    for (let f = 0; f < nFreqs; f++) {
      const weight = bank.data[f * nBarks + k]!
      sum += weight
      moment += (weight * f * sampleRate) / nFft
    }
    return sum > 0 ? moment / sum : 0
  })
}

addEventListener('message', async ({ data: name }: MessageEvent<string>) => {
  try {
    postMessage(await bandsOf(name))
  } catch (error) {
    postMessage(error instanceof Error ? error.message : String(error))
  }
})
