/**
 * After equal counts of iterations on half a minute of speech: how far torchaudio's result and unbark's are from the same
 * iteration in float64, on twenty frames spread over it.
 */
import { barkscaleFbanks } from '../../dist/index.js'
import { readBank } from '../../tests/oracle/bank.ts'
import { columns, SgdRun } from '../../tests/oracle/sgd.ts'
import { problem } from './inputs.mjs'
import { fixedRuns, solverArguments } from './iteration.mjs'
import { difference } from './likeness.mjs'
import { BANK, HALF_MINUTE } from './settings.mjs'

const PICKED = 20

async function run(bench, iterations) {
  const shape = { frames: HALF_MINUTE, nBarks: 128, power: 2 }
  const given = await problem(shape)
  const { nStft, nBarks, bark, spectrogram } = given
  const bands = bench.put(`bands ${HALF_MINUTE}/128/2`, () => bark)
  const args = solverArguments(given, bands)
  const all = async (maxIter, stepping) => {
    const runs = fixedRuns(bench, 1, args, { maxIter, keep: true, stepping })
    return stepping === undefined ? (await runs.torchaudio()).data : (await runs.unbark()).data
  }
  const frames = spectrogram.shape[1]
  const picked = Array.from({ length: PICKED }, (_, i) => Math.floor((i * frames) / PICKED))
  const pick = (data, rows) => {
    const every = columns(data, rows, frames)
    return picked.map((t) => every[t])
  }
  const { data } = barkscaleFbanks({ nFreqs: nStft, fMax: 8000, nBarks, ...BANK, onWarning() {} })
  const momentum = { bank: readBank(data, nStft, nBarks), lr: 0.1, momentum: 0.9 }
  const exact = new SgdRun(momentum, pick(bark.data, nBarks), pick(await all(0, 'plain'), nStft), frames)
  for (let i = 0; i < iterations; i++) exact.step()
  const reference = exact.frames.flatMap((frame) => [...frame])
  const away = async (stepping) =>
    difference(
      reference,
      pick(await all(iterations, stepping), nStft).flatMap((frame) => [...frame]),
    )
  const rows = []
  for (const [who, stepping] of [['torchaudio'], ['sgd, plain', 'plain'], ['sgd, auto', 'auto']])
    rows.push({ ...shape, who, iterations, fromFloat64: await away(stepping) })
  return rows
}

export function cases({ float64 }) {
  return [{ key: `${float64} iterations`, run: (bench) => run(bench, float64) }]
}
