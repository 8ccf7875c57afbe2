/** From a sound to its bands, back to a spectrogram and back to sound: all of it unbark's. What is still right is kept. */
import {
  BarkScale,
  InverseBarkScale,
  InverseBarkSpectrogram,
  type OnProgress,
  type Report,
  type SolverName,
  Spectrogram,
  type Tensor,
} from 'unbark'
import { bandFit, likenessInSteps } from '../../src/cli/quality.ts'
import { frameCurve, iterationCurve } from './curve.ts'
import { Frequencies } from './frequencies.ts'
import { Grid } from './grid.ts'
import type { Extent, News, PaintRequest, PanelName, Step } from './messages.ts'
import { barkOptions, inverseOptions, soundOptions } from './options.ts'
import { paintLevels, type Sheet } from './paint.ts'
import type { Settings } from './settings.ts'
import { mixed, type Opened } from './source.ts'
import { inSlices } from './turns.ts'

/** Where the page keeps the library's workers; its policy lets none be made of text. */
const SOLVER_WORKER = new URL('./unbark-worker.js', import.meta.url)
const SOUND_WORKER = new URL('./unbark-joint-worker.js', import.meta.url)
/** Losses of every iteration are asked for while the frames are so few that it costs little. */
const MOST_FRAMES_OF_CURVE = 1500
const SOLVERS: readonly SolverName[] = ['sgd', 'nnls', 'maxent']
/** Values that are looked at for the greatest before a step. */
const STEP = 2 ** 18

export type SheetName = PanelName | 'sound'

interface Kept extends Omit<Sheet, 'grid'> {
  tensor: Tensor
  /** By channel, as they are looked at. */
  grids: Map<number, Promise<Grid>>
}

/** Settings that a stage depends on, as text. */
const keyOf = (settings: Settings, names: readonly (keyof Settings)[]): string =>
  JSON.stringify(names.map((name) => settings[name]))
const BANK = ['rate', 'nFft', 'bands', 'scale', 'filterbank'] as const
const BANDS = [...BANK, 'hop', 'power', 'channels'] as const
const SOLUTION = [...BANDS, 'solver', 'maxIter', 'device', 'threads'] as const

export class Analysis {
  readonly #opened: Opened
  readonly #tell: (news: News) => void
  readonly #sheets = new Map<SheetName, Kept>()
  #bandsKey = ''
  #solutionKey = ''
  #settings: Settings | undefined
  #frequencies: Frequencies | undefined
  /** [channels, samples] that the bands are of. */
  waveform: Tensor | undefined
  sound: Tensor | undefined
  soundRate = 0

  constructor(opened: Opened, tell: (news: News) => void) {
    this.#opened = opened
    this.#tell = tell
  }

  get frequencies(): Frequencies | undefined {
    return this.#frequencies
  }

  tensor(name: SheetName): Tensor | undefined {
    return this.#sheets.get(name)?.tensor
  }

  rate(settings: Settings): number {
    return this.#opened.source.kind === 'sound' ? this.#opened.source.sampleRate : settings.rate
  }

  /** What a channel of a spectrogram looks like. */
  async sheet(name: SheetName, channel: number): Promise<Sheet | undefined> {
    const kept = this.#sheets.get(name)
    if (!kept) return undefined
    const { shape, data } = kept.tensor
    const [channels = 1, rows = 1, frames = 1] = shape
    const c = Math.min(channel, channels - 1)
    const cells = data.subarray(c * rows * frames, (c + 1) * rows * frames)
    let grid = kept.grids.get(c)
    if (!grid) {
      grid = inSlices(Grid.of(cells, rows, frames))
      kept.grids.set(c, grid)
    }
    return { ...kept, grid: await grid }
  }

  async run(settings: Settings, signal: AbortSignal): Promise<void> {
    const rate = this.rate(settings)
    this.#settings = settings
    const bandsKey = keyOf(settings, BANDS)
    if (this.#bandsKey !== bandsKey) {
      this.#bandsKey = this.#solutionKey = ''
      this.#sheets.clear()
      this.sound = undefined
      await this.#bands(settings, rate, signal)
      this.#bandsKey = bandsKey
    }
    const solutionKey = keyOf(settings, SOLUTION)
    const isNew = this.#solutionKey !== solutionKey
    if (isNew) {
      this.#solutionKey = ''
      this.#sheets.delete('inverted')
      await this.#solve(settings, rate, signal)
      this.#solutionKey = solutionKey
    }
    this.#sheets.delete('sound')
    this.sound = undefined
    await this.#sounds(settings, rate, signal)
    await this.#compareWith('inverted', settings, signal)
    await this.#compareWith('sound', settings, signal)
  }

