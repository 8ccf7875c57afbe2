export type { BarkScaleName } from './backend.ts'
export type { Device, Threads } from './backends/choose.ts'
export type { BarkOptions, DeviceOptions } from './bark-options.ts'
export { BarkScale, type BarkScaleOptions, type ForwardOptions } from './bark-scale.ts'
export { BarkSpectrogram, type BarkSpectrogramOptions } from './bark-spectrogram.ts'
export { type BarkscaleFbanksOptions, barkscaleFbanks } from './barkscale-fbanks.ts'
export type { PadMode } from './framing.ts'
export {
  InverseBarkScale,
  type InverseBarkScaleOptions,
  type Solved,
  type SolveOptions,
  type SolveSyncOptions,
} from './inverse-bark-scale.ts'
export type { OnWarning } from './options.ts'
export type { Report, StopReason } from './report.ts'
export { barkToHz, hzToBark, type ScaleOptions } from './scales.ts'
export type { SgdArgs } from './sgd-options.ts'
export { Spectrogram, type SpectrogramOptions } from './spectrogram.ts'
export type { OnProgress, Progress } from './steps.ts'
export type { NumberArray, Tensor, TensorLike } from './tensor.ts'
export type { WindowArguments, WindowFunction, WindowName } from './windows.ts'
