/** What live.ts and its worker both know. */

export const OPTIONS = { nFft: 1024, hopLength: 256, nBarks: 40, power: 1 } as const

export interface Bands {
  /** Frames one after the other, nBarks values each. */
  frames: Float32Array
  sampleRate: number
  /** The greatest value. */
  peak: number
  /** The middle of each band. */
  hz: number[]
}

/** Bands of a sound of the page's. */
export function bandsOf(name: string): Promise<Bands> {
  const worker = new Worker('live-worker.js', { type: 'module' })
  const come = new Promise<Bands>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Bands | string>) => {
      if (typeof data === 'string') reject(new Error(data))
      else resolve(data)
    }
    worker.onerror = ({ message }) => reject(new Error(message || 'the worker could not be started'))
  })
  worker.postMessage(name)
  return come.finally(() => worker.terminate())
}
