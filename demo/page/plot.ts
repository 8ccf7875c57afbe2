/** The three spectrograms on one axis of frequency and one of time. The worker paints; here it is shown and moved. */
import { type Box, drawPanel, drawTime } from './axes.ts'
import type { Client } from './client.ts'
import { all, density, find, onceAFrame, onInks, Surface, sheetInks } from './dom.ts'
import type { AxisName, Extent, PaintRequest, PanelName, Place, Reading, Third, Window } from './messages.ts'
import { panned, WHOLE, zoomed } from './window.ts'

export const PANELS: readonly PanelName[] = ['original', 'bark', 'inverted']
/** Zoom of a button, a key, a turn of the wheel. */
const STEP = 0.6
/** Pixels that a pointer may move in a click. */
const CLICK = 4

export interface PlotState {
  window: Window
  axis: AxisName
  third: Third
  channel: number
}

interface Acts {
  /** The window was moved. */
  moved(): void
  /** A place was pointed at, 0 to 1 of the time. */
  seek(time: number): void
  play(): void
}

export class Plot {
  readonly state: PlotState
  extent: Extent | undefined
  /** What panels say while they have no picture. */
  readonly absent: Record<PanelName, string> = { original: '', bark: '', inverted: '' }
  readonly #client: Client
  readonly #acts: Acts
  readonly #root = find<HTMLDivElement>('#plot')
  readonly #panels: Surface[]
  readonly #time: Surface
  /** Where the panels begin in it, from above and from the left. */
  #tops: number[] = []
  #left = 0
  readonly #pictures = new Map<PanelName, HTMLCanvasElement>()
  #painting = false
  #isStale = false
  #place: Place | undefined
  #isReading = false
  readonly draw: () => void

  constructor(client: Client, state: PlotState, acts: Acts) {
    this.#client = client
    this.state = state
    this.#acts = acts
    this.draw = onceAFrame(() => this.#draw())
    this.#panels = PANELS.map((name) => new Surface(`#${name}`, () => this.#resized()))
    this.#time = new Surface('#time', this.draw)
    onInks(this.draw)
    this.#listen()
    for (const button of all<HTMLButtonElement>('[data-zoom]'))
      button.addEventListener('click', () => this.#zoomBy(button.dataset['zoom']!))
  }

  /** Forgets all pictures. */
  clear(): void {
    this.#pictures.clear()
    this.extent = undefined
    this.read(undefined)
    this.draw()
  }

  /** Has the worker paint what is visible; what is asked for meanwhile is asked once more. */
  async refresh(): Promise<void> {
    this.draw()
    this.#isStale = true
    if (this.#painting || this.box(0).width <= 1) return
    this.#painting = true
    try {
      while (this.#isStale) {
        this.#isStale = false
        const request = this.request()
        const painted = await this.#client.call('paint', [request])
        for (const name of PANELS) this.#keep(name, painted[name], request)
        this.draw()
      }
    } finally {
      this.#painting = false
    }
  }

  /** What a panel of its size shows. */
  request(): PaintRequest {
    const { width, height } = this.box(0)
    const scale = density()
    return {
      ...this.state,
      width: Math.max(1, Math.round(width * scale)),
      height: Math.max(1, Math.round(height * scale)),
    }
  }

  picture(name: PanelName): HTMLCanvasElement | undefined {
    return this.#pictures.get(name)
  }

  #keep(name: PanelName, pixels: ArrayBuffer | undefined, { width, height }: PaintRequest): void {
    if (!pixels) {
      this.#pictures.delete(name)
      return
    }
    const canvas = this.#pictures.get(name) ?? document.createElement('canvas')
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height })
    canvas.getContext('2d')!.putImageData(new ImageData(new Uint8ClampedArray(pixels), width, height), 0, 0)
    this.#pictures.set(name, canvas)
  }

  /** Where the picture of a panel is on its canvas. */
  box(i: number): Box {
    const { width, height } = this.#panels[i]!
    return { x: this.#left, y: 0, width: Math.max(1, width - this.#left), height }
  }

  #resized(): void {
    this.#left = Number.parseFloat(getComputedStyle(this.#root).getPropertyValue('--left'))
    this.#tops = this.#panels.map(({ canvas }) => canvas.offsetTop)
    this.refresh()
  }

