/** Every suite, by name. */
export const suites: Record<string, () => Promise<unknown>> = {
  'barkscale-fbanks': () => import('./barkscale-fbanks.test.ts'),
  'bark-scale': () => import('./bark-scale.test.ts'),
  'inverse-bark-scale': () => import('./inverse-bark-scale.test.ts'),
  sgd: () => import('./sgd.test.ts'),
  fft: () => import('./fft.test.ts'),
  spectrogram: () => import('./spectrogram.test.ts'),
  structure: () => import('./structure.test.ts'),
  package: () => import('./package.test.ts'),
  readme: () => import('./readme.test.ts'),
  suites: () => import('./suites.test.ts'),
  npy: () => import('./npy.test.ts'),
  'audio/wav': () => import('./audio/wav.test.ts'),
  'audio/wav-layout': () => import('./audio/wav-layout.test.ts'),
  'audio/wav-fuzz': () => import('./audio/wav-fuzz.test.ts'),
  'audio/encode-wav': () => import('./audio/encode-wav.test.ts'),
  'audio/load': () => import('./audio/load.test.ts'),
}
