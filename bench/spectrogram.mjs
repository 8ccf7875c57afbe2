/**
 * Spectrograms and the transforms below them.
 *
 *     node bench/spectrogram.mjs        after npm run build
 */
import fs from 'node:fs'
import { pathToFileURL } from 'node:url'
import { Spectrogram } from '../dist/index.js'
import { time, values } from './clock.mjs'

/** The frame lengths in use, then a prime, twice a prime, 20 and 25 ms at 44.1 kHz, and the largest prime there is. */
const SIZES = [400, 512, 1024, 2048, 4096, 441, 882, 1000, 1009, 1018, 1102, 65521]
const SETTINGS = [
  { nFft: 1024, hopLength: 512 },
  { nFft: 1024, hopLength: 512, power: null },
  { nFft: 1024, hopLength: 512, power: 0.7 },
  { nFft: 400 },
  { nFft: 2048, hopLength: 512 },
]
const REPEATS = 41

/** Nanoseconds a frame of the core's real transform, four frames at a time. The values do not matter: zeros. */
async function transform(module, n) {
  const core = new WebAssembly.Instance(module).exports
  const at = Math.ceil(core.heapBase() / 64) * 64
  const missing = at + core.fftBytes(n) - core.memory.buffer.byteLength
  if (missing > 0) core.memory.grow(Math.ceil(missing / 65536))
  core.fftPlan(at, n)
  const times = Math.ceil(2e5 / n)
  const ms = await time(() => {
    for (let i = 0; i < times; i++) core.fftForward(at)
  }, REPEATS)
  return (1e6 * ms) / times / 4
}

export async function bench() {
  const rows = []
  const samples = 30 * 16000
  const waveform = { data: values(samples), shape: [samples] }
  for (const [i, options] of SETTINGS.entries()) {
    const spectrogram = new Spectrogram(options)
    const value = await time(() => spectrogram.forward(waveform), REPEATS)
    const name = `Spectrogram ${JSON.stringify(options).replaceAll('"', '')}, 30 s at 16 kHz`
    rows.push(i === 0 ? { name, value, unit: 'ms', target: 'below 8' } : { name, value, unit: 'ms' })
  }
  const module = new WebAssembly.Module(fs.readFileSync(new URL('../build/sound.wasm', import.meta.url)))
  const targets = new Map([
    [400, 'about 500'],
    [1024, 'about 1 300'],
  ])
  for (const n of SIZES) {
    const row = { name: `real FFT of ${n}`, value: await transform(module, n), unit: 'ns/frame' }
    rows.push(targets.has(n) ? { ...row, target: targets.get(n) } : row)
  }
  return rows
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const { name, value, unit, target } of await bench()) {
    console.log(
      `${name}: ${value < 10 ? value.toFixed(2) : value.toFixed(0)} ${unit}${target ? ` (asked: ${target})` : ''}`,
    )
  }
}
