/** What is compared: every solver that this build has, and the clipped pseudo-inverse as what anybody would try first. */
import { InverseBarkScale } from '../../dist/index.js'
import { atBin, gram, readBank, solveTridiagonal } from '../../tests/oracle/bank.ts'

/** SGD's bound: torchaudio's own 100 000 in a full run. */
export const SGD_ITERATIONS = Number(process.env.SGD_ITERATIONS ?? 10_000)

/** max(0, F (F^T F)^-1 b), in float64; bands that no bin falls into are left out. */
export function pseudoInverse(_, filterbank) {
  const [nBins, nBands] = filterbank.shape
  const bank = readBank(filterbank.data, nBins, nBands)
  const whole = gram(bank, () => 1)
  const matrix = { diagonal: whole.diagonal.map((d) => d || 1), off: whole.off }
  return ({ data, shape }) => {
    const frames = shape.at(-1)
    const out = new Float32Array(nBins * frames)
    for (let t = 0; t < frames; t++) {
      const lambda = solveTridiagonal(
        matrix,
        Float64Array.from({ length: nBands }, (_, k) => data[k * frames + t]),
      )
      for (let f = 0; f < nBins; f++) out[f * frames + t] = Math.max(0, atBin(bank, lambda, f))
    }
    return { data: out, shape: [nBins, frames] }
  }
}

function library(solver, bankOptions, more = {}) {
  const inverse = new InverseBarkScale({ ...bankOptions, solver, threads: 1, onWarning() {}, ...more })
  return async (bark) => (await inverse.solve(bark)).spectrogram
}

const makers = {
  sgd: (bank) => library('sgd', bank, { maxIter: SGD_ITERATIONS }),
  'pseudo-inverse': pseudoInverse,
  nnls: (bank) => library('nnls', bank),
  maxent: (bank) => library('maxent', bank),
}

function isHere(solver) {
  if (solver === 'pseudo-inverse') return true
  try {
    new InverseBarkScale({ nStft: 65, nBarks: 8, solver, onWarning() {} })
    return true
  } catch (error) {
    if (/^solver: /.test(error.message)) return false
    throw error
  }
}

export const names = Object.keys(makers).filter(isHere)

/** Each solver by name, for a bank. */
export function solvers(bankOptions, filterbank) {
  return names.map((name) => ({ name, solve: makers[name](bankOptions, filterbank) }))
}
