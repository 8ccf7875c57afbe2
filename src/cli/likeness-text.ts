/** What a table says of likeness to an original. */
import { FLOOR_DB, type Likeness } from './quality.ts'

export interface Column<T> {
  head: string
  cell(result: T): string
  meaning: string
}

/** @param power what the values that were compared are of magnitudes */
export function likenessColumns(power: number): Column<Likeness>[] {
  return [
    {
      head: 'convergence',
      cell: ({ convergence }) => fixed(convergence, 3),
      meaning: 'spectral: || |X| - |Y| || / || |X| ||, X the original, Y the result',
    },
    {
      head: 'distance',
      cell: ({ distanceDb }) => `${fixed(distanceDb, 1)} dB`,
      meaning: `log-spectral: rms over bins, mean over frames; what is under\na floor ${FLOOR_DB} dB below the original's loudest counts as the floor`,
    },
    { head: 'rel. L1', cell: ({ l1 }) => fixed(l1, 3), meaning: `sum |X - Y| / sum X of ${valuesOf(power)}` },
  ]
}

export function valuesOf(power: number): string {
  return power === 2 ? 'power' : power === 1 ? 'magnitude' : `magnitude^${power}`
}

export function fixed(x: number, digits: number): string {
  return Number.isFinite(x) ? x.toFixed(digits) : 'infinite'
}
