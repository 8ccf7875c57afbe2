/** Bytes that were handed over, and arrays for what they hold. */
import { expected } from './options.ts'

/** The bytes of an ArrayBuffer or a Uint8Array, not copied. Throws TypeError naming `name`. */
export function readBytes(name: string, value: unknown, what = 'an ArrayBuffer or a Uint8Array'): Uint8Array {
  // by tag: instanceof fails for buffers of another realm (frames, vm, test runners)
  const tag = Object.prototype.toString.call(value)
  const bytes = ArrayBuffer.isView(value) && tag === '[object Uint8Array]' ? (value as Uint8Array) : undefined
  if (!bytes && tag !== '[object ArrayBuffer]' && tag !== '[object SharedArrayBuffer]') {
    throw new TypeError(expected(name, what, value))
  }
  try {
    const whole = new Uint8Array(bytes ? bytes.buffer : (value as ArrayBuffer))
    return bytes ?? whole
  } catch {
    // it was transferred to elsewhere; `detached` is younger than some hosts, and a view of it just looks empty
    throw new TypeError(`${name}: expected ${what}, got a detached ArrayBuffer`)
  }
}

/** One character a byte. */
export function latin1(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}

/** An array as long as a file wants it. Throws RangeError naming `name` where that is too long for this host. */
export function allocate<T>(
  name: string,
  what: string,
  length: number,
  Type: new (length: number) => T,
  advice = '',
): T {
  try {
    return new Type(length)
  } catch (cause) {
    throw new RangeError(`${name}: expected ${what} that fit into memory, got ${length}${advice}`, { cause })
  }
}
