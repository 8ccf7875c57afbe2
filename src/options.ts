/** Every range and every argument error: what was named, what was expected, what came. */

/** Most bins, bands, samples of a window: beyond it nothing sensible is meant. */
export const MOST = 65536

/** A value as it stands in an error message. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value)
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'function') return 'a function'
  if (typeof value !== 'object' || value === null) return String(value)
  if (!Array.isArray(value)) return showObject(value)
  const items = value.slice(0, 8).map((item) => (Array.isArray(item) ? '[...]' : show(item)))
  return `[${items.join(', ')}${value.length > 8 ? ', ...' : ''}]`
}

function showObject(value: object): string {
  try {
    const name = String(value.constructor?.name || 'Object')
    return `a${/^[AEIOU]/.test(name) ? 'n' : ''} ${name}`
  } catch {
    return 'an object'
  }
}

/** `nBarks: expected an integer >= 1, got 0` */
export function expected(name: string, what: string, got: unknown): string {
  return `${name}: expected ${what}, got ${show(got)}`
}

/** The options object itself, with no name that is not in `known`. */
export function readOptions<T extends object>(
  who: string,
  options: unknown,
  known: readonly (keyof T & string)[],
): Partial<T> {
  if (options === undefined) return {}
  // a Map, a Date or a boxed value has no options in it
  if (Object.prototype.toString.call(options) !== '[object Object]') {
    throw new TypeError(expected(`${who} options`, 'an object', options))
  }
  for (const name of Object.keys(options as object)) {
    if (!(known as readonly string[]).includes(name)) {
      throw new TypeError(`${who}: unknown option ${show(name)}${suggest(name, known)}; known are ${known.join(', ')}`)
    }
  }
  return options as Partial<T>
}

/** torchaudio's own spelling and other letter cases are the usual slips. */
function suggest(name: string, known: readonly string[]): string {
  const bare = (s: string): string => s.replaceAll('_', '').toLowerCase()
  const match = known.find((other) => bare(other) === bare(name))
  return match ? ` (did you mean ${match}?)` : ''
}

/** A number within `least` and `most`, both included; `fallback` where the option is absent. */
export function readNumber(
  name: string,
  value: unknown,
  fallback: number,
  least: number,
  most: number = Infinity,
): number {
  if (value === undefined) return fallback
  const range =
    most < Infinity
      ? `a number from ${least} to ${most}`
      : least > -Infinity
        ? `a finite number >= ${least}`
        : 'a finite number'
  if (typeof value !== 'number') throw new TypeError(expected(name, range, value))
  if (!Number.isFinite(value) || value < least || value > most) throw new RangeError(expected(name, range, value))
  return value
}

/** An integer within `least` and `most`, both included; an error where it is absent and there is no `fallback`. */
export function readInteger(
  name: string,
  value: unknown,
  fallback: number | undefined,
  least: number,
  most: number = Number.MAX_SAFE_INTEGER,
): number {
  if (value === undefined && fallback !== undefined) return fallback
  const range = most === Number.MAX_SAFE_INTEGER ? `an integer >= ${least}` : `an integer from ${least} to ${most}`
  if (typeof value !== 'number') throw new TypeError(expected(name, range, value))
  if (!Number.isSafeInteger(value) || value < least || value > most) throw new RangeError(expected(name, range, value))
  return value
}

/** A number of bins, bands or samples: 1 to 65 536. */
export function readCount(name: string, value: unknown, fallback?: number): number {
  return readInteger(name, value, fallback, 1, MOST)
}

export function readBoolean(name: string, value: unknown, fallback: boolean): boolean {
  if (value === undefined) return fallback
  if (typeof value !== 'boolean') throw new TypeError(expected(name, 'true or false', value))
  return value
}

export function readFunction<T>(name: string, value: unknown, fallback: T): T {
  if (value === undefined) return fallback
  if (typeof value !== 'function') throw new TypeError(expected(name, 'a function', value))
  return value as T
}

/** One of a few names or numbers; `fallback` where the option is absent. */
export function readChoice<T extends string | number>(
  name: string,
  value: unknown,
  choices: readonly T[],
  fallback: T,
): T {
  if (value === undefined) return fallback
  if ((choices as readonly unknown[]).includes(value)) return value as T
  const list = choices.map(show).join(' or ')
  if (typeof value !== typeof fallback) throw new TypeError(expected(name, list, value))
  throw new RangeError(expected(name, list, value))
}

export type OnWarning = (message: string) => void

/** Warns; once for each kind of message, which is the message itself unless another is given. */
export type Warn = (message: string, kind?: string) => void

/** Where warnings go: `onWarning`, by default `console.warn`, each kind once for the object that asks. */
export function readWarnings(value: unknown): Warn {
  const onWarning = readFunction<OnWarning>('onWarning', value, (message) => console.warn(message))
  const seen = new Set<string>()
  return (message, kind = message) => {
    if (seen.has(kind)) return
    seen.add(kind)
    onWarning(message)
  }
}

export function readSignal(value: AbortSignal | undefined): AbortSignal | undefined {
  if (value === undefined) return undefined
  if (typeof value !== 'object' || value === null || typeof value.throwIfAborted !== 'function') {
    throw new TypeError(expected('signal', 'an AbortSignal', value))
  }
  return value
}
