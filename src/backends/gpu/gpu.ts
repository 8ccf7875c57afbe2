/** What the rest of the library asks of GPUs; it and all that it imports is loaded when a GPU is first looked for. */
import type { CompactBank, FilterbankSpec, Problem, Session, State } from '../../backend.ts'
import { type Sizes, stateRows } from './kernels.ts'
import { BLOCK } from './losses.ts'
import { GpuSession } from './session.ts'
import type { Adapter, Device, Shared, Tile } from './tile.ts'
import { findWebGl2 } from './webgl2.ts'
import { findWebGpu } from './webgpu.ts'

export type { Adapter } from './tile.ts'

export const find: Record<Adapter['backend'], () => Promise<Adapter>> = { webgpu: findWebGpu, webgl2: findWebGl2 }

/**
 * A session on an adapter. A device that turns out to have been lost since the last solve is replaced.
 * @param start gives where it begins, unless it is told by `restore`
 * @param why what was looked for before, and why it is not used
 */
export async function openSession(
  adapter: Adapter,
  { nBins, nBands }: FilterbankSpec,
  bank: CompactBank,
  problem: Problem,
  start: () => Promise<State>,
  why?: string,
): Promise<Session> {
  const frames = problem.batch * problem.time
  const decays = Math.fround(problem.sgd.weightDecay) > 0
  const shared: Shared = { nBins, nBands, bank, decays, frames, sgd: problem.sgd }
  for (let tries = 2; ; tries--) {
    const device = await adapter.open()
    try {
      const tiles = await openTiles(device, shared, cut(device, shared))
      return new GpuSession(adapter, device, tiles, problem, start, why)
    } catch (error) {
      device.release()
      if (device.lost === undefined) throw error
      if (tries === 1) throw new Error(device.lost)
    }
  }
}

async function openTiles(device: Device, shared: Shared, counts: number[]): Promise<Tile[]> {
  const tiles: Tile[] = []
  try {
    for (const count of counts) tiles.push(await device.tile(shared, count))
    return tiles
  } catch (error) {
    for (const tile of tiles) tile.close()
    device.fail(error as Error)
    throw error
  }
}

/** Frames of each tile. */
function cut(device: Device, sizes: Sizes): number[] {
  const rows = stateRows(sizes)
  const most = device.mostFrames(rows)
  if (most < 1) throw new Error(`${rows} rows of bins, bands and losses are more than it takes`)
  if (sizes.frames <= most) return [sizes.frames]
  const whole = Math.max(1, Math.floor(most / BLOCK)) * BLOCK
  const tiles: number[] = []
  for (let left = sizes.frames; left > 0; left -= whole) tiles.push(Math.min(whole, left))
  return tiles
}
