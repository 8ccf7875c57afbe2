/** Problems for the exact solvers: every kind of band a frame may hold, on banks of every shape. */
import { type BarkscaleFbanksOptions, barkscaleFbanks } from '../../src/index.ts'
import { type Bank, bandsOf, readBank } from './bank.ts'
import { type Random, random } from './random.ts'

export interface Problem {
  /** Kind, bank and seed: what it takes to make this problem again. */
  name: string
  kind: Kind
  /** Bands of one frame. */
  bark: Float32Array
}

/** Problems of one bank: the frames of one solve, of different kinds side by side. */
export interface Batch {
  options: BankOptions
  bank: Bank
  problems: Problem[]
}

export type BankOptions = { nStft: number } & Omit<BarkscaleFbanksOptions, 'nFreqs' | 'onWarning'>

/** A random spectrum, and its bands. */
const spectrum = (bank: Bank, of: (f: number) => number): Float64Array =>
  bandsOf(
    bank,
    Float64Array.from({ length: bank.nBins }, (_, f) => of(f)),
  )
const bands = ({ nBands }: Bank, of: (k: number) => number): Float64Array =>
  Float64Array.from({ length: nBands }, (_, k) => of(k))
const loud = (random: Random): number => Math.exp(2 * random.normal())
/** Six decades up and six down. */
const wide = (random: Random): number => 10 ** (12 * random.uniform() - 6)

const KINDS = {
  'consistent, uniform': (r: Random, bank: Bank) => spectrum(bank, () => r.uniform()),
  'consistent, lognormal': (r: Random, bank: Bank) => spectrum(bank, () => loud(r)),
  'consistent, peaks over a floor': (r: Random, bank: Bank) =>
    spectrum(bank, () => (r.uniform() < 0.05 ? 100 * r.uniform() : 1e-3 * r.uniform())),
  'consistent, sparse': (r: Random, bank: Bank) => spectrum(bank, () => (r.uniform() < 0.1 ? loud(r) : 0)),
  'consistent, 1e12 range': (r: Random, bank: Bank) => spectrum(bank, () => wide(r)),
  noise: (r: Random, bank: Bank) => bands(bank, () => r.uniform()),
  'noise, lognormal': (r: Random, bank: Bank) => bands(bank, () => loud(r)),
  'noise, sparse': (r: Random, bank: Bank) => bands(bank, () => (r.uniform() < 0.2 ? loud(r) : 0)),
  'noise, 1e12 range': (r: Random, bank: Bank) => bands(bank, () => wide(r)),
  'zero bands between loud ones': (r: Random, bank: Bank) => bands(bank, (k) => (k % 2 ? 0 : 1 + loud(r))),
  'steps of 100 and 1e-3': (r: Random, bank: Bank) => {
    const width = 1 + r.below(8)
    return bands(bank, (k) => (Math.floor(k / width) % 2 ? 1e-3 : 100) * (1 + 0.1 * r.uniform()))
  },
  'one bin': (r: Random, bank: Bank) => {
    const at = r.below(bank.nBins)
    return spectrum(bank, (f) => (f === at ? 1 : 0))
  },
  'one band': (r: Random, bank: Bank) => {
    const at = r.below(bank.nBands)
    return bands(bank, (k) => (k === at ? 1 : 0))
  },
  silence: (_: Random, bank: Bank) => bands(bank, () => 0),
  constant: (_: Random, bank: Bank) => bands(bank, () => 3),
  'nearly reachable': (r: Random, bank: Bank) => {
    const size = 10 ** (-1 - 6 * r.uniform())
    return spectrum(bank, () => (r.uniform() < 0.3 ? loud(r) : 0)).map((y) => y * (1 + size * r.normal()))
  },
  '1e-30': (r: Random, bank: Bank) => spectrum(bank, () => 1e-30 * loud(r)),
  '1e30': (r: Random, bank: Bank) => bands(bank, () => 1e30 * loud(r)),
} satisfies Record<string, (random: Random, bank: Bank) => Float64Array>

