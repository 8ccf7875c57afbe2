/** `unbark/audio`: audio files in and out. */
export type { Tensor, TensorLike } from '../tensor.ts'
export { type EncodeOptions, encodeWav } from './encode-wav.ts'
export { load } from './load.ts'
export { type Clip, decodeWav, type LoadOptions } from './wav.ts'
