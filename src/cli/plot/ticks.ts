/** Places of an axis that are marked: multiples of 1, 2 or 5 times a power of ten. */
export interface Tick {
  value: number
  label: string
}

/** A typographer's minus. */
const MINUS = '\u2212'

/**
 * Ticks from `low` to `high`, both included: as many as possible, but no more than `most` + 1.
 * @param least smallest step, for axes that count
 */
export function ticks(low: number, high: number, most: number, least = 0): Tick[] {
  const room = Math.max((high - low) / Math.max(most, 1), least)
  // nothing between them, or less than numbers of their size resolve
  if (!(high - low > 1e-9 * Math.max(Math.abs(low), Math.abs(high)))) return [{ value: low, label: labelOf(low, 0) }]
  const { mantissa, exponent } = roundStep(room)
  const decimals = Math.max(0, -exponent)
  // multiples of the mantissa divided by a whole power of ten: 3 * 0.1 would not be 0.3
  const at = (i: number): number => (exponent < 0 ? (i * mantissa) / 10 ** -exponent : i * mantissa * 10 ** exponent)
  const step = at(1)
  const slack = 1e-9
  const found: Tick[] = []
  for (let i = Math.ceil(low / step - slack); i <= Math.floor(high / step + slack); i++) {
    const value = at(i) + 0 // no -0
    found.push({ value, label: labelOf(value, decimals) })
  }
  return found
}

/** The smallest of 1, 2, 5, 10 ... that is no less than `room`. */
function roundStep(room: number): { mantissa: number; exponent: number } {
  const exponent = Math.floor(Math.log10(room))
  for (const e of [exponent, exponent + 1]) {
    for (const mantissa of [1, 2, 5]) {
      if (mantissa * 10 ** e >= room * (1 - 1e-9)) return { mantissa, exponent: e }
    }
  }
  return { mantissa: 1, exponent: exponent + 2 }
}

function labelOf(value: number, decimals: number): string {
  return value.toFixed(decimals).replace('-', MINUS)
}

/** Three digits, for values that are not round: `0.00412`, `31.2`, `4.21e6`; four between 1 000 and 10 000. */
export function threeDigits(value: number): string {
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (size < 0.001 || size >= 9999.5) return value.toExponential(2).replace('e+', 'e').replaceAll('-', MINUS)
  return (size < 999.5 ? value.toPrecision(3) : value.toFixed(0)).replace('-', MINUS)
}
