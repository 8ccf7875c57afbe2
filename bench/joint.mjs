/**
 * From bands to sound, on 30 s of the example's speech, over and over; and the memory that an hour takes.
 *
 *     node bench/joint.mjs        after npm run build
 */
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { load } from '../dist/audio.js'
import { BarkSpectrogram, InverseBarkSpectrogram } from '../dist/index.js'
import { median, timeInTurn, values } from './clock.mjs'
import { peak } from './peak.mjs'

const REPEATS = 7
const SAMPLE_RATE = 16000
const SETTINGS = [
  { hopLength: 256, nBarks: 40, power: 1 },
  { hopLength: 256, nBarks: 128, power: 2 },
  { hopLength: 512, nBarks: 80, power: 2 },
]

async function speech(samples) {
  const { waveform } = await load(fs.readFileSync(new URL('../examples/speech.wav', import.meta.url)))
  const { data } = waveform
  return { data: Float32Array.from({ length: samples }, (_, i) => data[i % data.length]), shape: [samples] }
}

/** Bytes at most above bands and result, of an hour of frames, and seconds. */
async function hour(threads) {
  const [nBarks, frames] = [40, 225_001]
  const bark = { data: values(nBarks * frames), shape: [nBarks, frames] }
  const options = { sampleRate: SAMPLE_RATE, nFft: 1024, hopLength: 256, nBarks, power: 1, iterations: 32, threads }
  const inverse = new InverseBarkSpectrogram({ ...options, onWarning: () => {} })
  const before = process.memoryUsage().rss
  const start = performance.now()
  const { waveform, report } = await inverse.solve(bark)
  const ms = performance.now() - start
  if (report.threads !== threads) throw new Error(`${report.threads} threads, not ${threads}`)
  inverse.dispose()
  console.log(JSON.stringify({ ms, bytes: peak() - before - waveform.data.byteLength }))
}

export async function bench() {
  const rows = []
  const waveform = await speech(30 * SAMPLE_RATE)
  for (const setting of SETTINGS) {
    const options = { sampleRate: SAMPLE_RATE, nFft: 1024, ...setting, onWarning: () => {} }
    const bark = await new BarkSpectrogram(options).forward(waveform)
    const name = `n_fft 1024, hop ${setting.hopLength}, ${setting.nBarks} bands, ${bark.shape[1]} frames`
    const of = (more) => new InverseBarkSpectrogram({ ...options, ...more })
    const all = [of({ threads: 1 }), of({ threads: 2 }), of({ threads: 1, iterations: 32 })]
    const stages = []
    const runs = all.map((inverse) => async () => {
      const { report } = await inverse.solve(bark)
      if (inverse === all[0]) stages.push(report.stages)
    })
    const [one, two, short] = await timeInTurn(runs, REPEATS)
    for (const inverse of all) inverse.dispose()
    const isDense = setting.hopLength === 256
    rows.push({
      name: `InverseBarkSpectrogram, 100 iterations, ${name}`,
      value: one,
      unit: 'ms',
      target: isDense ? 'below 1500' : undefined,
    })
    for (const stage of ['magnitudes', 'phase', 'pitch']) {
      rows.push({ name: `  of it ${stage}`, value: median(stages.map((all) => all[stage])), unit: 'ms' })
    }
    rows.push({ name: '  per frame and iteration', value: (1e6 * one) / bark.shape[1] / 100, unit: 'ns' })
    rows.push({ name: '  one thread over two', value: one / two, unit: 'x', target: 'above 1.6' })
    rows.push({ name: '  32 iterations', value: short, unit: 'ms', target: isDense ? 'below 600' : undefined })
  }
  for (const threads of [1, 2]) {
    const told = execFileSync(process.execPath, [fileURLToPath(import.meta.url), 'hour', threads]).toString()
    const { ms, bytes } = JSON.parse(told)
    const by = threads === 1 ? 'one thread' : `${threads} threads`
    rows.push({ name: `InverseBarkSpectrogram, 32 iterations, an hour, hop 256, ${by}`, value: ms / 1000, unit: 's' })
    rows.push({ name: '  memory beside bands and result', value: bytes / 1e6, unit: 'MB', target: 'below 400' })
  }
  return rows
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (process.argv[2] === 'hour') {
    await hour(Number(process.argv[3]))
  } else {
    for (const { name, value, unit, target } of await bench()) {
      console.log(`${name}: ${value.toFixed(1)} ${unit}${target ? ` (asked: ${target})` : ''}`)
    }
  }
}
