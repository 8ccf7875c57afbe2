/** What the bytes of a file look like. */
import { latin1 } from './bytes.ts'

const signatures: [at: number, magic: string, what: string][] = [
  [0, 'RIFX', 'a big-endian RIFX file'],
  [0, 'ID3', 'MP3 audio'],
  [0, 'fLaC', 'FLAC audio'],
  [0, 'OggS', 'Ogg audio'],
  [0, 'riff\x2e\x91\xcf\x11', 'Sony Wave64 audio'],
  [8, 'AIFF', 'AIFF audio'],
  [8, 'AIFC', 'AIFF audio'],
  [4, 'ftyp', 'MP4 audio or video'],
  [0, 'caff', 'Core Audio (CAF)'],
  [0, '.snd', 'Sun/NeXT audio (.au)'],
  [0, '\x1a\x45\xdf\xa3', 'Matroska or WebM'],
  [0, '\x93NUMPY', 'a NumPy array (.npy)'],
  [0, 'PK\x03\x04', 'a zip archive (.npz is one)'],
  [0, '\x1f\x8b', 'gzip'],
  [0, 'version https://git-lfs', 'a Git LFS pointer in place of the file'],
  [0, '\xef\xbb\xbf', 'text'],
  [0, '\xff\xfe', 'text'],
  [0, '\xfe\xff', 'text'],
]

/** ASCII without most control characters, or UTF-8, up to a character that the end may have cut. */
const utf8 =
  /^(?:[\t-\r -~]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})+[\xc2-\xf4]?[\x80-\xbf]{0,2}$/

/** What a file's beginning looks like, to stand after "got". */
export function looksLike(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'an empty file'
  const head = latin1(bytes.subarray(0, 64))
  if (/^(RIFF|RF64|BW64).{4}WAVE/s.test(head)) return 'WAV audio'
  for (const [at, magic, what] of signatures) {
    if (head.startsWith(magic, at)) return what
  }
  if (head.startsWith('RIFF')) {
    return head.length < 12
      ? 'the first bytes of a RIFF file'
      : `a RIFF file of form ${JSON.stringify(head.slice(8, 12))}`
  }
  // an MPEG frame begins with eleven set bits; the layer bits tell MP3 from AAC
  if (bytes[0] === 0xff && bytes[1]! >= 0xe0) return (bytes[1]! & 0x06) === 0 ? 'AAC audio' : 'MP3 audio'
  if (/^\s*<(!doctype html|html)/i.test(head)) return 'an HTML page'
  if (utf8.test(head)) return 'text'
  const first = Array.from(bytes.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join(' ')
  return `unknown bytes that begin with ${first}`
}
