/**
 * npm run bench:pesq: PESQ and ESTOI of every pipeline on speech, measured by Python packages in an environment outside
 * the repository (PESQ_ENV=folder; made at the first run).
 *
 *     VOICES=folder npm run bench:pesq                      with the recordings (.wav) of a folder
 *     SETTINGS=256/40/1 VOICES=folder npm run bench:pesq    one hop/bands/power, or several with commas; nothing is kept
 *
 * Writes bench/results/pesq.json (every row) and pesq.md.
 */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { encodeWav } from '../dist/audio.js'
import { measureFolder } from './pesq/environment.mjs'
import { report } from './pesq/tables.mjs'
import { ABSENT, HAS_JOINT, N_FFT, render } from './quality/pipelines.mjs'
import { machine, writeResults } from './quality/results.mjs'
import { IS_WHOLE, settings } from './quality/settings.mjs'
import { SAMPLE_RATE } from './quality/signals.mjs'
import { Ear } from './quality/sound-measures.mjs'
import { clips } from './quality/sounds.mjs'

/** Every pipeline's sounds as float WAV files, and their list. */
async function writeSounds(folder) {
  const list = []
  const write = (data) => {
    const name = `${fs.readdirSync(folder).length}.wav`
    const waveform = { data, shape: [data.length] }
    fs.writeFileSync(path.join(folder, name), encodeWav({ waveform, sampleRate: SAMPLE_RATE }))
    return name
  }
  const speech = (await clips(process.env.VOICES)).filter(({ group }) => group !== 'other sounds')
  for (const { clip, group, data } of speech) {
    const original = write(data)
    for (const { name, ...setting } of settings) {
      const ear = new Ear({ ...setting, nFft: N_FFT, sampleRate: SAMPLE_RATE })
      const { bark } = await ear.hear(data)
      const full = { ...setting, sampleRate: SAMPLE_RATE, samples: data.length }
      for await (const [pipeline, sound] of render(bark, full)) {
        list.push({ clip, group, setting: name, pipeline, original, estimate: write(sound) })
      }
    }
  }
  fs.writeFileSync(path.join(folder, 'list.json'), JSON.stringify(list))
}

if (!HAS_JOINT) console.error(ABSENT)
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'unbark-pesq-'))
try {
  await writeSounds(folder)
  const rows = measureFolder(folder).map(({ original, estimate, ...row }) => ({ ...row, PESQ: row.PESQ ?? Number.NaN }))
  const text = report(rows, machine)
  console.log(text)
  writeResults('pesq', { machine }, rows, text, IS_WHOLE ? 'results' : 'out')
} finally {
  fs.rmSync(folder, { recursive: true, force: true })
}