export type Kind = keyof typeof KINDS
export const kinds = Object.keys(KINDS) as Kind[]

/** Banks of every scale; 33 x 40, 17 x 40, 257 x 200 and 5 x 3 have bands that no bin falls into. */
export const banks: BankOptions[] = [
  { nStft: 513, nBarks: 128 },
  { nStft: 201, nBarks: 128 },
  { nStft: 257, nBarks: 64, barkScale: 'wang' },
  { nStft: 129, nBarks: 40, barkScale: 'schroeder', fMin: 60, fMax: 7000 },
  { nStft: 513, nBarks: 24, sampleRate: 44100, filterbank: 'corrected' },
  { nStft: 1025, nBarks: 128, sampleRate: 44100 },
  { nStft: 67, nBarks: 21, sampleRate: 8000 },
  { nStft: 33, nBarks: 1 },
  { nStft: 65, nBarks: 2, barkScale: 'schroeder' },
  { nStft: 33, nBarks: 40 },
  { nStft: 17, nBarks: 40, barkScale: 'wang' },
  { nStft: 257, nBarks: 200 },
  { nStft: 5, nBarks: 3 },
  { nStft: 101, nBarks: 30, fMin: 300, fMax: 3400 },
]

export function bankOf(options: BankOptions): Bank {
  const { nStft, ...rest } = options
  const { data, shape } = barkscaleFbanks({ nFreqs: nStft, ...rest, onWarning() {} })
  return readBank(data, shape[0]!, shape[1]!)
}

/** One frame of a kind. */
export function problem(kind: Kind, bank: Bank, seed: number): Problem {
  const bark = Float32Array.from(KINDS[kind](random(seed), bank))
  return { name: `${kind}, ${bank.nBins} x ${bank.nBands}, seed ${seed}`, kind, bark }
}

/** Every kind `each` times on every bank. */
export function problems(each: number, seed = 1, from: BankOptions[] = banks): Batch[] {
  return from.map((options, i) => {
    const bank = bankOf(options)
    const problems = Array.from({ length: each * kinds.length }, (_, j) =>
      problem(kinds[j % kinds.length]!, bank, 1000 * (seed + 31 * i) + j),
    )
    return { options, bank, problems }
  })
}

/** The frames of a batch as one tensor, [nBarks, frames]. */
export function tensorOf({ bank, problems }: Omit<Batch, 'options'>): { data: Float32Array; shape: number[] } {
  const data = new Float32Array(bank.nBands * problems.length)
  for (const [t, { bark }] of problems.entries()) {
    for (let k = 0; k < bank.nBands; k++) data[k * problems.length + t] = bark[k]!
  }
  return { data, shape: [bank.nBands, problems.length] }
}

/** Frame t of a [rows, frames] tensor. */
export function frame({ data, shape }: { data: Float32Array; shape: number[] }, t: number): Float32Array {
  const [rows, frames] = shape as [number, number]
  return Float32Array.from({ length: rows }, (_, k) => data[k * frames + t]!)
}

/** Frames of different kinds side by side, on one bank. */
export function mixed(
  bank: Bank,
  frames: number,
  from: readonly Kind[] = kinds,
): { data: Float32Array; shape: number[] } {
  const all = Array.from({ length: frames }, (_, t) => problem(from[t % from.length]!, bank, 500 + t))
  return tensorOf({ bank, problems: all })
}

/** A start for bands [nBands, frames]: a tenth of it 0, the rest up to as loud as the frame's loudest band. */
export function startFor(
  bank: Bank,
  bark: { data: Float32Array; shape: number[] },
  seed = 77,
): { data: Float32Array; shape: number[] } {
  const r = random(seed)
  const frames = bark.shape.at(-1)!
  const peaks = Array.from({ length: frames }, (_, t) => Math.max(...frame(bark, t)) || 1)
  const data = Float32Array.from({ length: bank.nBins * frames }, (_, at) =>
    r.uniform() < 0.1 ? 0 : peaks[at % frames]! * 10 ** (-3 * r.uniform()),
  )
  return { data, shape: [bank.nBins, frames] }
}
