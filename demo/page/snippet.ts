/** The code that does what the page does, in JavaScript and for torchaudio. */

import type { Source } from './messages.ts'
import { barkOptions, inverseOptions, soundOptions } from './options.ts'
import type { Settings } from './settings.ts'

/** What options are left at in the library, and need not be said. */
const DEFAULTS: Record<string, unknown> = {
  barkScale: 'traunmuller',
  filterbank: 'torchaudio',
  nBarks: 128,
  power: 2,
  threads: 'auto',
  device: 'auto',
  method: 'joint',
  phase: 'pghi',
  iterations: 100,
}

function literal(options: object, without: readonly string[] = []): string {
  const entries = Object.entries(options).filter(
    ([name, value]) => !without.includes(name) && value !== undefined && value !== DEFAULTS[name],
  )
  return entries.map(([name, value]) => `${name}: ${typeof value === 'string' ? `'${value}'` : value}`).join(', ')
}

const deviceOf = ({ solver, device }: { solver?: string | undefined; device?: string | undefined }): string =>
  solver === 'sgd' && device !== 'auto' ? `, device: '${device}'` : ''

export function javascript(settings: Settings, source: Source, name: string): string {
  const rate = source.kind === 'sound' ? source.sampleRate : settings.rate
  const bark = barkOptions(settings, rate)
  const bank = Object.keys(bark)
  const sound = { ...soundOptions(settings, rate) }
  if (sound.solver === 'maxent') delete sound.solver
  const inverse = inverseOptions(settings, rate)
  const isSound = source.kind === 'sound'
  const file = name.replaceAll(/['\\\n]/g, '_')
  const mixes = isSound && settings.channels === 'mix' && source.channels > 1
  return [
    `import { ${isSound ? 'BarkSpectrogram, ' : ''}InverseBarkScale, InverseBarkSpectrogram } from 'unbark'`,
    `import { encodeWav${isSound ? ', load' : ''} } from 'unbark/audio'`,
    ...(isSound ? [] : ["import { readNpy } from 'unbark/npy'"]),
    '',
    `const options = { sampleRate: ${rate}, ${literal(bark, ['sampleRate'])} }`,
    ...(isSound
      ? [
          `const { waveform } = await load('${file}')${mixes ? ` // ${source.channels} channels; the page mixes them down` : ''}`,
          'const bark = await new BarkSpectrogram(options).forward(waveform)',
        ]
      : [`const bark = readNpy(await (await fetch('${file}')).arrayBuffer())`]),
    '',
    '// bands to a spectrogram',
    `const inverse = new InverseBarkScale({ ${literal(inverse, ['device'])}${deviceOf(inverse)} })`,
    'const { spectrogram, report } = await inverse.solve(bark)',
    '',
    '// bands to sound',
    `const toSound = new InverseBarkSpectrogram({ ...options${[literal(sound, bank)].map((text) => text && `, ${text}`)} })`,
    `const { waveform: again } = await toSound.solve(bark${isSound ? ', { length: waveform.shape.at(-1) }' : ''})`,
    `const wav = encodeWav({ waveform: again, sampleRate: ${rate} })`,
  ].join('\n')
}

export function python(settings: Settings, source: Source, name: string): string {
  const { nFft, hop, bands, power, scale, solver, maxIter, iterations, phase } = settings
  const isSound = source.kind === 'sound'
  const rate = isSound ? 'sample_rate' : String(settings.rate)
  const file = name.replaceAll(/["\\\n]/g, '_')
  const corrected = settings.filterbank === 'corrected' ? ['# its filterbank differs above 20.1 Bark'] : []
  const steps = solver === 'sgd' ? `, max_iter=${maxIter}` : ''
  const exact = solver === 'sgd' ? [] : [`# it has sgd alone; ${solver} is unbark's`]
  return [
    'import torch, torchaudio',
    'from torchaudio.prototype.transforms import BarkSpectrogram, InverseBarkScale',
    '',
    ...(isSound
      ? [
          `waveform, sample_rate = torchaudio.load("${file}")`,
          ...corrected,
          `bark = BarkSpectrogram(sample_rate, n_fft=${nFft}, hop_length=${hop}, n_barks=${bands},`,
          `                       power=${power}, bark_scale="${scale}")(waveform)`,
        ]
      : ['import numpy', `bark = torch.from_numpy(numpy.load("${file}"))`, ...corrected]),
    '',
    ...exact,
    'torch.manual_seed(0)',
    `spectrogram = InverseBarkScale(n_stft=${Math.floor(nFft / 2) + 1}, n_barks=${bands}, sample_rate=${rate},`,
    `                               bark_scale="${scale}"${steps})(bark)`,
    `again = torchaudio.transforms.GriffinLim(n_fft=${nFft}, hop_length=${hop}, power=${power}, n_iter=${iterations},`,
    `                                         rand_init=${phase === 'zero' ? 'False' : 'True'})(spectrogram)`,
  ].join('\n')
}
