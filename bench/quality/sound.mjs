/** Every pipeline on every clip and setting: results/sound.json has every row, sound.md means and where joint loses. */
import { ABSENT, HAS_JOINT, N_FFT, render } from './pipelines.mjs'
import { machine, writeResults } from './results.mjs'
import { IS_WHOLE, settings } from './settings.mjs'
import { SAMPLE_RATE } from './signals.mjs'
import { Ear } from './sound-measures.mjs'
import { report } from './sound-tables.mjs'
import { clips } from './sounds.mjs'

export async function run(onSetting) {
  if (!HAS_JOINT) console.error(ABSENT)
  const rows = []
  for (const { clip, group, data } of await clips(process.env.VOICES)) {
    for (const { name, ...setting } of settings) {
      onSetting(`${clip}, ${name}`)
      const ear = new Ear({ ...setting, nFft: N_FFT, sampleRate: SAMPLE_RATE })
      const original = await ear.hear(data)
      const full = { ...setting, sampleRate: SAMPLE_RATE, samples: data.length }
      for await (const [pipeline, sound] of render(original.bark, full)) {
        rows.push({ clip, group, setting: name, pipeline, ...ear.compare(original, await ear.hear(sound)) })
      }
    }
  }
  const text = report(rows, machine)
  writeResults('sound', { machine }, rows, text, IS_WHOLE ? 'results' : 'out')
  return text
}
