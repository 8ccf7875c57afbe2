/** Hostile bytes for a reader: random ones, truncations, and mutations of a valid file. */
import fc from 'fast-check'
import * as assert from 'uvu/assert'

/** Runs of each property; the seed is fixed, so that a failure comes back. */
const parameters = { numRuns: Number(globalThis.process?.env.FUZZ_RUNS ?? 2000), seed: 2609 }

export function check(bytes: fc.Arbitrary<Uint8Array>, holds: (bytes: Uint8Array) => void): void {
  fc.assert(fc.property(bytes, holds), parameters)
}

/** Random bytes behind a part of a valid file. */
export function continued(valid: Uint8Array): fc.Arbitrary<Uint8Array> {
  const tail = fc.uint8Array({ maxLength: 300 })
  return fc
    .tuple(fc.nat(valid.length), tail)
    .map(([kept, bytes]) => Uint8Array.from([...valid.subarray(0, kept), ...bytes]))
}

const sizes = [0, 1, 2, 7, 15, 16, 39, 40, 255, 65535, 2 ** 24, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 2, 2 ** 32 - 1]
const size = fc.oneof(fc.constantFrom(...sizes), fc.nat(200), fc.nat(2 ** 32 - 1))

/** Flipped bits, and any size written into any of the 32-bit `fields` and elsewhere; perhaps cut. */
export function mutated(valid: Uint8Array, fields: number[]): fc.Arbitrary<Uint8Array> {
  const last = valid.length - 4
  const flips = fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(7)), { maxLength: 2 })
  const place = fc.oneof(fc.constantFrom(...fields), fc.nat(last))
  const writes = fc.array(fc.tuple(place, size), { maxLength: 2 })
  const length = fc.oneof({ weight: 4, arbitrary: fc.constant(valid.length) }, fc.nat(valid.length))
  return fc.tuple(flips, writes, length).map(([bits, words, kept]) => {
    const bytes = valid.slice()
    const view = new DataView(bytes.buffer)
    for (const [at, bit] of bits) bytes[at]! ^= 1 << bit
    for (const [at, value] of words) view.setUint32(at, value, true)
    return bytes.subarray(0, kept)
  })
}

/** Either a value or an error of the promised kind, one line, and soon. */
export function attempt<T>(name: string, read: () => T): T | undefined {
  const began = performance.now()
  try {
    return read()
  } catch (error) {
    assert.ok(
      error instanceof RangeError || error instanceof TypeError,
      `${error instanceof Error ? error.stack : error}`,
    )
    assert.match((error as Error).message, new RegExp(`^${name}: expected [^\\n]+, got [^\\n]+$`))
    return undefined
  } finally {
    const took = performance.now() - began
    assert.ok(took < 1000, `took ${took} ms`)
  }
}
