/**
 * The SGD iteration as two kernels, written for gpu.js: `residual`, then `step`. As text, since bundlers and minifiers
 * change functions, and gpu.js reads what is left of them when it runs.
 *
 * A tile's *state* is one array (rows, frames), neighbouring frames side by side:
 *
 *     spectrogram  nBins rows
 *     momentum     a row a band, M of docs/algorithms.md, section 4; with weight decay a row a bin, torch's own buffer
 *     losses       LOSSES rows: those of the newest iterations, one a frame, the newest first
 *
 * Target, residuals and the momentum of bands have a row of zeros at either end, so that every bin has two bands: where
 * there is no such band its weight is 0. (gpu.js also lays out arrays of one row in another way.)
 *
 * With every step the losses move down a row, so that one look at the state has those of many iterations and neither
 * kernel is told which iteration it is. The order of the operations is that of assembly/sgd-bands.ts and sgd-bins.ts.
 */
import type { CompactBank, SgdArguments } from '../../backend.ts'

/** Iterations whose losses a state holds. Each costs a row to copy in every step: 5 % at 513 bins and 128 bands. */
export const LOSSES = 32

/** Added to a new momentum, so that it does not end among the subnormal numbers: see assembly/lanes.ts. */
const DRIFT = 2 ** -100

export interface Sizes {
  nBins: number
  nBands: number
  /** Frames of the tile. */
  frames: number
  /** Whether there is weight decay, in float32. */
  decays: boolean
}

/** The bands with a row of zeros at either end. */
export const bandRows = ({ nBands }: Sizes): number => nBands + 2
/** Where the losses begin. */
export const lossRow = (sizes: Sizes): number => sizes.nBins + (sizes.decays ? sizes.nBins : bandRows(sizes))
export const stateRows = (sizes: Sizes): number => lossRow(sizes) + LOSSES

/** The rows of a state that are the momentum. */
export function momentumOf({ nBins, nBands, decays }: Sizes): { row: number; rows: number } {
  return decays ? { row: nBins, rows: nBins } : { row: nBins + 1, rows: nBands }
}

/** A number, or an array with its size: columns, then rows where it has more than one. */
export type Constant = number | { values: Float32Array; size: number[] }

/** A kernel with what it is compiled for. */
export interface Source {
  text: string
  constants: Record<string, Constant>
  types: Record<string, string>
  /** Columns and rows. */
  output: [number, number]
  /** Turns of its longest loop. */
  longest: number
}

// gpu.js makes of `this.thread` a number by way of a float wherever it is kept: so it is not

/** F^T S - B, (bands, frames). */
const RESIDUAL = `function (state, target) {
  const first = this.constants.runs[this.thread.y];
  const centre = this.constants.runs[this.thread.y + 1];
  const end = this.constants.runs[this.thread.y + 2];
  let sum = 0.0;
  for (let f = first; f < centre; f += 1) {
    sum += this.constants.bank[f][1] * state[f][this.thread.x];
  }
  for (let g = centre; g < end; g += 1) {
    sum += this.constants.bank[g][0] * state[g][this.thread.x];
  }
  return sum - target[this.thread.y][this.thread.x];
}`

/** The loss of a frame, and those before it. */
const LOSS = `
  if (this.thread.y === this.constants.losses) {
    let loss = 0.0;
    for (let b = 1; b <= this.constants.nBands; b++) {
      const r = residual[b][this.thread.x];
      loss += r * r;
    }
    return loss;
  }
  return state[this.thread.y - 1][this.thread.x];`

/** A band's new momentum, and with nesterov what its bins are moved by. */
function bandStep(name: string, band: string, nesterov: boolean): string {
  const momentum = `
    const r${name} = residual[${band}][this.thread.x];
    const m${name} = this.constants.mu * state[this.constants.nBins + ${band}][this.thread.x] + (fresh * r${name} + this.constants.drift);`
  const moves = nesterov ? `this.constants.mu * m${name} + this.constants.rate * r${name}` : `m${name}`
  return `${momentum}
    const u${name} = ${moves};`
}

/** `fresh` is what a residual enters the momentum with: lr * slope, damped. */
const bandsStep = (nesterov: boolean): string => `function (state, residual, fresh) {
  if (this.thread.y < this.constants.nBins) {
    const lower = this.constants.bank[this.thread.y][2];
    const upper = lower + 1;
    ${bandStep('Lower', 'lower', nesterov)}
    ${bandStep('Upper', 'upper', nesterov)}
    const moves = this.constants.bank[this.thread.y][0] * uLower + this.constants.bank[this.thread.y][1] * uUpper;
    return Math.max(0.0, state[this.thread.y][this.thread.x] - moves);
  }
  if (this.thread.y < this.constants.losses) {
    const band = this.thread.y - this.constants.nBins;
    ${bandStep('Band', 'band', false)}
    return mBand;
  }
  ${LOSS}
}`

