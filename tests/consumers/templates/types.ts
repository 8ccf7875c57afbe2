/** Compiled, not run: the three entries as somebody strict uses them. */
import type { DeviceInfo, InverseBarkScaleOptions, Report, StopReason, Tensor } from 'unbark'
import {
  availableDevices,
  BarkScale,
  BarkSpectrogram,
  barkscaleFbanks,
  hzToBark,
  InverseBarkScale,
  Spectrogram,
} from 'unbark'
import { type Clip, decodeWav, encodeWav, load } from 'unbark/audio'
import { readNpy, writeNpy } from 'unbark/npy'

export async function invert(file: string, signal?: AbortSignal): Promise<Uint8Array> {
  const { waveform, sampleRate }: Clip = await load(file)
  const bark: Tensor = await new BarkSpectrogram({ sampleRate, nFft: 1024 }).forward(waveform)
  const options: InverseBarkScaleOptions = { nStft: 513, threads: 2, sgdargs: { lr: 0.1, momentum: 0.9 } }
  const inverse = new InverseBarkScale({ ...options, threads: 'auto' })
  const { spectrogram, report } = await inverse.solve(bark, signal ? { signal } : {})
  inverse.dispose()
  const stopped: StopReason = report.stopReason
  const shape: number[] = spectrogram.shape
  const data: Float32Array = spectrogram.data
  return stopped === 'max-iter' ? new Uint8Array() : writeNpy({ data, shape })
}

export function more(bytes: Uint8Array): [Tensor, Tensor, Clip, number, Float64Array, Promise<Tensor>] {
  const { waveform } = decodeWav(encodeWav({ waveform: { data: [0, 1], shape: [1, 2] }, sampleRate: 8000 }))
  const bank = barkscaleFbanks({ nFreqs: 201, fMax: 8000, nBarks: 40, sampleRate: 16000 })
  const again = new BarkScale({ nStft: 201 }).forward(new Spectrogram().window)
  return [readNpy(bytes), bank, { waveform, sampleRate: 8000 }, hzToBark(440), hzToBark(new Float64Array(1)), again]
}

export const adapters = async (): Promise<DeviceInfo[]> =>
  (await availableDevices()).filter(({ device }) => device === 'gpu')

export const seconds = (report: Report): number => report.elapsedMs / 1000

// @ts-expect-error nStft is needed
new InverseBarkScale({})
// @ts-expect-error no such scale
new BarkScale({ nStft: 201, barkScale: 'mel' })
// @ts-expect-error power is a number
new BarkSpectrogram({ power: '2' })
