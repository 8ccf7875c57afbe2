/**
 * How near every solver comes to the spectrogram that the bands were made from: results/quality.json has every row,
 * quality.md medians, and where an exact solver loses.
 */
import { measure } from './measure.mjs'
import { machine, writeResults } from './results.mjs'
import { SGD_ITERATIONS } from './solvers.mjs'
import { report } from './tables.mjs'

export async function run(onSetting) {
  const rows = await measure(onSetting)
  const text = report(rows, { iterations: SGD_ITERATIONS, machine })
  writeResults('quality', { machine, sgdIterations: SGD_ITERATIONS }, rows, text)
  return text
}
