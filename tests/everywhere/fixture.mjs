/** The recorded runs that are tried in every place, as text that any place can be handed. */
import fs from 'node:fs'

/** Every kind of step, all three scales, a batch, one frame, silence, and input that no spectrogram has. */
const NAMES = [
  'defaults-magnitude',
  'batch-4d',
  'seed-above-32-bits',
  'sgd-momentum-weight-decay',
  'sgd-nesterov-weight-decay',
  'sgd-maximize-all',
  'schroeder',
  'wang',
  'silence',
  'one-frame',
  'rate-96000',
  'inconsistent-128',
]

export function readFixture() {
  const read = (kind) => fs.readFileSync(new URL(`../fixtures/sgd.${kind}`, import.meta.url))
  const bytes = read('bin')
  const { runs } = JSON.parse(read('json').toString())
  const base64 = ({ offset, shape, dtype }) => {
    if (dtype !== 'float32') throw new Error(`${dtype} in a fixture`)
    const size = 4 * shape.reduce((n, m) => n * m, 1)
    return { base64: bytes.subarray(offset, offset + size).toString('base64'), shape }
  }
  return NAMES.map((wanted) => {
    const { name, options, seed, iterations, input, result } = runs.find((run) => run.name === wanted)
    return { name, options, seed, iterations, bark: base64(input), expected: base64(result) }
  })
}
