/**
 * An AudioWorklet has no TextDecoder, and @assemblyscript/loader makes one as soon as it is imported, for strings that
 * no module here passes. Import this before the loader: it puts one there that cannot decode. `takeAway` after.
 */
class NoTextDecoder {
  decode(): string {
    throw new TypeError('no text is decoded here')
  }
}

const host = globalThis as { TextDecoder?: unknown }
const isMissing = host.TextDecoder === undefined
if (isMissing) host.TextDecoder = NoTextDecoder

/** Leaves the global scope as it was. */
export function takeAway(): void {
  if (isMissing && host.TextDecoder === NoTextDecoder) delete host.TextDecoder
}
