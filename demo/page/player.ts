/** Original and reconstruction, started together: which of the two is heard changes at once, at the same position. */
import type { Client } from './client.ts'

export type Heard = 'original' | 'result'
const BOTH: readonly Heard[] = ['original', 'result']
/** Samples that come from the worker at once: a millisecond or two of copying. */
const PIECE = 2 ** 19
/** Seconds of the change from one to the other; shorter ones click. */
const FADE = 0.012
/** As many as a buffer may have. */
const MOST_CHANNELS = 32

export interface Shape {
  channels: number
  samples: number
  sampleRate: number
}

export class Player {
  heard: Heard = 'result'
  readonly #client: Client
  #context: AudioContext | undefined
  readonly #shapes = new Map<Heard, Shape>()
  readonly #buffers = new Map<Heard, Promise<AudioBuffer>>()
  #playing: { sources: AudioBufferSourceNode[]; gains: Map<Heard, GainNode>; since: number } | undefined
  #position = 0
  #starts = 0

  readonly #changed: () => void

  /** @param changed called when it starts, stops or comes to the end */
  constructor(client: Client, changed: () => void) {
    this.#client = client
    this.#changed = changed
  }

  get isPlaying(): boolean {
    return this.#playing !== undefined
  }

  /** Seconds of the longer one. */
  get seconds(): number {
    return Math.max(0, ...[...this.#shapes.values()].map(({ samples, sampleRate }) => samples / sampleRate))
  }

  get position(): number {
    const now = this.#playing ? this.#context!.currentTime - this.#playing.since : this.#position
    return Math.min(Math.max(now, 0), this.seconds)
  }

  has(which: Heard): boolean {
    return this.#shapes.has(which)
  }

  /** Says what there is to hear; undefined where there is nothing. Samples are fetched when they are to be heard. */
  offer(which: Heard, shape: Shape | undefined): void {
    if (this.#playing) this.stop()
    this.#buffers.delete(which)
    if (shape) this.#shapes.set(which, shape)
    else this.#shapes.delete(which)
    this.#position = Math.min(this.#position, this.seconds)
  }

  /** Rejects where the platform cannot play such sound. */
  async play(): Promise<void> {
    const start = ++this.#starts
    this.#context ??= new AudioContext()
    const context = this.#context
    const resumed = context.resume()
    if (this.#position >= this.seconds - 0.01) this.#position = 0
    const found = await Promise.all(
      BOTH.filter((which) => this.#shapes.has(which)).map(async (which) => [which, await this.#buffer(which)] as const),
    )
    await resumed
    if (start !== this.#starts || this.#playing) return
    const gains = new Map<Heard, GainNode>()
    const sources = found.map(([which, buffer]) => {
      const gain = new GainNode(context, { gain: which === this.#audible() ? 1 : 0 })
      const source = new AudioBufferSourceNode(context, { buffer })
      source.connect(gain).connect(context.destination)
      gains.set(which, gain)
      return source
    })
    const when = context.currentTime + 0.02
    for (const source of sources) source.start(when, this.#position)
    this.#playing = { sources, gains, since: when - this.#position }
    sources[0]!.onended = () => {
      if (this.#playing?.sources === sources) this.stop()
    }
    this.#changed()
  }

  stop(): void {
    this.#starts++
    const playing = this.#playing
    this.#position = this.position
    this.#playing = undefined
    for (const source of playing?.sources ?? []) source.stop()
    this.#changed()
  }

  async seek(seconds: number): Promise<void> {
    const goesOn = this.isPlaying
    if (goesOn) this.stop()
    this.#position = Math.min(Math.max(seconds, 0), this.seconds)
    this.#changed()
    if (goesOn) await this.play()
  }

  hear(which: Heard): void {
    this.heard = which
    for (const [name, { gain }] of this.#playing?.gains ?? []) {
      gain.setTargetAtTime(name === this.#audible() ? 1 : 0, this.#context!.currentTime, FADE / 3)
    }
  }

  #audible(): Heard {
    return this.#shapes.has(this.heard) ? this.heard : this.heard === 'result' ? 'original' : 'result'
  }

  #buffer(which: Heard): Promise<AudioBuffer> {
    let buffer = this.#buffers.get(which)
    if (!buffer) {
      buffer = this.#fetch(which, this.#shapes.get(which)!)
      buffer.catch(() => this.#buffers.delete(which))
      this.#buffers.set(which, buffer)
    }
    return buffer
  }

  async #fetch(which: Heard, { channels, samples, sampleRate }: Shape): Promise<AudioBuffer> {
    const numberOfChannels = Math.min(channels, MOST_CHANNELS)
    let buffer: AudioBuffer
    try {
      buffer = new AudioBuffer({ numberOfChannels, length: samples, sampleRate })
    } catch {
      throw new Error(`This browser does not play sound of ${sampleRate} Hz and ${channels} channels`)
    }
    for (let c = 0; c < numberOfChannels; c++) {
      for (let from = 0; from < samples; from += PIECE) {
        const piece = await this.#client.call('listen', [which, c, from, PIECE])
        buffer.copyToChannel(piece as Float32Array<ArrayBuffer>, c, from)
      }
    }
    return buffer
  }
}
