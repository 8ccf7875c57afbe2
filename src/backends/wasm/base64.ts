const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Decodes base64 by hand: an AudioWorklet has no `atob`. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const digits = new Uint8Array(128)
  for (let i = 0; i < 64; i++) digits[ALPHABET.charCodeAt(i)] = i
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const bytes = new Uint8Array((text.length / 4) * 3 - padding)
  for (let i = 0, j = 0; i < text.length; i += 4) {
    let word = 0
    for (let k = 0; k < 4; k++) word = (word << 6) | digits[text.charCodeAt(i + k)]!
    bytes[j++] = word >> 16
    bytes[j++] = word >> 8
    bytes[j++] = word
  }
  return bytes
}
