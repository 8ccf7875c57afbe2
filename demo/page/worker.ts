/** The page's worker: everything that is computed is computed here. */
import { encodeWav } from 'unbark/audio'
import { writeNpy } from 'unbark/npy'
import { Analysis } from './analysis.ts'
import type { Answer, Call, Calls, News, Painted, PaintRequest, Place, Reading, Third } from './messages.ts'
import { decibels, paintDifference, paintLevels, rowAt, type Sheet } from './paint.ts'
import { Arriving, type Opened, openBands, openSound } from './source.ts'
import { inSlices } from './turns.ts'

interface Scope {
  postMessage(answer: Answer, transfer?: Transferable[]): void
  onmessage: ((event: MessageEvent<Call>) => void) | null
}
const scope = globalThis as unknown as Scope

const tell = (news: News): void => scope.postMessage({ news })

let analysis: Analysis | undefined
let arriving: Arriving | undefined

/** One job at a time; the next one ends it. */
let job: { controller: AbortController; done: Promise<unknown> } | undefined

async function asJob<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const before = job
  before?.controller.abort(new DOMException('replaced by newer settings', 'AbortError'))
  const controller = new AbortController()
  const done = (async () => {
    await before?.done.catch(() => {})
    controller.signal.throwIfAborted()
    return await work(controller.signal)
  })()
  job = { controller, done }
  return done
}

function opened(found: Opened): Opened['source'] {
  analysis = new Analysis(found, tell)
  return found.source
}

async function paint(request: PaintRequest): Promise<Painted> {
  const { third, channel } = request
  const frequencies = analysis?.frequencies
  const none: Painted = { original: undefined, bark: undefined, inverted: undefined }
  if (!analysis || !frequencies) return none
  const original = await analysis.sheet('original', channel)
  const bark = await analysis.sheet('bark', channel)
  const last = await analysis.sheet(third === 'sound' ? 'sound' : 'inverted', channel)
  const levels = async (sheet: Sheet | undefined): Promise<ArrayBuffer | undefined> =>
    sheet && (await inSlices(paintLevels(sheet, frequencies, request)))
  const difference = async (): Promise<ArrayBuffer | undefined> =>
    last && original && (await inSlices(paintDifference(last, original, frequencies, request)))
  return {
    original: await levels(original),
    bark: await levels(bark),
    inverted: third === 'difference' ? await difference() : await levels(last),
  }
}

async function read(
  place: Place,
  third: Third,
  axis: PaintRequest['axis'],
  channel: number,
): Promise<Reading | undefined> {
  const frequencies = analysis?.frequencies
  if (!analysis || !frequencies) return undefined
  const hz = frequencies.hzAt(place.frequency, axis)
  const level = async (name: 'original' | 'bark' | 'inverted' | 'sound'): Promise<number | undefined> => {
    const sheet = await analysis?.sheet(name, channel)
    if (!sheet) return undefined
    const { rows, frames } = sheet.grid
    const row = Math.min(Math.max(Math.round(rowAt(sheet, frequencies, hz)), 0), rows - 1)
    return decibels(sheet.grid.at(row, Math.min(Math.floor(place.time * frames), frames - 1)), sheet)
  }
  const [original, bark, inverted] = [
    await level('original'),
    await level('bark'),
    await level(third === 'sound' ? 'sound' : 'inverted'),
  ]
  const difference = original === undefined || inverted === undefined ? undefined : inverted - original
  const band = Math.min(Math.max(Math.round(frequencies.bandOf(hz)), 0), frequencies.bands - 1)
  return { hz, bark: frequencies.barkOf(hz), band, levels: { original, bark, inverted }, difference }
}

function file(which: Parameters<Calls['file']>[0]): Blob {
  if (which === 'wav') {
    if (!analysis?.sound) throw new Error('expected sound to save, got none yet')
    const bytes = encodeWav({ waveform: analysis.sound, sampleRate: analysis.soundRate })
    return new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'audio/wav' })
  }
  const tensor = analysis?.tensor(which.slice('npy-'.length) as 'original' | 'bark' | 'inverted')
  if (!tensor) throw new Error('expected a spectrogram to save, got none yet')
  return new Blob([writeNpy(tensor) as Uint8Array<ArrayBuffer>], { type: 'application/octet-stream' })
}

type Handlers = {
  [N in keyof Calls]: (...args: Parameters<Calls[N]>) => ReturnType<Calls[N]> | Promise<ReturnType<Calls[N]>>
}

const handlers: Handlers = {
  open: (blob, isBands) => asJob(async () => opened(await (isBands ? openBands : openSound)(blob))),
  begin: (channels, length, sampleRate) => {
    arriving = new Arriving(channels, length, sampleRate)
  },
  samples: (channel, at, values) => arriving?.take(channel, at, values),
  end: () =>
    asJob(async () => {
      const found = arriving!.opened()
      arriving = undefined
      return opened(found)
    }),
  run: (settings) =>
    asJob(async (signal) => {
      if (!analysis) throw new Error('expected a sound or bands, got none yet')
      await analysis.run(settings, signal)
    }),
  compare: (settings, request) => asJob(async (signal) => analysis?.compare(settings, request, signal)),
  cancel: async () => {
    job?.controller.abort(new DOMException('cancelled', 'AbortError'))
    await job?.done.catch(() => {})
  },
  paint,
  read,
  listen: (which, channel, from, count) => {
    const tensor = which === 'original' ? analysis?.waveform : analysis?.sound
    const [, length = 0] = tensor?.shape ?? []
    const at = channel * length + from
    return tensor ? tensor.data.slice(at, at + Math.min(count, length - from)) : new Float32Array(0)
  },
  file,
}

/** What need not be copied. */
function transferable(result: unknown): Transferable[] {
  if (result instanceof Float32Array) return [result.buffer as ArrayBuffer]
  if (typeof result !== 'object' || result === null) return []
  return Object.values(result).filter((value) => value instanceof ArrayBuffer)
}

scope.onmessage = async ({ data: { id, name, args } }) => {
  try {
    const result = await (handlers[name] as (...args: unknown[]) => unknown)(...args)
    scope.postMessage({ id, result }, transferable(result))
  } catch (error) {
    const { name: kind, message } = error as Error
    scope.postMessage({ id, error: { name: kind, message } })
  }
}
