/** What stands below a picture: what a reader needs to do it again. */
import type { Report, SoundReport } from '../index.ts'
import { size } from '../tensor.ts'
import { kebab } from './errors.ts'
import type { Found } from './picture.ts'
import { count, exactness, short } from './summary.ts'

/** What was given, the defaults that matter, and what is said of each result. */
export function captionOf({ settings, results = [], bark, waveform }: Found): string {
  const { nFft = 400, winLength = nFft, windowFn = 'hann', power = 2 } = settings
  const sound = waveform ? { nFft, hopLength: Math.floor((winLength ?? nFft) / 2), windowFn, power } : {}
  const bank = { barkScale: 'traunmuller', filterbank: 'torchaudio' }
  const parts = list({ ...sound, ...bank, ...settings })
  const channels = size(bark.shape.slice(0, -2))
  if (channels > 1) parts.push(`first of ${channels} channels`)
  const said = results.map((result) => result.said)
  return [parts.join(', '), ...said].join(results.length > 1 ? '\n' : '. ')
}

/**
 * @param options those of the solver that were given
 * @param measured figures in place of the report's
 */
export function solvedBy(report: Report, options: object, measured?: string): string {
  const { solver: name, iterations, stopReason, loss } = report
  const lossText = loss === null ? '' : `, loss ${short(loss)}`
  if (name !== 'sgd') {
    // an exact solver has no options of its own
    return `${name}: ${count(iterations, 'pass', 'es')} at most, ${measured ? `${stopReason}, ${measured}` : exactness(report) + lossText}`
  }
  const how = list({ seed: 0, ...options, solver: undefined }).join(', ')
  return `${name} (${how}): ${iterations} iterations, ${stopReason}${measured ? `, ${measured}` : lossText}`
}

/** The same of sound. */
export function soundedBy({ method, solver, iterations, bandConvergence }: SoundReport, options: object): string {
  const how = list({ phase: 'pghi', ...options, method: undefined, solver: undefined, iterations: undefined })
  const bands = bandConvergence === null ? '' : `, band convergence ${short(bandConvergence)}`
  return `${method} from ${solver} (${how.join(', ')}): ${count(iterations, 'iteration')}${bands}`
}

function list(options: object): string[] {
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  return given.flatMap(([name, value]) =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).map(([inner, x]) => `${name}.${kebab(inner)}\u00a0${x}`)
      : [`${kebab(name)}\u00a0${value}`],
  )
}
