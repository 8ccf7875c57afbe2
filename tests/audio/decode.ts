/** Reading a file in a test. */
import { decodeWav, type LoadOptions } from '../../src/audio/index.ts'

/** Decodes and expects no warning. */
export function decode(
  bytes: Uint8Array,
  options: LoadOptions = {},
): { data: number[]; shape: number[]; sampleRate: number } {
  const onWarning = (message: string): never => {
    throw new Error(`unexpected warning: ${message}`)
  }
  const { waveform, sampleRate } = decodeWav(bytes, { onWarning, ...options })
  return { data: [...waveform.data], shape: waveform.shape, sampleRate }
}

/** Decodes and gives the warnings as well. */
export function warned(bytes: Uint8Array): { data: number[]; warnings: string[] } {
  const warnings: string[] = []
  const { data } = decode(bytes, { onWarning: (message) => warnings.push(message) })
  return { data, warnings }
}

/** The bytes of a whole typed array. */
export const bytesOf = (array: ArrayBufferView): number[] => [...new Uint8Array(array.buffer)]
