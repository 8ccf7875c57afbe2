/**
 * `unbark/bark-stream-worklet.js`: an AudioWorklet processor called `bark-stream`, which plays frames of Bark bands as they
 * are sent to it. One file, for `context.audioWorklet.addModule(url)`.
 *
 * ```js
 * const context = new AudioContext({ sampleRate: 16000 })
 * await context.audioWorklet.addModule(new URL('unbark/bark-stream-worklet.js', import.meta.url))
 * const processorOptions = { nFft: 1024, hopLength: 256, nBarks: 80 }
 * const node = new AudioWorkletNode(context, 'bark-stream', { numberOfInputs: 0, processorOptions })
 * node.connect(context.destination)
 * node.port.onmessage = ({ data }) => console.log(data.type)
 * node.port.postMessage(frames) // nBarks values, or several frames of them one after the other
 * node.port.postMessage({ type: 'end' })
 * ```
 */
import { expected } from '../options.ts'
import { BarkPlayer, type BarkPlayerOptions, type BarkPlayerState } from './player.ts'

export type { BarkPlayerOptions, BarkPlayerState }

/** What the processor is sent: frames, in which values are neighbours, or what to do. */
export type BarkStreamRequest =
  | Float32Array
  | Float64Array
  | number[]
  /** Play what waits, and then end: the node is silent from there on. */
  | { type: 'end' }
  /** Forget what waits. */
  | { type: 'reset' }
  /** Say how it goes: a `state` comes back. */
  | { type: 'state' }

/** What the processor sends. `ended` comes once, `playing` again after every `underrun`. */
export type BarkStreamEvent =
  | ({ type: 'playing' | 'underrun' | 'ended' | 'state' } & BarkPlayerState)
  /** Options, frames or requests that are wrong. With options that are wrong nothing is ever played. */
  | { type: 'error'; message: string }
  | { type: 'warning'; message: string }

/** Of the AudioWorkletGlobalScope, which TypeScript's libraries do not have. */
declare const sampleRate: number
declare const AudioWorkletProcessor: new () => { readonly port: MessagePort }
declare function registerProcessor(name: string, processor: unknown): void

class BarkStreamProcessor extends AudioWorkletProcessor {
  #player: BarkPlayer | undefined
  #wasPlaying = false
  #underruns = 0

  constructor({ processorOptions }: { processorOptions?: BarkPlayerOptions }) {
    super()
    const onWarning = (message: string): void => this.#send({ type: 'warning', message })
    this.#try(() => {
      this.#player = new BarkPlayer({ ...processorOptions, onWarning }, sampleRate)
    })
    this.port.onmessage = ({ data }) => this.#try(() => this.#hear(data))
  }

  process(_: unknown, [output]: Float32Array[][]): boolean {
    const player = this.#player
    const first = output?.[0]
    if (!player || !first) return Boolean(player)
    let isOver = false
    this.#try(() => {
      isOver = !player.render(first)
    })
    for (const channel of output!) if (channel !== first) channel.set(first)
    this.#tell(player)
    if (isOver) this.#send({ type: 'ended', ...player.state })
    return !isOver
  }

  #hear(data: BarkStreamRequest): void {
    const player = this.#player
    if (!player) return
    const type = (data as { type?: string } | null)?.type
    if (ArrayBuffer.isView(data) || Array.isArray(data)) player.feed(data)
    else if (type === 'end') player.end()
    else if (type === 'reset') player.reset()
    else if (type === 'state') this.#send({ type, ...player.state })
    else throw new TypeError(expected('message', "frames, or a type of 'end', 'reset' or 'state'", type ?? data))
  }

  /** Says what has changed since the last call. */
  #tell(player: BarkPlayer): void {
    const { isPlaying, underruns } = player
    if (underruns > this.#underruns) this.#send({ type: 'underrun', ...player.state })
    else if (isPlaying && !this.#wasPlaying) this.#send({ type: 'playing', ...player.state })
    this.#underruns = underruns
    this.#wasPlaying = isPlaying
  }

  #try(act: () => void): void {
    try {
      act()
    } catch (error) {
      this.#send({ type: 'error', message: error instanceof Error ? error.message : String(error) })
    }
  }

  #send(event: BarkStreamEvent): void {
    this.port.postMessage(event)
  }
}

registerProcessor('bark-stream', BarkStreamProcessor)
