/** Where hertz, Bark, bins and bands lie on the axis of a spectrogram. */
import { BarkScale, type BarkScaleName, barkToHz, hzToBark } from 'unbark'
import type { AxisName } from './messages.ts'
import { barkOptions } from './options.ts'
import type { Settings } from './settings.ts'

export class Frequencies {
  /** Hz at the top. */
  readonly hz: number
  readonly bins: number
  readonly bands: number
  readonly lowestBark: number
  readonly highestBark: number
  readonly #scale: BarkScaleName
  /** The band in which each bin lies, by the weights of the filterbank itself: between two centres they add up to 1. */
  readonly #bandOf: Float64Array

  constructor(settings: Settings, sampleRate: number) {
    this.hz = Math.floor(sampleRate / 2)
    this.bins = Math.floor(settings.nFft / 2) + 1
    this.bands = settings.bands
    this.#scale = settings.scale
    const { nBarks, barkScale, filterbank } = barkOptions(settings, sampleRate)
    const bank = new BarkScale({ nStft: this.bins, nBarks, sampleRate, barkScale, filterbank, onWarning() {} })
      .filterbank
    this.#bandOf = bandsOf(bank.data, this.bins, this.bands)
    this.lowestBark = this.barkOf(0)
    this.highestBark = this.barkOf(this.hz)
  }

  barkOf(hz: number): number {
    return hzToBark(hz, { barkScale: this.#scale })
  }

  /** Hz at a place of the axis, 0 to 1. */
  hzAt(place: number, axis: AxisName): number {
    const inside = Math.min(Math.max(place, 0), 1)
    if (axis === 'hz') return inside * this.hz
    const bark = this.lowestBark + inside * (this.highestBark - this.lowestBark)
    return Math.min(barkToHz(bark, { barkScale: this.#scale }), this.hz)
  }

  /** Bins count from their middles. */
  binOf(hz: number): number {
    return (hz / this.hz) * (this.bins - 1)
  }

  bandOf(hz: number): number {
    const bin = Math.min(Math.max(this.binOf(hz), 0), this.bins - 1)
    const i = Math.min(Math.floor(bin), Math.max(0, this.bins - 2))
    const [below, above] = [this.#bandOf[i]!, this.#bandOf[Math.min(i + 1, this.bins - 1)]!]
    return below + (bin - i) * (above - below)
  }
}

/** @param bank [bins, bands] */
function bandsOf(bank: Float32Array, bins: number, bands: number): Float64Array {
  const places = new Float64Array(bins)
  for (let f = 0; f < bins; f++) {
    const weights = bank.subarray(f * bands, (f + 1) * bands)
    const k = weights.findIndex((weight) => weight > 0)
    if (k < 0) places[f] = f === 0 ? -1 : Number.NaN
    else if (k + 1 < bands && weights[k + 1]! > 0) places[f] = k + weights[k + 1]!
    else if (k === 0 && f < bins / 2 && (bands > 1 || weights[0]! < 1)) places[f] = weights[0]! - 1
    else places[f] = k + 1 - weights[k]!
  }
  // bins between the ends that no band covers, and those beyond
  for (let f = 1; f < bins; f++) if (Number.isNaN(places[f]!)) places[f] = Math.max(places[f - 1]!, bands - 1)
  return places
}
