/** What is refused, and in which words: [what is done, how its message starts]. */

const small = { nStft: 33, nBarks: 8, maxIter: 5 }
const ones = (...shape) => ({ data: new Float32Array(shape.reduce((n, m) => n * m, 1)).fill(1), shape })
const inverse = (u, options) => new u.InverseBarkScale({ ...small, ...options })
const withNaN = { data: Float32Array.of(1, 1, 1, Number.NaN, 1, 1, 1, 1), shape: [8, 1] }

export const badInputs = [
  [(u) => inverse(u, { nStft: undefined }), 'nStft: expected an integer from 1 to 65536, got undefined'],
  [(u) => inverse(u, { nBarks: 0 }), 'nBarks: expected an integer from 1 to 65536, got 0'],
  [(u) => inverse(u, { nBarks: 2.5 }), 'nBarks: expected an integer from 1 to 65536, got 2.5'],
  [
    (u) => inverse(u, { n_barks: 8 }),
    'InverseBarkScale: unknown option "n_barks" (did you mean nBarks?); known are nStft, ',
  ],
  [(u) => inverse(u, { fMin: 9000 }), 'fMin: expected a number below fMax (8000), got 9000'],
  [
    (u) => inverse(u, { barkScale: 'zwicker' }),
    'barkScale: expected "traunmuller" or "schroeder" or "wang", got "zwicker"',
  ],
  [(u) => inverse(u, { sgdargs: { lr: -1 } }), 'sgdargs.lr: expected a finite number >= 0, got -1'],
  [(u) => inverse(u, { toleranceLoss: Number.NaN }), 'toleranceLoss: expected a finite number >= 0, got NaN'],
  [(u) => inverse(u, { threads: 0 }), 'threads: expected an integer from 1 to 256, got 0'],
  [(u) => inverse(u, { device: 'tpu' }), 'device: expected "auto" or "cpu"'],
  [(u) => inverse(u, { seed: -1 }), 'seed: expected an integer >= 0, got -1'],
  [
    (u) => inverse(u).solveSync(ones(9, 4)),
    'bark.shape: expected 8 bands in the last dimension but one, got 9 of [9, 4]',
  ],
  [(u) => inverse(u).solveSync([1, 2, 3]), 'bark.dims: expected an array of integers, got undefined'],
  [(u) => inverse(u).solveSync(withNaN), 'bark: expected finite values, got NaN at [3, 0]'],
  [
    (u) => inverse(u).solveSync({ data: new Float32Array(7), shape: [8, 1] }),
    'bark.data: expected 8 values for shape [8, 1], got 7',
  ],
  [(u) => inverse(u).solveSync(ones(8, 2), { init: ones(33, 3) }), 'init.shape: expected [33, 2], got [33, 3]'],
  [
    (u) => inverse(u, { sgdargs: { lr: 1e30 }, maxIter: 1e6 }).solveSync(ones(8, 2)),
    'sgdargs.lr: diverged with lr 1e+30 at iteration 2, where the loss is Infinity: lr 1e+30 is too large for this input',
  ],
  [(u) => u.hzToBark(-1), 'hz: expected a frequency >= 0, got -1'],
  [(u) => u.barkscaleFbanks({ nFreqs: 0 }), 'nFreqs: expected an integer from 1 to 65536, got 0'],
  [(u) => new u.Spectrogram({ nFft: 400, winLength: 401 }), 'winLength: expected an integer from 1 to 400, got 401'],
]

/** What is said otherwise than the table has it. */
export function otherMessages(unbark) {
  return badInputs.map(([act, message]) => refusal(act, unbark, message)).filter((difference) => difference !== '')
}

function refusal(act, unbark, message) {
  try {
    act(unbark)
  } catch (error) {
    return error.message.startsWith(message) ? '' : `"${error.message}" for "${message}"`
  }
  return `nothing for "${message}"`
}
