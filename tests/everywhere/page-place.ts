/** tests/place.ts for pages, workers and worklets: the fixtures are a part of the bundle, so that nothing is fetched. */
import filterbankBytes from '../fixtures/filterbank.bin'
import filterbank from '../fixtures/filterbank.json'
import gaugeBytes from '../fixtures/gauge.bin'
import gauge from '../fixtures/gauge.json'
import griffinLimBytes from '../fixtures/griffin-lim.bin'
import griffinLim from '../fixtures/griffin-lim.json'
import inverseSpectrogramBytes from '../fixtures/inverse-spectrogram.bin'
import inverseSpectrogram from '../fixtures/inverse-spectrogram.json'
import sgdBytes from '../fixtures/sgd.bin'
import sgd from '../fixtures/sgd.json'
import spectrogramBytes from '../fixtures/spectrogram.bin'
import spectrogram from '../fixtures/spectrogram.json'

type Settings = { testSettings?: { workerUrl?: string | undefined; gpuBackend?: string | undefined } }

const records: Record<string, { index: unknown; bytes: Uint8Array }> = {
  filterbank: { index: filterbank, bytes: filterbankBytes },
  gauge: { index: gauge, bytes: gaugeBytes },
  'griffin-lim': { index: griffinLim, bytes: griffinLimBytes },
  'inverse-spectrogram': { index: inverseSpectrogram, bytes: inverseSpectrogramBytes },
  sgd: { index: sgd, bytes: sgdBytes },
  spectrogram: { index: spectrogram, bytes: spectrogramBytes },
}

export const workerUrl: string | undefined = (globalThis as Settings).testSettings?.workerUrl

export const gpuBackend: string | undefined = (globalThis as Settings).testSettings?.gpuBackend

export function readRecord(kind: string): { index: unknown; bytes: Uint8Array } {
  return records[kind]!
}
