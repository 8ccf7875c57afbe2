/** Frames as columns, and how far apart their rows lie in the memory of a core. */
import { GROUP } from './lane-groups.ts'

export { pieces, readColumns, writeColumns } from '../../columns.ts'

/** Values of a row for so many frames: whole lane groups, and no large power of two, whose rows would share cache sets. */
export function rowLength(frames: number): number {
  const groups = Math.ceil(frames / GROUP)
  return GROUP * (groups % 32 === 0 ? groups + 1 : groups)
}
