/** Bands of a sound, over and over, sent to the worklet frame by frame with a gain for each band. */
import type { BarkStreamEvent } from 'unbark/bark-stream-worklet.js'
import { all, choice, find, make, onInks, Surface, sheetInks } from './dom.ts'
import { type Bands, bandsOf, OPTIONS } from './live-bands.ts'

/** Seconds that frames are sent ahead: timers of a busy page are late by less. */
const AHEAD = 0.2
/** Milliseconds from one look at the clock to the next. */
const TICK = 20
/** Decibels of a fader, at most and at least, where the band is off; and those that the levels span. */
const MOST = 12
const LEAST = -48
const SPAN = 70

const words = { hz: (hz: number): string => `${Math.round(hz)} Hz`, db: (db: number): string => `${db} dB` }

class Live {
  #context: AudioContext | undefined
  #node: AudioWorkletNode | undefined
  #bands: Bands | undefined
  #timer = 0
  #asks = 0
  #sent = 0
  #played = 0
  readonly #faders: HTMLInputElement[]
  readonly #levels = new Surface('#levels', () => this.#draw())
  /** Those of every sound that was asked for. */
  readonly #loaded = new Map<string, Promise<Bands>>()
  #sound = 'speech'
  #isOn = false
  #starts = 0

  constructor() {
    const desk = find('#faders')
    this.#faders = Array.from({ length: OPTIONS.nBarks }, () => {
      const fader = make('input', { type: 'range', min: String(LEAST), max: String(MOST), step: '1', value: '0' })
      fader.addEventListener('input', () => this.#tell(fader))
      desk.append(fader)
      return fader
    })
    choice<string>('sound', (name) => {
      this.#sound = name
      if (this.#isOn) this.#begin()
    })
    for (const button of all('[data-faders]'))
      button.addEventListener('click', () => this.#setAll(button.dataset['faders']!))
    find('#play').addEventListener('click', () => (this.#isOn ? this.#end() : this.#begin()))
    onInks(() => this.#draw())
    this.#load().catch((error) => this.#fail(error))
  }

  /** Says which band each fader is. */
  #name(hz: number[]): void {
    for (const [k, fader] of this.#faders.entries()) {
      fader.dataset['hz'] = String(hz[k])
      this.#tell(fader)
    }
    find('#low').textContent = words.hz(hz[0]!)
    find('#high').textContent = words.hz(hz.at(-1)!)
  }

  #tell(fader: HTMLInputElement): void {
    const gain = fader.valueAsNumber
    fader.title = `${words.hz(Number(fader.dataset['hz']))}: ${gain === LEAST ? 'off' : words.db(gain)}`
    fader.setAttribute('aria-label', `Band at ${words.hz(Number(fader.dataset['hz']))}`)
    fader.setAttribute('aria-valuetext', gain === LEAST ? 'off' : words.db(gain))
  }

  #setAll(how: string): void {
    for (const fader of this.#faders) {
      const hz = Number(fader.dataset['hz'])
      const isOff = how === 'telephone' ? hz < 300 || hz > 3400 : how === 'high' && hz < 2000
      fader.value = String(isOff ? LEAST : 0)
      this.#tell(fader)
    }
  }

  async #load(): Promise<Bands> {
    const name = this.#sound
    const loading = this.#loaded.get(name) ?? bandsOf(name)
    this.#loaded.set(name, loading)
    // the next try begins anew
    loading.catch(() => this.#loaded.delete(name))
    const bands = await loading
    this.#name(bands.hz)
    return bands
  }

  async #begin(): Promise<void> {
    this.#end()
    const start = ++this.#starts
    this.#isOn = true
    find('#play').textContent = 'Stop'
    find('#trouble').textContent = ''
    try {
      const bands = await this.#load()
      if (start !== this.#starts) return
      const context = new AudioContext({ sampleRate: bands.sampleRate })
      this.#context = context
      if (!context.audioWorklet) throw new Error('expected an AudioWorklet; a page has one over https or on localhost')
      await context.audioWorklet.addModule('bark-stream-worklet.js')
      if (start !== this.#starts) return
      this.#bands = bands
      this.#node = this.#connect(context)
      await context.resume()
      this.#timer = setInterval(() => this.#send(), TICK)
      this.#asks = setInterval(() => this.#node?.port.postMessage({ type: 'state' }), 100)
    } catch (error) {
      if (start !== this.#starts) return
      this.#end()
      this.#fail(error)
    }
  }

  #fail(error: unknown): void {
    find('#trouble').textContent = error instanceof Error ? error.message : String(error)
  }

  #connect(context: AudioContext): AudioWorkletNode {
    const node = new AudioWorkletNode(context, 'bark-stream', { numberOfInputs: 0, processorOptions: OPTIONS })
    node.port.onmessage = ({ data }: MessageEvent<BarkStreamEvent>) => {
      if (node === this.#node) this.#hear(data)
    }
    node.connect(context.destination)
    return node
  }

  #end(): void {
    this.#starts++
    this.#isOn = false
    clearInterval(this.#timer)
    clearInterval(this.#asks)
    this.#node?.disconnect()
    this.#node = undefined
    void this.#context?.close()
    this.#context = undefined
    this.#sent = this.#played = 0
    find('#play').textContent = 'Play'
    this.#draw()
  }

  /** Sends the frames whose time will soon have come. */
  #send(): void {
    const { frames, sampleRate } = this.#bands!
    const { hopLength, nBarks } = OPTIONS
    const due = Math.floor(((this.#context!.currentTime + AHEAD) * sampleRate) / hopLength)
    if (due <= this.#sent) return
    const gains = this.#faders.map(({ valueAsNumber: db }) => (db === LEAST ? 0 : 10 ** (db / 20)))
    const batch = new Float32Array((due - this.#sent) * nBarks)
    for (let i = 0; i < batch.length; i++) batch[i] = frames[this.#place(i)]! * gains[i % nBarks]!
    this.#sent = due
    this.#node!.port.postMessage(batch, [batch.buffer])
  }

  /** Where value `i` from the next frame on is, as the sound starts again at its end. */
  #place(i: number): number {
    return (this.#sent * OPTIONS.nBarks + i) % this.#bands!.frames.length
  }

  #hear(event: BarkStreamEvent): void {
    if (event.type === 'error' || event.type === 'warning') {
      find('#trouble').textContent = event.message
      return
    }
    this.#played = event.played
    find('#played').textContent = `${(event.played / this.#bands!.sampleRate).toFixed(1)} s`
    find('#underruns').textContent = String(event.underruns)
    find('#queued').textContent = String(event.queued)
    find('#latency').textContent = `${Math.round((1000 * event.latency) / this.#bands!.sampleRate)} ms`
    this.#draw()
  }

  /** The levels of the frame that is heard. */
  #draw(): void {
    const { width, height } = this.#levels
    const context = this.#levels.begin()
    const { accent, plot } = sheetInks()
    context.fillStyle = plot
    context.fillRect(0, 0, width, height)
    if (!this.#node || !this.#bands) return
    const { frames, peak } = this.#bands
    const { hopLength, nBarks } = OPTIONS
    const first = (Math.floor(this.#played / hopLength) * nBarks) % frames.length
    context.fillStyle = accent
    for (const [k, fader] of this.#faders.entries()) {
      const gain = fader.valueAsNumber
      const db = 20 * Math.log10(frames[first + k]! / peak) + (gain === LEAST ? -Infinity : gain)
      const share = Math.min(1, Math.max(0, 1 + (db - MOST) / SPAN))
      const left = (k * width) / nBarks
      context.fillRect(left + 1, height * (1 - share), width / nBarks - 2, height * share)
    }
  }
}

new Live()
