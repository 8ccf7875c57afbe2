/**
 * After equal counts of iterations on half a minute of speech: how far torchaudio's result and unbark's are from the same
 * iteration in float64, on twenty frames spread over it.
 */
import { inFloat64 } from '../in-float64.mjs'
import { problem } from './inputs.mjs'
import { fixedRuns, solverArguments } from './iteration.mjs'
import { difference } from './likeness.mjs'
import { HALF_MINUTE } from './settings.mjs'

const PICKED = 20

async function run(bench, iterations) {
  const shape = { frames: HALF_MINUTE, nBarks: 128, power: 2 }
  const given = await problem(shape)
  const { nStft, bark } = given
  const bands = bench.put(`bands ${HALF_MINUTE}/128/2`, () => bark)
  const args = solverArguments(given, bands)
  const all = async (maxIter, stepping) => {
    const runs = fixedRuns(bench, 1, args, { maxIter, keep: true, stepping })
    return stepping === undefined ? (await runs.torchaudio()).data : (await runs.unbark()).data
  }
  const { pick, exact } = inFloat64(given, await all(0, 'plain'), PICKED)
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
