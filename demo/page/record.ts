/** Sound from the microphone, as it comes: without the browser's clean-ups, and not coded. */

/** Seconds after which it stops by itself. */
const MOST = 60

export class Recorder {
  #stop: (() => void) | undefined

  get isRecording(): boolean {
    return this.#stop !== undefined
  }

  /**
   * Records until `stop`.
   * @param hear told how long it is, a few times a second
   * @throws Error that says why there is no microphone
   */
  async record(hear: (seconds: number) => void): Promise<AudioBuffer> {
    if (!navigator.mediaDevices) throw new Error('Recording needs https or localhost')
    let stream: MediaStream
    try {
      const audio = { echoCancellation: false, noiseSuppression: false, autoGainControl: false }
      stream = await navigator.mediaDevices.getUserMedia({ audio })
    } catch (error) {
      const isRefused = (error as Error).name === 'NotAllowedError'
      throw new Error(isRefused ? 'The microphone was not allowed' : 'No microphone was found')
    }
    const context = new AudioContext()
    try {
      await context.audioWorklet.addModule(new URL('./capture.js', import.meta.url))
      const pieces = await this.#capture(context, stream, hear)
      const length = pieces.reduce((sum, piece) => sum + piece.length, 0)
      if (length === 0) throw new Error('Nothing was recorded')
      const buffer = new AudioBuffer({ length, sampleRate: context.sampleRate, numberOfChannels: 1 })
      let at = 0
      for (const piece of pieces) {
        buffer.copyToChannel(piece, 0, at)
        at += piece.length
      }
      return buffer
    } finally {
      this.#stop = undefined
      for (const track of stream.getTracks()) track.stop()
      await context.close()
    }
  }

  stop(): void {
    this.#stop?.()
  }

  #capture(
    context: AudioContext,
    stream: MediaStream,
    hear: (seconds: number) => void,
  ): Promise<Float32Array<ArrayBuffer>[]> {
    const node = new AudioWorkletNode(context, 'capture', {
      numberOfOutputs: 0,
      channelCount: 1,
      channelCountMode: 'explicit',
    })
    context.createMediaStreamSource(stream).connect(node)
    const pieces: Float32Array<ArrayBuffer>[] = []
    let length = 0
    return new Promise((resolve) => {
      const end = (): void => {
        node.disconnect()
        resolve(pieces)
      }
      this.#stop = end
      node.port.onmessage = ({ data }: MessageEvent<Float32Array<ArrayBuffer>>) => {
        pieces.push(data)
        length += data.length
        hear(length / context.sampleRate)
        if (length >= MOST * context.sampleRate) end()
      }
    })
  }
}