  async #bands(settings: Settings, rate: number, signal: AbortSignal): Promise<void> {
    const { source, tensor } = this.#opened
    const { nFft, hopLength, power, ...bank } = barkOptions(settings, rate)
    const options = { nBarks: bank.nBarks, barkScale: bank.barkScale, filterbank: bank.filterbank }
    const scale = new BarkScale({
      ...options,
      sampleRate: rate,
      nStft: Math.floor(settings.nFft / 2) + 1,
      onWarning: this.#warn,
    })
    this.#frequencies = new Frequencies(settings, rate)
    if (source.kind === 'bands') {
      if (source.bands !== settings.bands)
        throw new RangeError(`Bands: expected ${source.bands}, as many as the array has, got ${settings.bands}`)
      this.waveform = undefined
      await this.#keep('bark', tensor, 'bands', signal)
      return
    }
    this.#say('reading', 0)
    this.waveform = settings.channels === 'mix' ? await inSlices(mixed(tensor), signal) : tensor
    this.#say('spectrogram', 0)
    const spectrogram = new Spectrogram({ nFft, hopLength, power: power ?? 2 })
    const original = await spectrogram.forward(this.waveform, { signal })
    await this.#keep('original', original, 'bins', signal)
    this.#say('bands', 0)
    await this.#keep('bark', await scale.forward(original, { signal }), 'bands', signal)
  }

  async #solve(settings: Settings, rate: number, signal: AbortSignal): Promise<void> {
    const bark = this.#sheets.get('bark')!.tensor
    const frames = bark.shape[0]! * bark.shape[2]!
    const curve: { iteration: number; loss: number }[] = []
    const { spectrogram, report } = await this.#invert(settings, rate, signal, {
      history: settings.solver === 'sgd' && frames <= MOST_FRAMES_OF_CURVE && settings.maxIter <= 20_000,
      perFrame: true,
      hear: ({ iteration, loss }) => {
        if (loss !== null) curve.push({ iteration, loss })
      },
    })
    await this.#keep('inverted', spectrogram, 'bins', signal)
    const points = report.frames
      ? { of: 'frame' as const, points: frameCurve(report.frames.loss) }
      : { of: 'iteration' as const, points: iterationCurve(report.history ?? curve) }
    const { history: _, frames: __, ...short } = report
    this.#tell({ is: 'solved', solved: { report: short, frames, curve: points } })
  }

  async #invert(
    settings: Settings,
    rate: number,
    signal: AbortSignal,
    { hear, ...more }: { history?: boolean; perFrame?: boolean; hear?: OnProgress } = {},
  ): Promise<{ spectrogram: Tensor; report: Report }> {
    const inverse = new InverseBarkScale({
      ...inverseOptions(settings, rate),
      workerUrl: SOLVER_WORKER,
      onWarning() {},
    })
    this.#say(settings.solver, 0)
    try {
      const onProgress: OnProgress = (progress) => {
        hear?.(progress)
        const { stage, iteration, of, loss } = progress
        this.#tell({ is: 'step', step: { stage, part: of > 0 ? iteration / of : 0, iteration, of, loss } })
      }
      return await inverse.solve(this.#sheets.get('bark')!.tensor, { signal, onProgress, ...more })
    } finally {
      inverse.dispose()
    }
  }

  async #sounds(settings: Settings, rate: number, signal: AbortSignal): Promise<void> {
    const inverse = new InverseBarkSpectrogram({
      ...soundOptions(settings, rate),
      length: this.waveform?.shape[1],
      workerUrl: SOUND_WORKER,
      onWarning() {},
    })
    this.#say('sound', 0)
    try {
      const { waveform, report } = await inverse.solve(this.#sheets.get('bark')!.tensor, {
        signal,
        onProgress: ({ stage, iteration, of }) =>
          this.#tell({
            is: 'step',
            step: { stage, part: of > 0 ? iteration / of : 0, iteration, of, loss: null },
          }),
      })
      this.sound = waveform
      this.soundRate = rate
      const [channels, samples] = waveform.shape as [number, number]
      this.#tell({ is: 'sounded', sounded: { report, samples, channels, sampleRate: rate } })
      const { nFft, hopLength, power } = barkOptions(settings, rate)
      const heard = await new Spectrogram({ nFft, hopLength, power: power ?? 2 }).forward(waveform, { signal })
      await this.#keep('sound', heard, 'bins', signal)
    } finally {
      inverse.dispose()
    }
  }

  async #compareWith(of: 'inverted' | 'sound', { power }: Settings, signal: AbortSignal): Promise<void> {
    const [original, found] = [this.tensor('original'), this.tensor(of)]
    if (!original || !found) return
    this.#say('figures', of === 'inverted' ? 0 : 0.5)
    const [channels, rows, frames] = original.shape as [number, number, number]
    const steps = likenessInSteps(original.data, found.data, { channels, rows, frames }, Number(power))
    this.#tell({ is: 'likeness', of, likeness: await inSlices(steps, signal) })
  }

  /** Every solver on the bands that are there; a picture of each. */
  async compare(settings: Settings, request: PaintRequest, signal: AbortSignal): Promise<void> {
    const rate = this.rate(settings)
    const bark = this.#sheets.get('bark')
    if (!bark || !this.#frequencies) throw new Error('expected bands to compare on, got none yet')
    const original = this.#sheets.get('original')
    const [channels, bands, frames] = bark.tensor.shape as [number, number, number]
    const rows = Math.floor(settings.nFft / 2) + 1
    const { nBarks, barkScale, filterbank } = barkOptions(settings, rate)
    const scale = new BarkScale({ nStft: rows, nBarks, sampleRate: rate, barkScale, filterbank, onWarning() {} })
    for (const solver of SOLVERS) {
      const { spectrogram, report } = await this.#invert({ ...settings, solver }, rate, signal)
      const again = await scale.forward(spectrogram, { signal })
      const fit = bandFit(bark.tensor.data, again.data, { channels, rows: bands, frames })
      const layout = { channels, rows, frames }
      const likeness =
        original &&
        (await inSlices(
          likenessInSteps(original.tensor.data, spectrogram.data, layout, Number(settings.power)),
          signal,
        ))
      const peak = original?.peak ?? (await inSlices(peakOf(spectrogram.data), signal))
      const c = Math.min(request.channel, channels - 1)
      const cells = spectrogram.data.subarray(c * rows * frames, (c + 1) * rows * frames)
      const grid = await inSlices(Grid.of(cells, rows, frames), signal)
      const sheet: Sheet = { grid, rows: 'bins', peak, isPower: settings.power === '2' }
      const picture = await inSlices(paintLevels(sheet, this.#frequencies, request), signal)
      const { elapsedMs, iterations } = report
      this.#tell({ is: 'row', row: { solver, elapsedMs, iterations, fit, likeness, picture } })
    }
  }

  async #keep(name: SheetName, tensor: Tensor, rows: Sheet['rows'], signal: AbortSignal): Promise<void> {
    const own = await inSlices(peakOf(tensor.data), signal)
    const peak = rows === 'bins' ? (this.#sheets.get('original')?.peak ?? own) : own
    this.#sheets.set(name, { tensor, rows, peak, isPower: this.#settings!.power === '2', grids: new Map() })
    this.#tell({ is: 'shown', panel: name, extent: this.#extent(tensor) })
  }

  #extent({ shape }: Tensor): Extent {
    const [channels = 1, , frames = 1] = shape
    const { hz, lowestBark, highestBark } = this.#frequencies!
    const seconds = (frames * this.#settings!.hop) / this.rate(this.#settings!)
    return { seconds, frames, hz, bark: highestBark, lowestBark, channels }
  }

  readonly #warn = (text: string): void => this.#tell({ is: 'warning', text })

  #say(stage: Step['stage'], part: number): void {
    this.#tell({ is: 'step', step: { stage, part, iteration: 0, of: 0, loss: null } })
  }
}

function* peakOf(data: Float32Array): Generator<undefined, number> {
  let peak = 0
  for (let from = 0; from < data.length; from += STEP) {
    const to = Math.min(from + STEP, data.length)
    for (let i = from; i < to; i++) if (data[i]! > peak && data[i]! < Infinity) peak = data[i]!
    yield
  }
  return peak
}
