/** Between the host's arrays, (batch, rows, time), and the tiles: some rows at a time, with turns of the event loop. */
import type { Problem, State } from '../../backend.ts'
import { readColumns, writeColumns } from '../../columns.ts'
import type { Values } from '../../tensor.ts'
import { nextTurn, now } from '../../turn.ts'
import { momentumOf, stateRows } from './kernels.ts'
import type { Tile } from './tile.ts'

/** Milliseconds of copying between two turns of the event loop. */
const SLICE_MS = 8
/** Values that are copied between two looks at the clock. */
const SLICE_VALUES = 2 ** 19

type Rows = (row: number, count: number) => Promise<void> | void

/** Does all rows of a tile, some at a time. */
async function inSlices(rows: number, frames: number, what: Rows): Promise<void> {
  const most = Math.max(1, Math.floor(SLICE_VALUES / frames))
  let turn = now()
  for (let row = 0; row < rows; row += most) {
    await what(row, Math.min(most, rows - row))
    if (now() - turn < SLICE_MS) continue
    await nextTurn()
    turn = now()
  }
}

/** Each tile with the number of frames before it. */
function* placed(tiles: Tile[]): Generator<[Tile, number]> {
  let first = 0
  for (const tile of tiles) {
    yield [tile, first]
    first += tile.sizes.frames
  }
}

/** Writes the target and a state; what the state leaves out is 0. */
export async function fillTiles(tiles: Tile[], { bark, time }: Problem, from: State): Promise<void> {
  for (const [tile, first] of placed(tiles)) {
    const { nBins, nBands, frames } = tile.sizes
    const put = (source: Values | undefined, rows: number, write: (row: number, values: Float32Array) => void) =>
      inSlices(rows, frames, (row, count) => {
        const values = new Float32Array(count * frames)
        if (source) readColumns(source, { rows, time, row, count }, first, frames, values, 0, frames)
        write(row, values)
      })
    const momentum = momentumOf(tile.sizes)
    await put(bark, nBands, (row, values) => tile.writeTarget(1 + row, values))
    await put(undefined, stateRows(tile.sizes) - nBins, (row, values) => tile.write(nBins + row, values))
    await put(from.spectrogram, nBins, (row, values) => tile.write(row, values))
    if (from.momentum) await put(from.momentum, momentum.rows, (row, values) => tile.write(momentum.row + row, values))
  }
}

/** Reads the state to the arrays that `into` has. */
export async function readTiles(tiles: Tile[], time: number, into: State): Promise<void> {
  for (const [tile, first] of placed(tiles)) {
    const { nBins, frames } = tile.sizes
    const get = (target: Float32Array | undefined, rows: number, before: number) =>
      target &&
      inSlices(rows, frames, async (row, count) => {
        const values = await tile.read(before + row, count)
        writeColumns(values, 0, frames, target, { rows, time, row, count }, first, frames)
      })
    await get(into.spectrogram, nBins, 0)
    const { row, rows } = momentumOf(tile.sizes)
    await get(into.momentum, rows, row)
  }
}
