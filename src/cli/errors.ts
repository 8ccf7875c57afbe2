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

export function isAbort(error: unknown): boolean {
  return (error as { name?: string } | null)?.name === 'AbortError'
}

/** Names at the head of a message that are no options. */
const DATA = ['bark', 'waveform', 'spectrogram', 'init', 'wav', 'npy', 'tensor', 'memory', 'filterbank', 'threads']

/** The library's name of an option at the head of a message, as it is typed here. */
export function spelled(message: string): string {
  return message
    .replace(/^(sgdargs\.|wkwargs\.)?[a-z]\w*(?=: )/, (name) => (DATA.includes(name) ? name : `--${kebab(name)}`))
    .replace(', or null for complex values', '')
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
