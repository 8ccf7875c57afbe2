/**
 * Phase gradient heap integration by the book, in float64: Z. Prusa, P. Balazs, P. Sondergaard, "A noniterative method
 * for reconstruction of phase from STFT magnitude", IEEE/ACM TASLP 25 (2017), algorithm 1, with a binary heap.
 */

export interface PghiProblem {
  n: number
  hop: number
  /** Of the Gaussian window, in samples squared. */
  gamma: number
  frames: number
  /** Magnitudes, [bin][frame]. */
  magnitudes: Float64Array
  /** What is below it gets no phase; it counts as what lies an octave of the spectrogram lower, of this power. */
  least: number
  power: number
  /** Columns whose phases are known, and these, in turns, [bin][frame]. */
  known?: number
  phases?: Float64Array
}

/** Phases in turns at the frames' first sample, not reduced, [bin][frame]; NaN where there is none. */
export function pghi({
  n,
  hop,
  gamma,
  frames,
  magnitudes,
  least,
  power,
  known = 0,
  phases,
}: PghiProblem): Float64Array {
  const bins = Math.floor(n / 2) + 1
  const out = new Float64Array(bins * frames).fill(Number.NaN)
  const isIn = (i: number): boolean => magnitudes[i]! >= least && magnitudes[i]! > 0
  const inTime = new Float64Array(out.length)
  const inFrequency = new Float64Array(out.length)
  const log = (f: number, t: number): number => {
    // the spectrum of a real frame: bins -1 and n - f are mirror images
    const i = Math.min(Math.abs(f), n - Math.abs(f)) * frames + t
    return isIn(i) ? Math.log(magnitudes[i]!) : Math.log(least) - Math.LN2 / power
  }
  for (let f = 0; f < bins; f++) {
    for (let t = 0; t < frames; t++) {
      const i = f * frames + t
      const isInside = t > 0 && t < frames - 1
      const slope = n > 1 ? (log(f + 1, t) - log(f - 1, t)) / 2 : 0
      const growth = isInside ? (log(f, t + 1) - log(f, t - 1)) / 2 : 0
      inTime[i] = ((hop * n) / gamma) * (slope / (2 * Math.PI)) + (f * hop) / n
      inFrequency[i] = -(gamma / (hop * n)) * (growth / (2 * Math.PI)) - 1 / 2
    }
  }
  const heap = new Heap(magnitudes)
  for (let f = 0; f < bins; f++) {
    for (let t = 0; t < known; t++) {
      out[f * frames + t] = phases![f * frames + t]!
      if (isIn(f * frames + t)) heap.push(f * frames + t)
    }
  }
  const reach = (i: number, phase: number): void => {
    if (!isIn(i) || !Number.isNaN(out[i]!)) return
    out[i] = phase
    heap.push(i)
  }
  const walk = (): void => {
    while (heap.size > 0) {
      const i = heap.pop()
      const t = i % frames
      const near = (to: number, steps: Float64Array): number => (steps[i]! + steps[to]!) / 2
      if (t < frames - 1) reach(i + 1, out[i]! + near(i + 1, inTime))
      if (t > 0) reach(i - 1, out[i]! - near(i - 1, inTime))
      if (i + frames < out.length) reach(i + frames, out[i]! + near(i + frames, inFrequency))
      if (i >= frames) reach(i - frames, out[i]! - near(i - frames, inFrequency))
    }
  }
  walk()
  const loudest = Array.from(out.keys()).sort((a, b) => magnitudes[b]! - magnitudes[a]!)
  for (const i of loudest) {
    reach(i, -Math.floor(i / frames) / 2)
    walk()
  }
  return out
}

/** Indices, the one of the greatest key first. */
class Heap {
  readonly #keys: Float64Array
  readonly #items: number[] = []

  constructor(keys: Float64Array) {
    this.#keys = keys
  }

  get size(): number {
    return this.#items.length
  }

  push(item: number): void {
    const items = this.#items
    let at = items.length
    items.push(item)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (this.#keys[items[parent]!]! >= this.#keys[item]!) break
      items[at] = items[parent]!
      at = parent
    }
    items[at] = item
  }

  pop(): number {
    const items = this.#items
    const top = items[0]!
    const item = items.pop()!
    if (items.length === 0) return top
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= items.length) break
      if (child + 1 < items.length && this.#keys[items[child + 1]!]! > this.#keys[items[child]!]!) child++
      if (this.#keys[items[child]!]! <= this.#keys[item]!) break
      items[at] = items[child]!
      at = child
    }
    items[at] = item
    return top
  }
}
