/** unbark's classes, each made before the clock starts and called on tensors that are there. */
import {
  BarkScale,
  barkscaleFbanks,
  GriffinLim,
  InverseBarkScale,
  InverseBarkSpectrogram,
  InverseSpectrogram,
  Spectrogram,
} from '../../dist/index.js'

async function timed(run) {
  const start = performance.now()
  const result = await run()
  return { ms: performance.now() - start, result }
}

/** Instances by class and options: workers and weights are made once, as a page has them. */
const made = new Map()

function instance(Class, options) {
  const key = `${Class.name} ${JSON.stringify(options)}`
  if (!made.has(key)) made.set(key, new Class({ onWarning() {}, ...options }))
  return made.get(key)
}

const forward =
  (Class) =>
  ({ input, ...options }) => {
    const transform = instance(Class, options)
    return timed(() => transform.forward(input))
  }

async function solve({ bands, ...options }) {
  const inverse = instance(InverseBarkScale, { device: 'cpu', ...options })
  const { ms, result } = await timed(() => inverse.solve(bands))
  const { iterations, stopReason } = result.report
  return { ms, result: result.spectrogram, iterations, stopReason }
}

const calls = {
  solve,
  spectrogram: forward(Spectrogram),
  inverse_spectrogram: forward(InverseSpectrogram),
  bark_scale: forward(BarkScale),
  griffin_lim: forward(GriffinLim),
  sound: forward(InverseBarkSpectrogram),
  fbanks: (options) => timed(() => barkscaleFbanks({ onWarning() {}, ...options })),
}

export const load = () => ({ calls })
