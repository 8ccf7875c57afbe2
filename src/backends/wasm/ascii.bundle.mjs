/** The way into the text that ascii.ts decodes; for the build alone. */
const [SHORT, DIGITS, SHIFT] = [84, 86, 3]

/** @param {ArrayLike<number>} bytes */
export function encodeAscii(bytes) {
  return Array.from(bytes, (byte) => {
    const value = (byte + SHIFT) % 256
    const [high, low] = [Math.floor((value - SHORT) / DIGITS), (value - SHORT) % DIGITS]
    return value < SHORT ? character(value) : character(SHORT + high) + character(low)
  }).join('')
}

/** @param {number} digit */
function character(digit) {
  return String.fromCharCode(digit < 52 ? digit + 40 : digit + 41)
}
