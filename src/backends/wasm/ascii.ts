/**
 * Compiled code as text: one character a byte for those below 81 and above 252, which are most of it (reads of locals
 * and the prefix of vector instructions), two for the rest. All are printable ASCII that needs no escape in a string.
 *
 * An AudioWorklet has no `atob`, and gzip makes less of this form than of others: of the solvers 15.3 kB, of hexadecimal
 * digits 17.0, of base64, which hides what repeats, 21.0. The code itself is 15.0.
 */

/** Values that are one digit. */
const SHORT = 84
/** Digits in all; those from SHORT on announce another. */
const DIGITS = 86
/** What is added to a byte, so that 253 to 255 come before 0. */
const SHIFT = 3

export function decodeAscii(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length)
  let size = 0
  for (let i = 0; i < text.length; ) {
    let value = digit(text.charCodeAt(i++))
    if (value >= SHORT) value = SHORT + DIGITS * (value - SHORT) + digit(text.charCodeAt(i++))
    bytes[size++] = value - SHIFT
  }
  return bytes.subarray(0, size)
}

/** From ( to ~, without the backslash. */
function digit(code: number): number {
  return code < 92 ? code - 40 : code - 41
}
