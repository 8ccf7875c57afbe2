/** The iteration of SGD in float64, beside a run of the package on the same problem. */
import { barkscaleFbanks } from '../dist/index.js'
import { readBank } from '../tests/oracle/bank.ts'
import { columns, SgdRun } from '../tests/oracle/sgd.ts'

/**
 * Some frames spread over a problem: `pick` takes them from (rows, frames), and `exact` is their run in float64.
 * @param start of all frames, (nStft, frames)
 */
export function inFloat64({ nStft, nBarks, barkScale, bark }, start, count) {
  const frames = bark.shape.at(-1)
  const picked = Array.from({ length: count }, (_, i) => Math.floor((i * frames) / count))
  const pick = (data, rows) => {
    const all = columns(data, rows, frames)
    return picked.map((t) => all[t])
  }
  const { data } = barkscaleFbanks({ nFreqs: nStft, nBarks, barkScale, onWarning() {} })
  const iteration = { bank: readBank(data, nStft, nBarks), lr: 0.1, momentum: 0.9 }
  return { pick, exact: new SgdRun(iteration, pick(bark.data, nBarks), pick(start, nStft), frames) }
}
