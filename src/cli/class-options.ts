/** Options of the library's classes as flags, in torchaudio's spelling: `n_barks` is `--n-barks`. */
import { kebab } from './errors.ts'

export interface Flag {
  /** The library's name, nested ones with a dot. */
  name: string
  /** What the value is, as help shows it; none for a switch. `no` for one that is on without it. */
  value: string
  help: string
}

/** Options of every filterbank. */
export const BARK_FLAGS: readonly Flag[] = [
  { name: 'nBarks', value: '<count>', help: 'bands (128; of a .npy file as many as it has)' },
  { name: 'fMin', value: '<Hz>', help: 'lowest frequency (0)' },
  { name: 'fMax', value: '<Hz>', help: 'highest frequency (half the sample rate)' },
  { name: 'barkScale', value: '<name>', help: 'traunmuller, schroeder or wang (traunmuller)' },
  { name: 'filterbank', value: '<name>', help: 'torchaudio or corrected (torchaudio)' },
]

/** Options of BarkSpectrogram beside those. */
export const SOUND_FLAGS: readonly Flag[] = [
  { name: 'nFft', value: '<count>', help: 'samples of a frame (400)' },
  { name: 'winLength', value: '<count>', help: 'samples of the window (n-fft)' },
  { name: 'hopLength', value: '<count>', help: 'samples from a frame to the next (half the window)' },
  { name: 'pad', value: '<count>', help: 'zeros at both ends (0)' },
  { name: 'windowFn', value: '<name>', help: 'hann, hamming, blackman, bartlett, kaiser or ones (hann)' },
  { name: 'wkwargs.beta', value: '<number>', help: 'shape of the kaiser window (12), or of hamming (0.46)' },
  { name: 'wkwargs.alpha', value: '<number>', help: 'of the hamming window (0.54)' },
  { name: 'power', value: '<number>', help: '2 for power, 1 for magnitude (2)' },
  {
    name: 'normalized',
    value: '[=how]',
    help: 'divide by the energy of the window, or (frame_length) by that of the frame',
  },
  { name: 'center', value: 'no', help: 'frame t begins at its sample, instead of having its middle there' },
  { name: 'padMode', value: '<name>', help: 'reflect, constant, replicate or circular (reflect)' },
]

/** Options of InverseBarkScale beside those of the filterbank. */
export const INVERSE_FLAGS: readonly Flag[] = [
  { name: 'maxIter', value: '<count>', help: 'most iterations of sgd (100000)' },
  { name: 'toleranceLoss', value: '<number>', help: 'stop at a loss below this (1e-5)' },
  { name: 'toleranceChange', value: '<number>', help: 'stop at a change of the loss below this (1e-8)' },
  { name: 'sgdargs.lr', value: '<number>', help: 'step size (0.1; with any other sgdargs 0.001)' },
  { name: 'sgdargs.momentum', value: '<number>', help: 'momentum (0.9; with any other sgdargs 0)' },
  { name: 'sgdargs.dampening', value: '<number>', help: 'dampening of the momentum (0)' },
  { name: 'sgdargs.weightDecay', value: '<number>', help: 'weight decay (0)' },
  { name: 'sgdargs.nesterov', value: '', help: 'Nesterov momentum' },
  { name: 'sgdargs.maximize', value: '', help: 'maximise instead' },
  {
    name: 'solver',
    value: '<name>',
    help: 'sgd (as torchaudio), nnls (least norm), maxent (smoothest) (sgd; with --audio maxent)',
  },
  { name: 'stepping', value: '<name>', help: 'auto or plain (auto)' },
  { name: 'seed', value: '<number>', help: 'of the random start, as torch.manual_seed takes it (0)' },
  { name: 'device', value: '<name>', help: 'auto, cpu or gpu; unbark devices says what there is (auto)' },
  { name: 'threads', value: '<count>', help: 'auto or a number; the result is the same (auto)' },
]

/** Options of InverseBarkSpectrogram beside those of BarkSpectrogram. */
export const AUDIO_FLAGS: readonly Flag[] = [
  {
    name: 'method',
    value: '<name>',
    help: 'joint, or griffin-lim, which keeps the magnitudes of the solver (joint)',
  },
  { name: 'iterations', value: '<count>', help: 'how often magnitudes and phases are taken up again (100)' },
  {
    name: 'phase',
    value: '<name>',
    help: 'phases to start from: pghi (by the magnitudes), random or zero (pghi)',
  },
  { name: 'pitch', value: 'no', help: 'look for no pitch of a voice' },
  { name: 'bandTolerance', value: '<number>', help: 'by what part of itself a band may be missed, 0 to 1 (0)' },
  { name: 'solver', value: '<name>', help: 'magnitudes to start from: maxent, nnls or sgd (maxent)' },
  { name: 'seed', value: '<number>', help: 'of random phases, and of the start of sgd (0)' },
  { name: 'device', value: '<name>', help: 'auto or cpu: sound is made by no GPU (auto)' },
  { name: 'threads', value: '<count>', help: 'auto or a number; the result is the same (auto)' },
]

/** A flag as it is typed. */
export function flagOf({ name, value }: Flag): string {
  const typed = name.split('.').map(kebab).join('.')
  return value === 'no' ? `--no-${typed}` : `--${typed} ${value}`.trim()
}

/** The options that were given, of those that the flags name. */
export function given(options: Record<string, unknown>, flags: readonly Flag[]): Record<string, unknown> {
  const names = new Set(flags.map(({ name }) => name.split('.')[0]!))
  return Object.fromEntries(Object.entries(options).filter(([name]) => names.has(name)))
}
