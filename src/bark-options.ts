/** The options that everything with a filterbank or a device has in common. */
import type { BarkScaleName, FilterbankSpec } from './backend.ts'
import { cpuOnly, type Device, type Placement, type Threads } from './backends/choose.ts'
import { expected, type OnWarning, readChoice, readCount, readInteger, readNumber, type Warn } from './options.ts'

export interface BarkOptions {
  /** Number of bands, 1 to 65 536. Default 128. */
  nBarks?: number | undefined
  /** Hz, an integer. Default 16 000. */
  sampleRate?: number | undefined
  /** Lowest frequency in Hz, at least 0. Default 0. */
  fMin?: number | undefined
  /** Highest frequency in Hz, above `fMin`. Default (also for null and 0) sampleRate // 2. */
  fMax?: number | null | undefined
  /** Default `'traunmuller'`. */
  barkScale?: BarkScaleName | undefined
  /**
   * `'torchaudio'` (default) is upstream's bank, which for the Traunmüller scale leaves out a correction above 20.1 Bark
   * when `fMin` is below 2 Bark (about 204 Hz); `'corrected'` follows Traunmüller's formulas at both ends.
   */
  filterbank?: 'torchaudio' | 'corrected' | undefined
}

export interface DeviceOptions {
  /**
   * `'gpu'` takes any GPU that works, by WebGPU or WebGL2, one that a program imitates included, or rejects and says why
   * there is none; `'auto'` (default) takes one only where it is real and the work is large enough to win, else the CPU.
   * A GPU's result is within 1e-5 of the CPU's. Transforms and projections run on the CPU only.
   */
  device?: Device | undefined
  /**
   * How many threads compute, 1 to 256. `'auto'` (default) takes as many as there are cores, up to 16, where the work is
   * worth it, and one where it is not or where workers are refused. The result has the same bits for every number. A solve
   * takes 2.8 times the memory of its result on one thread, 3.1 times on two. Transforms and projections take
   * milliseconds, and one thread.
   */
  threads?: Threads | undefined
  /**
   * Where `unbark/worker.js` is served from, for pages whose Content-Security-Policy lets workers come from URLs of the
   * page's own alone (`worker-src 'self'`). Default: the worker is made from the library itself.
   */
  workerUrl?: string | URL | undefined
  /** Receives warnings, each once. Default `console.warn`. */
  onWarning?: OnWarning | undefined
}

export const BARK_OPTIONS = ['nBarks', 'sampleRate', 'fMin', 'fMax', 'barkScale', 'filterbank'] as const
export const DEVICE_OPTIONS = ['device', 'threads', 'workerUrl', 'onWarning'] as const

export const SCALE_NAMES = ['traunmuller', 'schroeder', 'wang'] as const

/** A bank's options, checked; `nBins` has been. */
export function readBark(options: BarkOptions, nBins: number): FilterbankSpec {
  const nBands = readCount('nBarks', options.nBarks, 128)
  const sampleRate = readInteger('sampleRate', options.sampleRate, 16000, 1)
  const fMin = readNumber('fMin', options.fMin, 0, 0)
  const fMax = readNumber('fMax', options.fMax ?? undefined, 0, 0) || Math.floor(sampleRate / 2)
  if (fMin >= fMax) throw new RangeError(expected('fMin', `a number below fMax (${fMax})`, fMin))
  const barkScale = readChoice('barkScale', options.barkScale, SCALE_NAMES, 'traunmuller')
  const corrected =
    readChoice('filterbank', options.filterbank, ['torchaudio', 'corrected'], 'torchaudio') === 'corrected'
  return { nBins, nBands, fMin, fMax, sampleRate, barkScale, corrected }
}

/** Most threads that may be asked for. */
const MOST_THREADS = 256

/**
 * Checks where to compute, and by how many threads.
 * @param what is named where a GPU is asked for and has no part in it
 */
export function readDevice({ device: given, threads, workerUrl }: DeviceOptions, what?: string): Placement {
  const device = readChoice('device', given, ['auto', 'cpu', 'gpu'], 'auto')
  if (what !== undefined) cpuOnly(device, what)
  if (workerUrl !== undefined && typeof workerUrl !== 'string' && !(workerUrl instanceof URL)) {
    throw new TypeError(expected('workerUrl', 'a URL', workerUrl))
  }
  return { device, threads: readThreads(threads), workerUrl }
}

function readThreads(threads: unknown): Threads {
  if (threads === undefined || threads === 'auto') return 'auto'
  if (typeof threads === 'string') throw new RangeError(expected('threads', '"auto" or a number', threads))
  return readInteger('threads', threads, undefined, 1, MOST_THREADS)
}

/** Warns, as upstream does, of bands that no bin falls into. */
export function warnOfEmptyBands(emptyBands: number, nBands: number, nBins: number, warn: Warn): void {
  if (emptyBands === 0) return
  const bands = emptyBands === 1 ? 'one band covers' : `${emptyBands} of ${nBands} bands cover`
  warn(`filterbank: ${bands} no bin; nBarks ${nBands} may be too high, or the number of bins ${nBins} too low`)
}
