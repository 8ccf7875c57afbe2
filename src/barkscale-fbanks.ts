import { chooseProjection } from './backends/choose.ts'
import { BARK_OPTIONS, type BarkOptions, readBark, warnOfEmptyBands } from './bark-options.ts'
import { type OnWarning, readCount, readOptions, readWarnings } from './options.ts'
import type { Tensor } from './tensor.ts'

export interface BarkscaleFbanksOptions extends BarkOptions {
  /** Number of bins, which run from 0 Hz to sampleRate // 2: 1 to 65 536. */
  nFreqs: number
  onWarning?: OnWarning | undefined
}

/**
 * The triangular filterbank of torchaudio.prototype.functional.barkscale_fbanks: triangles of height 1 between points
 * that are equally spaced in Bark.
 *
 * Unlike upstream's, `fMin` has a default (0), and so have `fMax` (sampleRate // 2), `nBarks` and `sampleRate`.
 * @returns float32 [nFreqs, nBarks]
 * @throws TypeError or RangeError that names the option
 */
export function barkscaleFbanks(options: BarkscaleFbanksOptions): Tensor {
  const known = ['nFreqs', ...BARK_OPTIONS, 'onWarning'] as const
  const read = readOptions<BarkscaleFbanksOptions>('barkscaleFbanks', options, known)
  const spec = readBark(read, readCount('nFreqs', read.nFreqs))
  const warn = readWarnings(read.onWarning)
  const { bank } = chooseProjection(spec)
  warnOfEmptyBands(bank.emptyBands, spec.nBands, spec.nBins, warn)
  return { data: bank.dense(), shape: [spec.nBins, spec.nBands] }
}
