/** From bands to sound a frame at a time: 30 s of the example's speech, every push by itself. */
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { load } from '../dist/audio.js'
import { BarkSpectrogram, BarkStream } from '../dist/index.js'

const SAMPLES = 30 * 16000

/** Milliseconds of every push, and bytes that the heap has grown by over all but the first second. */
async function pushes({ iterations, ...setting }) {
  const options = { sampleRate: 16000, nFft: 1024, hopLength: 256, ...setting }
  const { data } = (await load(fs.readFileSync(new URL('../examples/speech.wav', import.meta.url)))).waveform
  const waveform = { data: Float32Array.from({ length: SAMPLES }, (_, i) => data[i % data.length]), shape: [SAMPLES] }
  const { data: bark, shape } = await new BarkSpectrogram(options).forward(waveform)
  const [bands, time] = shape
  const frames = Array.from({ length: time }, (_, t) =>
    Float32Array.from({ length: bands }, (_, k) => bark[k * time + t]),
  )
  const stream = new BarkStream({ ...options, lookAhead: 3, iterations })
  const ms = new Float64Array(time)
  const heap = () => {
    gc()
    return process.memoryUsage().heapUsed
  }
  let before = 0
  for (let t = 0; t < time; t++) {
    if (t === 62) before = heap()
    const start = performance.now()
    stream.push(frames[t])
    ms[t] = performance.now() - start
  }
  const bytes = heap() - before
  ms.sort()
  return { p50: ms[time >> 1], p99: ms[Math.floor(0.99 * time)], most: ms[time - 1], bytes }
}

export async function bench() {
  const rows = []
  for (const setting of [
    { nBarks: 40, power: 1, iterations: 16 },
    { nBarks: 40, power: 1, iterations: 32 },
    { nBarks: 128, power: 2, iterations: 16 },
    { nBarks: 128, power: 2, iterations: 32 },
  ]) {
    const args = ['--expose-gc', fileURLToPath(import.meta.url), JSON.stringify(setting)]
    const { p50, p99, most, bytes } = JSON.parse(execFileSync(process.execPath, args).toString())
    const name = `BarkStream, n_fft 1024, hop 256, look-ahead 3, ${setting.iterations} iterations, ${setting.nBarks} bands, a push`
    rows.push({ name, value: p50, unit: 'ms' })
    const target = setting.iterations === 16 ? { target: 'below 1' } : {}
    rows.push({ name: '  99th percentile', value: p99, unit: 'ms', ...target })
    rows.push({ name: '  longest of 30 s', value: most, unit: 'ms' })
    rows.push({ name: '  heap after 29 s', value: bytes / 1024, unit: 'KB' })
  }
  return rows
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  console.log(JSON.stringify(await pushes(JSON.parse(process.argv[2]))))
}
