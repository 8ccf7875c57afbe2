/** Every suite, by name. */
export const suites: Record<string, () => Promise<unknown>> = {
  'barkscale-fbanks': () => import('./barkscale-fbanks.test.ts'),
  'bark-scale': () => import('./bark-scale.test.ts'),
  'inverse-bark-scale': () => import('./inverse-bark-scale.test.ts'),
  threads: () => import('./threads.test.ts'),
  workers: () => import('./workers.test.ts'),
  'gpu-choice': () => import('./gpu-choice.test.ts'),
  'gpu-device': () => import('./gpu-device.test.ts'),
  'gpu-patience': () => import('./gpu-patience.test.ts'),
  sgd: () => import('./sgd.test.ts'),
  'sgd-stepping': () => import('./sgd-stepping.test.ts'),
  'sgd-fuzz': () => import('./sgd-fuzz.test.ts'),
  'oracle/oracle': () => import('./oracle/oracle.test.ts'),
  exact: () => import('./exact.test.ts'),
  'exact-solve': () => import('./exact-solve.test.ts'),
  'exact-memory': () => import('./exact-memory.test.ts'),
  fft: () => import('./fft.test.ts'),
  pghi: () => import('./pghi.test.ts'),
  spectrogram: () => import('./spectrogram.test.ts'),
  'inverse-spectrogram': () => import('./inverse-spectrogram.test.ts'),
  joint: () => import('./joint.test.ts'),
  'joint-method': () => import('./joint-method.test.ts'),
  'joint-threads': () => import('./joint-threads.test.ts'),
  'joint-steps': () => import('./joint-steps.test.ts'),
  'inverse-bark-spectrogram': () => import('./inverse-bark-spectrogram.test.ts'),
  'inverse-bark-spectrogram-call': () => import('./inverse-bark-spectrogram-call.test.ts'),
  'joint-fuzz': () => import('./joint-fuzz.test.ts'),
  'joint-quality': () => import('./joint-quality.test.ts'),
  'bark-stream': () => import('./bark-stream.test.ts'),
  'bark-player': () => import('./bark-player.test.ts'),
  'griffin-lim': () => import('./griffin-lim.test.ts'),
  pitch: () => import('./pitch.test.ts'),
  structure: () => import('./structure.test.ts'),
  package: () => import('./package.test.ts'),
  readme: () => import('./readme.test.ts'),
  'cli/commands': () => import('./cli/commands.test.ts'),
  'cli/compare': () => import('./cli/compare.test.ts'),
  'cli/roundtrip': () => import('./cli/roundtrip.test.ts'),
  'cli/bands-to-sound': () => import('./cli/bands-to-sound.test.ts'),
  'cli/summary': () => import('./cli/summary.test.ts'),
  'cli/files': () => import('./cli/files.test.ts'),
  'cli/terminal': () => import('./cli/terminal.test.ts'),
  apart: () => import('./apart.test.ts'),
  suites: () => import('./suites.test.ts'),
  npy: () => import('./npy.test.ts'),
  'audio/wav': () => import('./audio/wav.test.ts'),
  'audio/wav-layout': () => import('./audio/wav-layout.test.ts'),
  'audio/wav-fuzz': () => import('./audio/wav-fuzz.test.ts'),
  'audio/encode-wav': () => import('./audio/encode-wav.test.ts'),
  'audio/load': () => import('./audio/load.test.ts'),
  'cli/quality': () => import('./cli/quality.test.ts'),
  'cli/plot': () => import('./cli/plot.test.ts'),
  'cli/plot-ticks': () => import('./cli/plot-ticks.test.ts'),
  'cli/plot-levels': () => import('./cli/plot-levels.test.ts'),
  'cli/plot-lettering': () => import('./cli/plot-lettering.test.ts'),
}

/** Together in one process, whose start takes longer than any of them. */
export const quick: string[] = [
  'barkscale-fbanks',
  'bark-scale',
  'gpu-choice',
  'structure',
  'suites',
  'cli/summary',
  'cli/quality',
  'cli/plot-ticks',
  'cli/plot-levels',
  'audio/wav',
  'audio/wav-layout',
  'audio/encode-wav',
]

/** The same, of those about sound. */
export const sound: string[] = [
  'pghi',
  'joint',
  'joint-steps',
  'joint-quality',
  'inverse-bark-spectrogram',
  'inverse-bark-spectrogram-call',
]

/** With no other beside them: they hold milliseconds or megabytes to a bound. */
export const alone: string[] = ['workers', 'exact-memory', 'bark-stream', 'inverse-bark-scale', 'npy']

/** Left to the places, which run them on each backend: on a software adapter they take 20 s. */
export const elsewhere: string[] = ['gpu-device']