  #draw(): void {
    const inks = sheetInks()
    const { axis, window } = this.state
    for (const [i, name] of PANELS.entries()) {
      const what = { axis, window, extent: this.extent, absent: this.absent[name] }
      drawPanel(this.#panels[i]!.begin(), this.box(i), this.#pictures.get(name), what, inks)
    }
    const { width, height } = this.#time
    const under = { x: this.#left, y: 0, width: width - this.#left, height }
    if (this.#pictures.has('original')) performance.mark('original drawn')
    drawTime(this.#time.begin(), under, this.extent, window, inks)
    this.#mark()
  }

  /** Moves the line of what is heard; 0 to 1 of the time. */
  cursor(time: number | undefined, isPlaying: boolean): void {
    const { from, to } = this.state.window
    const length = to - from
    // what is played is followed a window at a time
    if (isPlaying && time !== undefined && length < 1 && (time > to || time < from)) {
      this.move(panned(this.state.window, (time - from) / length, 0))
    }
    const line = find<HTMLDivElement>('.cursor')
    const place = time === undefined ? -1 : (time - this.state.window.from) / length
    line.style.visibility = place >= 0 && place <= 1 ? 'visible' : 'hidden'
    line.style.transform = `translateX(${place * this.box(0).width}px)`
  }

  move(window: Window): void {
    this.state.window = window
    this.refresh()
    this.#acts.moved()
  }

  /** Reads the values at a place, 0 to 1 of the whole. */
  async read(place: Place | undefined): Promise<void> {
    this.#place = place
    this.#mark()
    if (!place) return show(undefined, undefined, this.state.third)
    if (this.#isReading) return
    this.#isReading = true
    try {
      for (let at: Place | undefined = place; at; ) {
        const { third, axis, channel } = this.state
        const found = await this.#client.call('read', [at, third, axis, channel])
        if (this.#place) show(found, this.extent && at.time * this.extent.seconds, third)
        at = this.#place === at ? undefined : this.#place
      }
    } finally {
      this.#isReading = false
    }
  }

  /** Puts the lines of the reading point. */
  #mark(): void {
    const { window } = this.state
    const isHere = this.extent !== undefined && this.#place !== undefined
    const { time, frequency } = this.#place ?? { time: 0, frequency: 0 }
    const x = (time - window.from) / (window.to - window.from)
    const up = (frequency - window.low) / (window.high - window.low)
    const isIn = isHere && x >= 0 && x <= 1 && up >= 0 && up <= 1
    const across = find<HTMLDivElement>('.time-cross')
    across.style.visibility = isIn ? 'visible' : 'hidden'
    across.style.transform = `translateX(${x * this.box(0).width}px)`
    for (const [i, line] of all<HTMLDivElement>('.level-cross').entries()) {
      line.style.visibility = isIn ? 'visible' : 'hidden'
      line.style.transform = `translateY(${this.#tops[i]! + (1 - up) * this.#panels[i]!.height}px)`
    }
  }

  /** The place under a pointer, and whether it is on a panel. */
  #placeOf(event: { clientX: number; clientY: number }): Place | undefined {
    const { from, to, low, high } = this.state.window
    for (const { canvas } of this.#panels) {
      const { left, top, width, height } = canvas.getBoundingClientRect()
      const x = (event.clientX - left - this.#left) / (width - this.#left)
      const up = 1 - (event.clientY - top) / height
      if (x >= 0 && x <= 1 && up >= 0 && up <= 1)
        return { time: from + x * (to - from), frequency: low + up * (high - low) }
    }
    return undefined
  }

  #zoomBy(how: string): void {
    if (how === 'whole') {
      this.move(WHOLE)
      return
    }
    const [along, way] = how.split('-') as ['time' | 'frequency', string]
    const { from, to, low, high } = this.state.window
    const middle =
      along === 'time' ? (this.#place?.time ?? (from + to) / 2) : (this.#place?.frequency ?? (low + high) / 2)
    this.move(zoomed(this.state.window, along, middle, way === 'in' ? STEP : 1 / STEP))
  }

  #listen(): void {
    const root = this.#root
    const pointers = new Map<number, PointerEvent>()
    let travelled = 0
    root.addEventListener('pointerdown', (event) => {
      if (event.button !== 0 || !this.#placeOf(event)) return
      pointers.set(event.pointerId, event)
      travelled = 0
      if (event.pointerType !== 'touch') root.setPointerCapture(event.pointerId)
    })
    root.addEventListener('pointermove', (event) => {
      const before = pointers.get(event.pointerId)
      if (before && pointers.size === 1) {
        const { width, height } = this.box(0)
        const [x, y] = [event.clientX - before.clientX, event.clientY - before.clientY]
        travelled += Math.abs(x) + Math.abs(y)
        pointers.set(event.pointerId, event)
        if (travelled > CLICK) this.move(panned(this.state.window, -x / width, y / height))
      }
      const place = this.#placeOf(event)
      if (place) this.read(place)
    })
    root.addEventListener('pointerup', (event) => {
      const place = this.#placeOf(event)
      if (pointers.delete(event.pointerId) && travelled <= CLICK && place) this.#acts.seek(place.time)
    })
    root.addEventListener('pointercancel', (event) => pointers.delete(event.pointerId))
    root.addEventListener('pointerleave', () => {
      if (document.activeElement !== root) this.read(undefined)
    })
    root.addEventListener('wheel', (event) => this.#wheel(event), { passive: false })
    root.addEventListener('keydown', (event) => this.#key(event))
    root.addEventListener('focus', () => this.read(this.#place ?? this.#middle()))
    root.addEventListener('blur', () => this.read(undefined))
  }

  /** With Ctrl, as pinching has it, time is zoomed, with Alt frequency; with Shift it is moved. Else the page scrolls. */
  #wheel(event: WheelEvent): void {
    const place = this.#placeOf(event)
    if (!place || !(event.ctrlKey || event.altKey || event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)))
      return
    event.preventDefault()
    const factor = Math.exp(Math.max(-1, Math.min(1, event.deltaY / 200)))
    if (event.ctrlKey) this.move(zoomed(this.state.window, 'time', place.time, factor))
    else if (event.altKey) this.move(zoomed(this.state.window, 'frequency', place.frequency, factor))
    else this.move(panned(this.state.window, (event.deltaX || event.deltaY) / this.box(0).width, 0))
  }

  #middle(): Place {
    const { from, to, low, high } = this.state.window
    return { time: (from + to) / 2, frequency: (low + high) / 2 }
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const arrows: Record<string, [number, number]> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowDown: [0, -1],
      ArrowUp: [0, 1],
    }
    const zooms: Record<string, string> = {
      '+': 'time-in',
      '=': 'time-in',
      '-': 'time-out',
      ']': 'frequency-in',
      '[': 'frequency-out',
      '0': 'whole',
    }
    const arrow = arrows[event.key]
    if (arrow && event.shiftKey) this.move(panned(this.state.window, arrow[0] / 4, arrow[1] / 4))
    else if (arrow) this.#step(arrow)
    else if (zooms[event.key]) this.#zoomBy(zooms[event.key]!)
    else if (event.key === 'Enter') this.#acts.seek((this.#place ?? this.#middle()).time)
    else if (event.key === ' ') this.#acts.play()
    else return
    event.preventDefault()
  }

  /** Moves the reading point by a hundredth of what is visible. */
  #step([time, frequency]: [number, number]): void {
    const { from, to, low, high } = this.state.window
    const at = this.#place ?? this.#middle()
    const within = (x: number, a: number, b: number): number => Math.min(Math.max(x, a), b)
    find('#reading').setAttribute('aria-live', 'polite')
    this.read({
      time: within(at.time + (time * (to - from)) / 100, from, to),
      frequency: within(at.frequency + (frequency * (high - low)) / 50, low, high),
    })
  }
}

const signed = (db: number): string => `${db < 0 ? '−' : db > 0 ? '+' : ''}${Math.abs(db).toFixed(1)} dB`

function show(reading: Reading | undefined, seconds: number | undefined, third: Third): void {
  const put = (name: string, text: string): void => {
    find(`[data-read="${name}"]`).textContent = text
  }
  put('last', third === 'sound' ? 'Of the sound' : 'Inverted')
  put('time', reading && seconds !== undefined ? `${seconds.toFixed(3)} s` : '–')
  put('hz', reading ? `${reading.hz.toFixed(0)} Hz` : '–')
  put('band', reading ? `${reading.band + 1}, ${reading.bark.toFixed(1)} Bark` : '–')
  for (const name of PANELS) {
    const level = reading?.levels[name]
    put(name, level === undefined ? '–' : level === 0 ? '0.0 dB' : signed(level))
  }
  put('difference', reading?.difference === undefined ? '–' : signed(reading.difference))
}
