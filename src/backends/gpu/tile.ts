/** What a device does with some frames: all that the session asks of WebGL2 and of WebGPU. */
import type { CompactBank, SgdArguments } from '../../backend.ts'
import type { Sizes } from './kernels.ts'

/** The frames of one solve that fit into one texture or buffer, in the layout of kernels.ts. */
export interface Tile {
  readonly sizes: Sizes
  /** Writes rows of the state, from `row` on; the rows are `frames` long. */
  write(row: number, values: Float32Array): void
  /** Writes rows of the target. */
  writeTarget(row: number, values: Float32Array): void
  /** Reads rows of the state. */
  read(row: number, rows: number): Promise<Float32Array>
  /**
   * Takes steps, the first of a solve where `isFirst`.
   * @returns the losses, (iterations, frames), the first iteration first
   */
  run(iterations: number, isFirst: boolean): Promise<Float32Array>
  /** Copies the state to a place beside it, and back. */
  keep(): void
  back(): void
  /** Gives up all memory, whatever is under way. */
  close(): void
}

/** What the frames of a tile share with those of all others. */
export interface Shared {
  nBins: number
  nBands: number
  bank: CompactBank
  sgd: SgdArguments
  decays: boolean
  /** Frames of the whole problem. */
  frames: number
}

/** An adapter that is there. */
export interface Adapter {
  readonly backend: 'webgl2' | 'webgpu'
  /** What it calls itself. */
  readonly name: string
  /** Whether it computes on the CPU; undefined where its name does not tell. */
  readonly isSoftware: boolean | undefined
  /** Opens it for one solve. */
  open(): Promise<Device>
}

/** An adapter that is open for a solve. */
export interface Device {
  /** Why it can no longer be used, where it was lost. */
  readonly lost: string | undefined
  /** Takes note of an error, in case it is all that is heard of a loss. */
  fail(error: Error): void
  /** Most frames of a tile with so many rows. */
  mostFrames(rows: number): number
  /** Rejects where there is no memory left for it. */
  tile(shared: Shared, frames: number): Promise<Tile>
  /** Ends the solve; tiles are closed before. */
  release(): void
}
