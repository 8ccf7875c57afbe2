/** The figure of a run: what went in, its Bark bands, what came out. */
import type { BarkSpectrogramOptions, Tensor } from '../index.ts'
import { spectrogramOf } from './bark-input.ts'
import { captionOf } from './caption.ts'
import type { Panel } from './plot/index.ts'

/** A result under its title. */
export interface Drawn {
  title: string
  spectrogram: Tensor
  /** How it came about, for the caption. */
  said: string
}

export interface Found {
  name: string
  waveform?: Tensor | undefined
  bark: Tensor
  /** One is drawn below its bands, several side by side. */
  results?: readonly Drawn[]
  settings: BarkSpectrogramOptions
  signal: AbortSignal
}

/** The figure as the bytes of a .png or the text of a .svg file, by the file's name. */
export async function drawFigure(found: Found, file: string): Promise<Uint8Array | string> {
  const { renderPng, renderSvg } = await import('./plot/index.ts')
  const { settings, waveform, results = [] } = found
  const { sampleRate = 16000, nFft = 400 } = settings
  const hop = settings.hopLength ?? Math.floor((settings.winLength ?? nFft) / 2)
  const knowsTime = waveform !== undefined || settings.hopLength !== undefined
  const first = settings.center === false ? nFft / 2 / sampleRate : 0
  const figure = {
    title: found.name,
    panels: await panelsOf(found),
    secondsPerFrame: knowsTime ? hop / sampleRate : undefined,
    firstSecond: first,
    caption: captionOf(found),
    ...(results.length > 1 ? { across: 2, width: 2000 } : {}),
  }
  return file.toLowerCase().endsWith('.svg') ? renderSvg(figure) : renderPng(figure)
}

async function panelsOf({ waveform, bark, results = [], settings, signal }: Found): Promise<Panel[]> {
  const { hzToBark } = await import('../index.ts')
  const { sampleRate = 16000, power = 2, barkScale, nBarks = 128, fMin = 0, fMax } = settings
  const isPower = power !== 1
  const hz = { unit: 'Hz', low: 0, high: Math.floor(sampleRate / 2) } as const
  const panels: Panel[] = []
  if (waveform) {
    const original = await spectrogramOf(waveform, settings, signal)
    panels.push({ title: 'Original', tensor: firstItem(original), axis: hz, isPower })
  }
  const [low, high] = [hzToBark(fMin, { barkScale }), hzToBark(fMax || hz.high, { barkScale })]
  const step = (high - low) / (nBarks + 1)
  const bands = { unit: 'Bark', low: low + step, high: nBarks === 1 ? low + step : high - step } as const
  panels.push({ title: `Bark, ${nBarks} bands`, tensor: firstItem(bark), axis: bands, isPower })
  for (const { title, spectrogram } of results)
    panels.push({ title, tensor: firstItem(spectrogram), axis: hz, isPower })
  return panels
}

/** [rows, time] of the first channel. */
function firstItem({ data, shape }: Tensor): Panel['tensor'] {
  const [rows, time] = shape.slice(-2) as [number, number]
  return data.length === 0 ? { data, shape: [rows, 0] } : { data: data.subarray(0, rows * time), shape: [rows, time] }
}
