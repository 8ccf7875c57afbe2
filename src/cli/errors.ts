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
  const text = message ?? String(error)
  return new FileError(file, text.startsWith(`${file}: `) ? text.slice(file.length + 2) : text, error)
}

export function isAbort(error: unknown): boolean {
  return (error as { name?: string } | null)?.name === 'AbortError'
}

/** An error of the library about an option, with the option as it is spelled here: `nBarks: ...` is `--n-barks: ...` */
export function aboutOption(error: unknown): UsageError {
  const message = (error as Error).message.replace(
    /^(sgdargs|wkwargs)?\.?[A-Za-z]+(?=: )/,
    (name) => `--${kebab(name)}`,
  )
  return new UsageError(message, { cause: error })
}

export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
