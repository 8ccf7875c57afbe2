/**
 * Phases from magnitudes: phase gradient heap integration (Z. Průša, P. Balazs, P. L. Søndergaard, "A noniterative method
 * for reconstruction of phase from STFT magnitude", IEEE/ACM Trans. ASLP 25 (2017), 1154-1164), for a Hann window, in
 * float64. The cascades' own, so that they owe nothing to what they are compared with.
 */
import { random } from '../../tests/oracle/random.ts'

/** What makes a Gaussian of a Hann window of N samples, over N squared: phaseret's constant. */
const HANN = 0.25645
/** Bins this far below the loudest get random phases. */
const QUIET = 1e-6

/** Indices, of which the one of the greatest key comes first: a binary heap. */
class Heap {
  #items = []
  #keys
  constructor(keys) {
    this.#keys = keys
  }
  get size() {
    return this.#items.length
  }
  push(item) {
    const [items, keys] = [this.#items, this.#keys]
    let at = items.length
    items.push(item)
    while (at > 0) {
      const up = (at - 1) >> 1
      if (keys[items[up]] >= keys[item]) break
      items[at] = items[up]
      at = up
    }
    items[at] = item
  }
  pop() {
    const [items, keys] = [this.#items, this.#keys]
    const [first, last] = [items[0], items.pop()]
    if (items.length === 0) return first
    let at = 0
    for (let down = 1; down < items.length; down = 2 * at + 1) {
      if (down + 1 < items.length && keys[items[down + 1]] > keys[items[down]]) down++
      if (keys[items[down]] <= keys[last]) break
      items[at] = items[down]
      at = down
    }
    items[at] = last
    return first
  }
}

/** Derivatives of log |X| by central differences, 0 at the ends, as derivatives of the phase in time and frequency. */
function gradients(logs, bins, frames, nFft, hop) {
  const gamma = HANN * nFft * nFft
  const [alongTime, alongFrequency] = [new Float64Array(logs.length), new Float64Array(logs.length)]
  for (let f = 0; f < bins; f++) {
    for (let t = 0; t < frames; t++) {
      const i = f * frames + t
      const rise = f > 0 && f < bins - 1 ? (logs[i + frames] - logs[i - frames]) / 2 : 0
      const growth = t > 0 && t < frames - 1 ? (logs[i + 1] - logs[i - 1]) / 2 : 0
      alongTime[i] = ((hop * nFft) / gamma) * rise + (2 * Math.PI * hop * f) / nFft
      // frame t is centred, and counted from its first sample: bin f turns by a further -pi f
      alongFrequency[i] = (-gamma / (hop * nFft)) * growth - Math.PI
    }
  }
  return [alongTime, alongFrequency]
}

/**
 * @param magnitudes [nFft / 2 + 1, frames]
 * @returns phases of its short-time Fourier transform, the frames centred, float64 of the same shape
 */
export function heapPhases(magnitudes, { nFft, hop, seed }) {
  const bins = nFft / 2 + 1
  const frames = magnitudes.length / bins
  const peak = magnitudes.reduce((most, x) => Math.max(most, x), 0)
  const logs = Float64Array.from(magnitudes, (x) => Math.log(x + 1e-10 * peak + 1e-30))
  const [alongTime, alongFrequency] = gradients(logs, bins, frames, nFft, hop)
  const r = random(seed)
  const phases = Float64Array.from(magnitudes, () => 2 * Math.PI * r.uniform())
  const isOpen = Uint8Array.from(magnitudes, (x) => (x >= QUIET * peak ? 1 : 0))
  const heap = new Heap(logs)
  const reach = (from, to, step) => {
    if (!isOpen[to]) return
    isOpen[to] = 0
    phases[to] = phases[from] + step
    heap.push(to)
  }
  for (const seedling of Uint32Array.from(logs.keys()).sort((a, b) => logs[b] - logs[a])) {
    if (!isOpen[seedling]) continue
    phases[seedling] = 0
    isOpen[seedling] = 0
    heap.push(seedling)
    while (heap.size > 0) {
      const i = heap.pop()
      const t = i % frames
      const mean = (along, j) => (along[i] + along[j]) / 2
      if (t + 1 < frames) reach(i, i + 1, mean(alongTime, i + 1))
      if (t > 0) reach(i, i - 1, -mean(alongTime, i - 1))
      if (i + frames < logs.length) reach(i, i + frames, mean(alongFrequency, i + frames))
      if (i >= frames) reach(i, i - frames, -mean(alongFrequency, i - frames))
    }
  }
  return phases
}
