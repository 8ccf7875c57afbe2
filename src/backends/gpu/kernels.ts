/**
 * The SGD iteration as two kernels, written for gpu.js: `residual`, then `step`. As text, since bundlers and minifiers
 * change functions, and gpu.js reads what is left of them when it runs.
 *
 * A tile's *state* is one array (rows, frames), neighbouring frames side by side:
 *
 *     spectrogram  nBins rows
 *     momentum     nBands rows, M of docs/algorithms.md, section 4; with weight decay nBins rows, torch's own buffer
 *     losses       LOSSES rows: those of the newest iterations, one a frame, the newest first
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

export const momentumRows = ({ nBins, nBands, decays }: Sizes): number => (decays ? nBins : nBands)
export const stateRows = (sizes: Sizes): number => sizes.nBins + momentumRows(sizes) + LOSSES

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

/** F^T S - B, (nBands, frames). */
const RESIDUAL = `function (state, target) {
  const k = this.thread.y;
  const t = this.thread.x;
  const first = this.constants.runs[k];
  const centre = this.constants.runs[k + 1];
  const end = this.constants.runs[k + 2];
  let sum = 0.0;
  for (let f = first; f < centre; f += 1) {
    sum += this.constants.bank[f][1] * state[f][t];
  }
  for (let g = centre; g < end; g += 1) {
    sum += this.constants.bank[g][0] * state[g][t];
  }
  return sum - target[k][t];
}`

/** The loss of a frame, and those before it. */
const LOSS = `
  if (row === this.constants.losses) {
    let loss = 0.0;
    for (let b = 0; b < this.constants.nBands; b++) {
      const r = residual[b][t];
      loss += r * r;
    }
    return loss;
  }
  return state[row - 1][t];`

/** A band's new momentum, and with nesterov what its bins are moved by. */
function bandStep(name: string, band: string, nesterov: boolean): string {
  const moved = `
    const r${name} = residual[${band}][t];
    const m${name} = this.constants.mu * state[this.constants.nBins + ${band}][t] + (fresh * r${name} + this.constants.drift);`
  return nesterov
    ? `${moved}
    const u${name} = this.constants.mu * m${name} + this.constants.rate * r${name};`
    : `${moved}
    const u${name} = m${name};`
}

/** \`fresh\` is what a residual enters the momentum with: lr * slope, damped. */
const bandsStep = (nesterov: boolean): string => `function (state, residual, fresh) {
  const row = this.thread.y;
  const t = this.thread.x;
  if (row < this.constants.nBins) {
    const lower = this.constants.bank[row][2];
    const upper = this.constants.bank[row][3];
    ${bandStep('Lower', 'lower', nesterov)}
    ${bandStep('Upper', 'upper', nesterov)}
    const moves = this.constants.bank[row][0] * uLower + this.constants.bank[row][1] * uUpper;
    return Math.max(0.0, state[row][t] - moves);
  }
  if (row < this.constants.losses) {
    const band = row - this.constants.nBins;
    ${bandStep('Band', 'band', false)}
    return mBand;
  }
  ${LOSS}
}`

/** \`fresh\` is what a gradient enters the momentum with: 1 - dampening. */
const binsStep = (nesterov: boolean): string => `function (state, residual, fresh) {
  const row = this.thread.y;
  const t = this.thread.x;
  if (row < this.constants.losses) {
    let f = row;
    if (row >= this.constants.nBins) { f = row - this.constants.nBins; }
    const lower = this.constants.bank[f][2];
    const upper = this.constants.bank[f][3];
    const qLower = this.constants.slope * residual[lower][t];
    const qUpper = this.constants.slope * residual[upper][t];
    const x = state[f][t];
    const gradient = this.constants.bank[f][0] * qLower + this.constants.bank[f][1] * qUpper;
    const d = gradient + this.constants.decay * x;
    const buffer = this.constants.mu * state[this.constants.nBins + f][t] + (fresh * d + this.constants.drift);
    if (row >= this.constants.nBins) { return buffer; }
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
  const rows = stateRows(sizes)
  const { runs, longest } = firstBins(bank, nBands)
  const constants = {
    bank: { values: binRows(bank, nBins, nBands), size: [4, nBins] },
    runs: { values: runs, size: [runs.length] },
    nBins,
    nBands,
    losses: rows - LOSSES,
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
    residual: source(RESIDUAL, constants, [sizes.frames, nBands], longest),
    step: source(text, constants, [sizes.frames, rows], nBands),
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

/** Per bin its two weights and their bands. Where there is no such band the weight is 0. */
function binRows({ weights, runs }: CompactBank, nBins: number, nBands: number): Float32Array {
  const rows = new Float32Array(4 * nBins)
  let f = 0
  for (let k = 0; k <= nBands; k++) {
    for (const end = f + runs[k]!; f < end; f++) {
      rows.set([weights[2 * f]!, weights[2 * f + 1]!, Math.max(k - 1, 0), Math.min(k, nBands - 1)], 4 * f)
    }
  }
  return rows
}

/** The first bin of each run, and the end of the last; and the bins of the longest. */
function firstBins({ runs }: CompactBank, nBands: number): { runs: Float32Array; longest: number } {
  const first = new Float32Array(nBands + 2)
  let longest = 0
  for (let k = 0; k <= nBands; k++) {
    first[k + 1] = first[k]! + runs[k]!
    longest = Math.max(longest, runs[k]!)
  }
  return { runs: first, longest }
}
