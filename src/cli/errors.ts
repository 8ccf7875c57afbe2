/** What goes wrong, and what a person is told of it. */

/** The command itself is wrong: exit 2. */
export class UsageError extends Error {}

/** A file is wrong, or what it holds: exit 1. The message begins with the file's name. */
export class FileError extends Error {
  constructor(file: string, what: string, cause?: unknown) {
    super(`${file}: ${what}`, { cause })
  }
}

/** What the system's error codes mean to somebody who typed a file's name. */
const SYSTEM: Record<string, string> = {
  ENOENT: 'no such file or directory',
  EEXIST: 'a file is in its place',
  ENOTDIR: 'a part of the path is not a directory',
  EISDIR: 'this is a directory',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be too large',
  EMFILE: 'too many open files',
  ELOOP: 'the symbolic links go in a circle',
  ENAMETOOLONG: 'the name is too long',
  ERR_FS_FILE_TOO_LARGE: 'the file is larger than 2 GiB',
}

/** An error about a file, in one sentence that begins with its name. */
export function inFile(file: string, error: unknown): Error {
  if (error instanceof FileError || error instanceof UsageError || isAbort(error)) return error as Error
  const { code, message } = error as { code?: string; message?: string }
  if (code && code in SYSTEM) return new FileError(file, SYSTEM[code]!, error)
  const text = spelled(message ?? String(error))
  return new FileError(file, text.startsWith(`${file}: `) ? text.slice(file.length + 2) : text, error)
}

/** Whether the error of a read says that there is no such file. */
export function isMissing(error: unknown): boolean {
  const { code } = ((error as Error).cause ?? {}) as { code?: string }
  return code === 'ENOENT' || code === 'ENAMETOOLONG'
}

export function isAbort(error: unknown): boolean {
  return (error as { name?: string } | null)?.name === 'AbortError'
}

/** Names at the head of a message that are no options. */
const DATA = ['bark', 'waveform', 'spectrogram', 'init', 'wav', 'npy', 'tensor', 'memory', 'filterbank', 'threads']

/** What to do about it, where the library's message does not say so. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/^waveform: expected more than .* for reflect padding/, 'give a smaller --n-fft, or --pad-mode constant'],
  [/^waveform: expected at least .* (padding|center)\b/, 'give a smaller --n-fft'],
  [/^waveform: expected at least 1 sample/, 'there is no sound in it'],
  [/^(waveform|bark): expected finite values/, 'replace the others first (unbark info counts them)'],
  [/^wav: expected a WAV file, got (?!an empty file)/, 'WAV, mp3, flac and ogg (Vorbis) are read'],
  [/^wav: expected .* (chunk|header)/, 'the file is cut short or damaged'],
  [/^windowFn: expected windows/, 'give a shorter --hop-length, or a window without zeros at its ends'],
]

/** The library's names of options in a message as they are typed here, and what to do. */
export function spelled(message: string): string {
  const advice = ADVICE.find(([pattern]) => pattern.test(message))
  return message
    .replace(/^(sgdargs\.|wkwargs\.)?[a-z]\w*(?=: )/, (name) => (DATA.includes(name) ? name : `--${kebab(name)}`))
    .replace(/ nFft (?=\d)/, ' --n-fft ')
    .replace(', or null for complex values', '')
    .concat(advice ? `; ${advice[1]}` : '')
}

/** An error of the library about an option, with the option as it is spelled here: `nBarks: ...` is `--n-barks: ...` */
export function aboutOption(error: unknown): UsageError {
  return new UsageError(spelled((error as Error).message), { cause: error })
}

export function camel(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
