/** Plays bands that come when they come: a queue of frames, a BarkStream, and a queue of samples. */
import { BARK_STREAM_OPTIONS, BarkStream, type BarkStreamOptions } from '../bark-stream.ts'
import { expected, readInteger, readOptions } from '../options.ts'
import { newFloats } from '../tensor.ts'

/** The options of a {@link BarkStream}, of which `sampleRate` is by default the context's, and one of the player. */
export interface BarkPlayerOptions extends BarkStreamOptions {
  /**
   * Frames that wait before sound begins, and before it goes on where they did not come in time: what their delays may
   * differ by. Default 3; a hop of samples waits beside them.
   */
  prebuffer?: number | undefined
}

/** How a player does. */
export interface BarkPlayerState {
  /** Frames that wait. */
  queued: number
  /** Samples that have been played, silence that nobody asked for not among them. */
  played: number
  /** How often no frame was there in time. */
  underruns: number
  /** Samples as in {@link BarkStream}; what waits comes on top. */
  latency: number
}

const MOST_WAITING = 2 ** 20

export class BarkPlayer {
  readonly #stream: BarkStream
  readonly #nBarks: number
  readonly #prebuffer: number
  /** Frames that wait, some to an array, and how much of the first is done with. */
  readonly #queue: ArrayLike<number>[] = []
  #taken = 0
  #queued = 0
  readonly #frame: Float32Array
  /** Samples that wait are #first to #last of these. */
  #samples: Float32Array
  #first = 0
  #last = 0
  #isPlaying = false
  #hasEnd = false
  #isFlushed = false
  #played = 0
  #underruns = 0

  /**
   * @param contextRate samples a second that are asked for
   * @throws TypeError or RangeError that names the option
   */
  constructor(options: BarkPlayerOptions | undefined, contextRate: number) {
    const read = readOptions<BarkPlayerOptions>('bark-stream', options, [...BARK_STREAM_OPTIONS, 'prebuffer'])
    const { prebuffer, sampleRate = contextRate, ...rest } = read
    if (sampleRate !== contextRate) {
      const what = `${contextRate}, the context's (new AudioContext({ sampleRate: ... }) makes another)`
      throw new RangeError(expected('sampleRate', what, sampleRate))
    }
    this.#prebuffer = readInteger('prebuffer', prebuffer, 3, 0, MOST_WAITING)
    this.#stream = new BarkStream({ ...rest, sampleRate })
    this.#nBarks = this.#stream.nBarks
    this.#frame = new Float32Array(this.#nBarks)
    this.#samples = new Float32Array(4 * this.#stream.hopLength)
  }

  get state(): BarkPlayerState {
    const { latency } = this.#stream
    return { queued: this.#queued, played: this.#played, underruns: this.#underruns, latency }
  }

  /** Whether sound comes now. */
  get isPlaying(): boolean {
    return this.#isPlaying
  }

  /** As in the state. */
  get underruns(): number {
    return this.#underruns
  }

  /**
   * Takes frames, one after the other, each nBarks values.
   * @throws RangeError where that are not whole frames, or after the end; then none is taken
   */
  feed(frames: ArrayLike<number>): void {
    const count = frames?.length / this.#nBarks
    if (!Number.isInteger(count)) {
      throw new RangeError(expected('frames.length', `a multiple of ${this.#nBarks} (nBarks)`, frames?.length))
    }
    if (this.#hasEnd) throw new RangeError(expected('frames', 'none after the end', count))
    if (count === 0) return
    this.#queue.push(frames)
    this.#queued += count
  }

  /** What waits is played, and then nothing more comes. */
  end(): void {
    this.#hasEnd = true
  }

  /** Forgets what waits and what has been heard. */
  reset(): void {
    this.#queue.length = 0
    this.#taken = this.#queued = this.#first = this.#last = 0
    this.#isPlaying = this.#hasEnd = this.#isFlushed = false
    this.#stream.reset()
  }

  /**
   * Fills `out` with the next samples, or with silence where there are none. Takes up no more frames than it has to on
   * average, so that no call takes much longer than others.
   * @returns false after the end
   * @throws RangeError that says what is wrong with a frame, which is left out; `out` has been filled
   */
  render(out: Float32Array): boolean {
    out.fill(0)
    try {
      this.#work(out.length)
    } finally {
      this.#play(out)
    }
    return !this.#isFlushed || this.#last > this.#first
  }

  #work(wanted: number): void {
    const { hopLength } = this.#stream
    for (let left = Math.ceil(wanted / hopLength); left > 0 && this.#queued > 0; left--) {
      if (this.#last - this.#first >= wanted + hopLength) return
      this.#take(this.#stream.push(this.#next()))
    }
    if (!this.#hasEnd || this.#queued > 0 || this.#isFlushed) return
    this.#isFlushed = true
    this.#take(this.#stream.flush())
  }

  /** The next frame, which is then no longer in the queue. */
  #next(): Float32Array {
    const from = this.#queue[0]!
    for (let k = 0; k < this.#nBarks; k++) this.#frame[k] = from[this.#taken++]!
    if (this.#taken === from.length) {
      this.#queue.shift()
      this.#taken = 0
    }
    this.#queued--
    return this.#frame
  }

  #take(samples: Float32Array): void {
    const held = this.#last - this.#first
    const room = this.#samples
    if (held + samples.length > room.length) this.#samples = newFloats('player', held + samples.length)
    this.#samples.set(room.subarray(this.#first, this.#last))
    this.#samples.set(samples, held)
    this.#first = 0
    this.#last = held + samples.length
  }

  #play(out: Float32Array): void {
    const held = this.#last - this.#first
    const ahead = held - out.length
    if (!this.#isPlaying) {
      this.#isPlaying = this.#isFlushed || (ahead >= this.#stream.hopLength && this.#queued >= this.#prebuffer)
    }
    if (!this.#isPlaying) return
    const count = Math.min(held, out.length)
    for (let i = 0; i < count; i++) out[i] = this.#samples[this.#first++]!
    this.#played += count
    if (count === out.length) return
    this.#isPlaying = false
    if (!this.#isFlushed) this.#underruns++
  }
}