/** `fresh` is what a gradient enters the momentum with: 1 - dampening. */
const binsStep = (nesterov: boolean): string => `function (state, residual, fresh) {
  if (this.thread.y < this.constants.losses) {
    let f = this.thread.y;
    if (this.thread.y >= this.constants.nBins) { f = this.thread.y - this.constants.nBins; }
    const lower = this.constants.bank[f][2];
    const upper = lower + 1;
    const qLower = this.constants.slope * residual[lower][this.thread.x];
    const qUpper = this.constants.slope * residual[upper][this.thread.x];
    const x = state[f][this.thread.x];
    const gradient = this.constants.bank[f][0] * qLower + this.constants.bank[f][1] * qUpper;
    const d = gradient + this.constants.decay * x;
    const old = state[this.constants.nBins + f][this.thread.x];
    const buffer = this.constants.mu * old + (fresh * d + this.constants.drift);
    if (this.thread.y >= this.constants.nBins) { return buffer; }
    const direction = ${nesterov ? 'd + this.constants.mu * buffer' : 'buffer'};
    return Math.max(0.0, x - this.constants.lr * direction);
  }
  ${LOSS}
}`

/** What \`step\` is called with in the first iteration and in all others. */
export interface Fresh {
  first: number
  others: number
}

export interface Kernels {
  residual: Source
  step: Source
  fresh: Fresh
}

/** @param frames of the whole problem: upstream's loss is a mean over them */
export function kernelsFor(sizes: Sizes, bank: CompactBank, sgd: SgdArguments, frames: number): Kernels {
  const { nBins, nBands, decays } = sizes
  const { nesterov } = sgd
  // d loss / d (F^T S) per unit of residual
  const slope = (sgd.maximize ? -2 : 2) / frames
  const { runs, longest } = firstBins(bank, nBins, nBands)
  const constants = {
    bank: { values: binRows(bank, nBins, nBands), size: [3, nBins] },
    runs: { values: runs, size: [runs.length] },
    nBins,
    nBands,
    losses: lossRow(sizes),
    mu: sgd.momentum,
    lr: sgd.lr,
    slope,
    rate: sgd.lr * slope,
    decay: sgd.weightDecay,
    drift: DRIFT,
  }
  // torch keeps no buffer without momentum, so dampening has nothing to damp; its very first buffer is not damped
  const undamped = sgd.momentum === 0 ? 1 : 1 - sgd.dampening
  const fround = Math.fround
  const fresh = decays
    ? { first: 1, others: fround(undamped) }
    : { first: fround(constants.rate), others: fround(fround(constants.rate) * fround(undamped)) }
  const text = decays ? binsStep(nesterov) : bandsStep(nesterov)
  return {
    residual: source(RESIDUAL, constants, [sizes.frames, bandRows(sizes)], longest),
    step: source(text, constants, [sizes.frames, stateRows(sizes)], nBands),
    fresh,
  }
}

const INTEGERS = ['nBins', 'nBands', 'losses']

/** Only those constants that the text has: each array takes a binding. */
function source(text: string, all: Record<string, Constant>, output: [number, number], longest: number): Source {
  const names = Object.keys(all).filter((name) => new RegExp(`constants\\.${name}\\b`).test(text))
  const typeOf = (name: string): string =>
    typeof all[name] !== 'number' ? 'Input' : INTEGERS.includes(name) ? 'Integer' : 'Float'
  return {
    text,
    constants: Object.fromEntries(names.map((name) => [name, all[name]])),
    types: Object.fromEntries(names.map((name) => [name, typeOf(name)])),
    output,
    longest,
  }
}

/** Per bin its two weights, and the row of the lower one's band. */
function binRows({ weights, runs }: CompactBank, nBins: number, nBands: number): Float32Array {
  const rows = new Float32Array(3 * nBins)
  let f = 0
  for (let k = 0; k <= nBands; k++) {
    for (const end = f + runs[k]!; f < end; f++) rows.set([weights[2 * f]!, weights[2 * f + 1]!, k], 3 * f)
  }
  return rows
}

/** For each row of bands three in turn: its first bin, that of its centre, its end. And the bins of the longest run. */
function firstBins({ runs }: CompactBank, nBins: number, nBands: number): { runs: Float32Array; longest: number } {
  const first = new Float32Array(nBands + 4)
  let longest = 0
  for (let k = 0; k <= nBands; k++) {
    first[k + 2] = first[k + 1]! + runs[k]!
    longest = Math.max(longest, runs[k]!)
  }
  first[nBands + 3] = nBins
  return { runs: first, longest }
}
