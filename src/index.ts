export type { BarkScaleName } from './backend.ts'
export { availableDevices, type Device, type DeviceInfo, type Threads } from './backends/choose.ts'
export type { BarkOptions, DeviceOptions } from './bark-options.ts'
export { BarkScale, type BarkScaleOptions, type ForwardOptions } from './bark-scale.ts'
export { BarkSpectrogram, type BarkSpectrogramOptions } from './bark-spectrogram.ts'
export { BarkStream, type BarkStreamOptions } from './bark-stream.ts'
export { type BarkscaleFbanksOptions, barkscaleFbanks } from './barkscale-fbanks.ts'
export type { FrameOptions, Normalized } from './frame-options.ts'
export type { PadMode } from './framing.ts'
export { GriffinLim, type GriffinLimCallOptions, type GriffinLimOptions } from './griffin-lim.ts'
export { InverseBarkScale, type Solved } from './inverse-bark-scale.ts'
export {
  InverseBarkSpectrogram,
  type InverseBarkSpectrogramCallOptions,
  type Sound,
  type SoundReport,
} from './inverse-bark-spectrogram.ts'
export type { InverseBarkSpectrogramOptions } from './inverse-bark-spectrogram-options.ts'
export type { InverseBarkScaleOptions, SolveOptions, SolveSyncOptions } from './inverse-options.ts'
export {
  InverseSpectrogram,
  type InverseSpectrogramCallOptions,
  type InverseSpectrogramOptions,
} from './inverse-spectrogram.ts'
export type { StageTimes } from './joint.ts'
export type { OnWarning } from './options.ts'
export type { FrameReport, Report, SolverName, StopReason } from './report.ts'
export { barkToHz, hzToBark, type ScaleOptions } from './scales.ts'
export type { SgdArgs } from './sgd-options.ts'
export { Spectrogram, type SpectrogramOptions } from './spectrogram.ts'
export type { OnProgress, Progress } from './steps.ts'
export type { NumberArray, Tensor, TensorLike } from './tensor.ts'
export type { WindowArguments, WindowFunction, WindowName } from './windows.ts'
