export function encodeAscii(bytes: ArrayLike<number>): string
