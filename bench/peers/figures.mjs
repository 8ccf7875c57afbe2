/** Numbers as people read them. */

const digits = (x) =>
  x > 0 && x < 0.095 ? x.toPrecision(2) : x < 9.95 ? x.toFixed(2) : x < 99.5 ? x.toFixed(1) : x.toFixed(0)
const grouped = (x) =>
  Math.round(x)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ' ')

export function duration(ms) {
  if (ms === undefined) return ''
  if (ms < 1) return `${digits(ms * 1000)} µs`
  if (ms < 1000) return `${digits(ms)} ms`
  return ms < 120_000 ? `${digits(ms / 1000)} s` : `${digits(ms / 60_000)} min`
}

export function size(bytes) {
  if (bytes === undefined) return ''
  if (bytes < 1e6) return `${digits(bytes / 1e3)} kB`
  return bytes < 1e9 ? `${digits(bytes / 1e6)} MB` : `${digits(bytes / 1e9)} GB`
}

/** How many times as much. */
export const times = (ratio) =>
  ratio === undefined || Number.isNaN(ratio) ? '' : `${ratio < 100 ? digits(ratio) : grouped(ratio)}x`

export const small = (x) => (x === undefined ? '' : x.toExponential(1))
export const fixed = (x, places) => (x === undefined ? '' : x.toFixed(places))
export const whole = (x) => (x === undefined ? '' : grouped(x))
