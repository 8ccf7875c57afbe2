/** Builds RIFF files byte by byte, as wrong as a test wants them. */

type Bytes = number[]

/** `value` in `count` bytes, the lowest first; negative ones in two's complement. */
export function le(value: number, count: number): Bytes {
  let rest = BigInt.asUintN(count * 8, BigInt(value))
  const bytes: Bytes = []
  for (let i = 0; i < count; i++, rest >>= 8n) bytes.push(Number(rest & 255n))
  return bytes
}

export function text(tag: string): Bytes {
  return Array.from(tag, (letter) => letter.charCodeAt(0))
}

/** A chunk with its padding; `size` is what it says of itself. */
export function chunk(id: string, body: Bytes, size: number = body.length): Bytes {
  return [...text(id), ...le(size, 4), ...body, ...(body.length % 2 === 1 ? [0] : [])]
}

export interface Format {
  code?: number
  channels?: number
  sampleRate?: number
  bits?: number
  blockAlign?: number
}

export function fmt({ code = 1, channels = 1, sampleRate = 16000, bits = 16, blockAlign }: Format = {}): Bytes {
  const frame = blockAlign ?? (channels * bits) / 8
  const rate = le(sampleRate * frame, 4)
  return [...le(code, 2), ...le(channels, 2), ...le(sampleRate, 4), ...rate, ...le(frame, 2), ...le(bits, 2)]
}

/** WAVEFORMATEXTENSIBLE; `code` is the sub format's. */
export function extensible(format: Format, tail: string = '\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71'): Bytes {
  const valid = le(format.bits ?? 16, 2)
  const sub = [...le(format.code ?? 1, 2), ...text(tail)]
  return [...fmt({ ...format, code: 0xfffe }), ...le(22, 2), ...valid, ...le(0, 4), ...sub]
}

/** The ds64 chunk of RF64: sizes of the file, of the data and of the count of samples, and an empty table. */
export const ds64 = (file: number, data: number): number[] =>
  chunk('ds64', [...le(file, 8), ...le(data, 8), ...le(0, 8), ...le(0, 4)])

export function riff(chunks: Bytes[], { form = 'RIFF', size = -1 } = {}): Uint8Array {
  const body = [...text('WAVE'), ...chunks.flat()]
  return Uint8Array.from([...text(form), ...le(size === -1 ? body.length : size, 4), ...body])
}

/** The usual file: a fmt chunk and a data chunk. */
export function wav(format: Format, samples: Bytes): Uint8Array {
  return riff([chunk('fmt ', fmt(format)), chunk('data', samples)])
}

export function pcm16(...values: number[]): Bytes {
  return values.flatMap((value) => le(value, 2))
}
