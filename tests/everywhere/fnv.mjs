/** FNV-1a of 64 bits, on two halves of 32, for places where 64-bit integers are slow. */

/** Hashes the bits of numbers, typed arrays, strings and lists of them; 16 hexadecimal digits. */
export function fnv(value) {
  const hash = { high: 0xcbf29ce4, low: 0x84222325 }
  add(hash, value)
  return hex(hash.high) + hex(hash.low)
}

function hex(half) {
  return half.toString(16).padStart(8, '0')
}

function add(hash, value) {
  if (ArrayBuffer.isView(value)) {
    for (const byte of new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) addByte(hash, byte)
  } else if (Array.isArray(value)) {
    add(hash, value.length)
    for (const item of value) add(hash, item)
  } else if (typeof value === 'number') {
    add(hash, new Float64Array([value]))
  } else if (typeof value === 'string') {
    add(
      hash,
      Uint16Array.from(value, (_, i) => value.charCodeAt(i)),
    )
  } else {
    throw new TypeError(`no hash of ${value}`)
  }
}

/** Times 2^40 + 435, modulo 2^64. */
function addByte(hash, byte) {
  const low = (hash.low ^ byte) >>> 0
  const product = low * 435
  hash.high = (Math.imul(hash.high, 435) + Math.floor(product / 2 ** 32) + (low << 8)) >>> 0
  hash.low = product >>> 0
}
