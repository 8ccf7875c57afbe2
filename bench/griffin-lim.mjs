/**
 * From spectrograms back to sound, on 30 s of the example's speech, over and over; and the memory that an hour takes.
 *
 *     node bench/griffin-lim.mjs        after npm run build
 */
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { load } from '../dist/audio.js'
import { GriffinLim, InverseSpectrogram, Spectrogram } from '../dist/index.js'
import { time, values } from './clock.mjs'
import { peak } from './peak.mjs'

const REPEATS = 15
const SETTINGS = [
  { nFft: 1024, hopLength: 512, target: 'below 200' },
  { nFft: 1024, hopLength: 256 },
  { nFft: 400, hopLength: 200 },
  { nFft: 2048, hopLength: 512 },
]

async function speech(samples) {
  const { waveform } = await load(fs.readFileSync(new URL('../examples/speech.wav', import.meta.url)))
  const { data } = waveform
  return { data: Float32Array.from({ length: samples }, (_, i) => data[i % data.length]), shape: [samples] }
}

/** Milliseconds, and bytes at most above spectrogram and result, of an hour of frames. */
async function hour() {
  const [bins, frames] = [513, 112_500]
  const spectrogram = { data: values(bins * frames), shape: [bins, frames] }
  const one = new GriffinLim({ nFft: 1024 })
  const before = process.memoryUsage().rss
  const start = performance.now()
  const { data } = await one.forward(spectrogram)
  console.log(JSON.stringify({ ms: performance.now() - start, bytes: peak() - before - data.byteLength }))
}

export async function bench() {
  const rows = []
  const waveform = await speech(30 * 16000)
  for (const { nFft, hopLength, target } of SETTINGS) {
    const options = { nFft, hopLength }
    const power = await new Spectrogram(options).forward(waveform)
    const complex = await new Spectrogram({ ...options, power: null }).forward(waveform)
    const name = `n_fft ${nFft}, hop ${hopLength}, ${power.shape[1]} frames`
    const griffinLim = new GriffinLim(options)
    const value = await time(() => griffinLim.forward(power), REPEATS)
    rows.push({ name: `GriffinLim, 32 iterations, ${name}`, value, unit: 'ms', target })
    const per = (1e6 * value) / power.shape[1] / 33
    rows.push({ name: '  per frame and iteration', value: per, unit: 'ns' })
    const inverse = new InverseSpectrogram(options)
    const back = await time(() => inverse.forward(complex), REPEATS)
    rows.push({ name: `InverseSpectrogram, ${name}`, value: back, unit: 'ms' })
  }
  const told = execFileSync(process.execPath, [fileURLToPath(import.meta.url), 'hour']).toString()
  const { ms, bytes } = JSON.parse(told)
  rows.push({ name: 'GriffinLim, 32 iterations, an hour, n_fft 1024, hop 512', value: ms / 1000, unit: 's' })
  rows.push({ name: '  memory beside spectrogram and result', value: bytes / 1e6, unit: 'MB' })
  return rows
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (process.argv[2] === 'hour') {
    await hour()
  } else {
    for (const { name, value, unit, target } of await bench()) {
      console.log(`${name}: ${value.toFixed(1)} ${unit}${target ? ` (asked: ${target})` : ''}`)
    }
  }
}
