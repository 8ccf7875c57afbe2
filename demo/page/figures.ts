/** The live panel: what a run says of itself, and the curve of its loss. */
import { threeDigits, ticks } from '../../src/cli/plot/ticks.ts'
import type { Likeness } from '../../src/cli/quality.ts'
import { FONT } from './axes.ts'
import { find, type Inks, onceAFrame, onInks, Surface, sheetInks } from './dom.ts'
import type { Solved, Sounded, Step } from './messages.ts'

type Name =
  | 'solver'
  | 'iterations'
  | 'loss'
  | 'time'
  | 'speed'
  | 'backend'
  | 'convergence'
  | 'distance'
  | 'sound-time'
  | 'bands'
  | 'sound-convergence'
  | 'sound-distance'

export const NONE = '–'

export function duration(ms: number): string {
  if (ms < 1000) return `${ms.toFixed(ms < 10 ? 1 : 0)} ms`
  return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`
}

export function count(n: number): string {
  return n.toLocaleString('en').replaceAll(',', ' ')
}

export function ratio(x: number): string {
  return Number.isFinite(x) ? x.toFixed(3) : 'infinite'
}

export function decibel(x: number): string {
  return Number.isFinite(x) ? `${x.toFixed(1)} dB` : 'infinite'
}

export class Figures {
  #curve: { of: string; points: Float64Array } = { of: 'iteration', points: new Float64Array() }
  #live: number[] = []
  readonly #surface: Surface
  readonly #draw: () => void

  constructor() {
    this.#draw = onceAFrame(() => drawCurve(this.#surface, this.#curve, sheetInks()))
    this.#surface = new Surface('#curve', this.#draw)
    onInks(this.#draw)
  }

  clear(): void {
    for (const cell of document.querySelectorAll('[data-figure]')) cell.textContent = NONE
    this.#live = []
    this.#show({ of: 'iteration', points: new Float64Array() })
  }

  /** A solver on its way. */
  step({ stage, iteration, of, loss }: Step): void {
    if (stage !== 'sgd' || of === 0) return
    if (iteration <= (this.#live.at(-2) ?? 0)) this.#live = []
    this.#put('solver', stage)
    this.#put('iterations', count(iteration))
    if (loss === null) return
    this.#put('loss', threeDigits(loss))
    this.#live.push(iteration, loss)
    this.#show({ of: 'iteration', points: Float64Array.from(this.#live) })
  }

  solved({ report, frames, curve }: Solved): void {
    this.#put('solver', `${report.solver}, ${STOPS[report.stopReason]}`)
    this.#put('iterations', count(report.iterations))
    this.#put('loss', report.loss === null ? NONE : threeDigits(report.loss))
    this.#put('time', duration(report.elapsedMs))
    this.#put('speed', report.elapsedMs > 0 ? count(Math.round((1000 * frames) / report.elapsedMs)) : NONE)
    const threads = report.threads === 1 ? '1 thread' : `${report.threads} threads`
    this.#put('backend', report.device === 'gpu' ? report.backend : `${report.backend}, ${threads}`)
    this.#show(curve)
  }

  sounded({ report }: Sounded): void {
    this.#put('sound-time', duration(report.elapsedMs))
    this.#put('bands', report.bandConvergence === null ? NONE : ratio(report.bandConvergence))
  }

  likeness(of: 'inverted' | 'sound', { convergence, distanceDb }: Likeness): void {
    const before = of === 'sound' ? 'sound-' : ''
    this.#put(`${before}convergence`, ratio(convergence))
    this.#put(`${before}distance`, decibel(distanceDb))
  }

  #put(name: Name, text: string): void {
    const cell = find(`[data-figure="${name}"]`)
    cell.textContent = text
    cell.title = text
  }

  #show(curve: { of: string; points: Float64Array }): void {
    this.#curve = curve
    const { of, points } = curve
    const last = points.at(-1)
    find('#curve-title').textContent = of === 'frame' ? 'Loss by frame' : 'Loss by iteration'
    find('#curve-text').textContent =
      last === undefined ? 'Nothing solved yet' : `from ${threeDigits(points[1]!)} to ${threeDigits(last)}`
    this.#draw()
  }
}

const STOPS = {
  'tolerance-loss': 'small loss',
  'tolerance-change': 'settled',
  'max-iter': 'stopped',
  optimal: 'optimal',
} as const

/** Decades of loss that are shown below the greatest. */
const MOST_DECADES = 14
const LEFT = 52
const BOTTOM = 22

/** Loss on a scale of decades; iterations too, frames not. */
function drawCurve(
  surface: Surface,
  { of, points }: { of: string; points: Float64Array },
  { soft, line, accent }: Inks,
): void {
  const { width, height } = surface
  const context = surface.begin()
  const [right, floor, top] = [width - 4, height - BOTTOM, 8]
  context.font = FONT
  context.fillStyle = line
  context.fillRect(LEFT, floor, right - LEFT, 1)
  context.fillRect(LEFT, top, 1, floor - top)
  const losses = points.filter((x, i) => i % 2 === 1 && x > 0)
  if (losses.length === 0) return
  const high = Math.ceil(Math.log10(losses.reduce((a, b) => Math.max(a, b))) + 1e-9)
  const least = Math.floor(Math.log10(losses.reduce((a, b) => Math.min(a, b))))
  const low = Math.max(Math.min(least, high - 1), high - MOST_DECADES)
  const isLog = of === 'iteration'
  const across = (x: number): number => (isLog ? Math.log10(Math.max(x, 1)) : x)
  const [first, last] = [across(points[0]!), Math.max(across(points.at(-2)!), across(points[0]!) + 1e-9)]
  const x = (at: number): number => LEFT + ((across(at) - first) / (last - first)) * (right - LEFT)
  const y = (loss: number): number => {
    const place = (Math.log10(Math.max(loss, Number.MIN_VALUE)) - low) / (high - low)
    return floor - Math.max(0, place) * (floor - top)
  }
  context.fillStyle = soft
  context.textAlign = 'right'
  context.textBaseline = 'middle'
  for (const { value } of ticks(low, high, (floor - top) / 28, 1)) {
    context.fillText(`1e${value}`.replace('-', '−'), LEFT - 7, y(10 ** value))
  }
  context.textBaseline = 'top'
  const marks = isLog
    ? ticks(first, last, 4, 1).map(({ value }) => 10 ** value)
    : ticks(first, last, 4, 1).map(({ value }) => value)
  for (const mark of marks) {
    const place = x(mark)
    context.textAlign = place > right - 24 ? 'right' : place < LEFT + 12 ? 'left' : 'center'
    context.fillText(count(mark), place, floor + 6)
  }
  context.beginPath()
  for (let i = 0; i < points.length; i += 2) context.lineTo(x(points[i]!), y(points[i + 1]!))
  context.strokeStyle = accent
  context.lineWidth = 1.5
  context.lineJoin = 'round'
  context.stroke()
}
