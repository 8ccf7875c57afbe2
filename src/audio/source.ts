/** Where a file's bytes come from: the file system, the network, a Blob, or memory. */
import { readBytes } from '../bytes.ts'

export interface Source {
  /** As it stands at the beginning of an error. */
  readonly name: string
  /** Bytes that there are. */
  readonly size: number
  /** All of these bytes, or an error. */
  read(from: number, to: number): Promise<Uint8Array>
  close(): Promise<void>
}

/** The little of `node:fs/promises` that is used here; Deno and Bun have it too. */
interface FileHandle {
  stat(): Promise<{ size: number; isFile(): boolean; isDirectory(): boolean; isCharacterDevice(): boolean }>
  read(into: Uint8Array, at: number, length: number, position: number): Promise<{ bytesRead: number }>
  readFile(): Promise<Uint8Array>
  close(): Promise<void>
}
type FileSystem = { open(path: string | URL, flags: 'r'): Promise<FileHandle> }
type Host = { process?: { getBuiltinModule?(name: 'node:fs/promises'): FileSystem | undefined } }

/** Opens what `load` takes. Errors begin with the file's name, or with `source` where it is none of those. */
export async function openSource(source: unknown): Promise<Source> {
  if (typeof source === 'string' && source !== '') {
    return /^(https?|data|blob|file):/i.test(source) ? openUrl(source) : openFile(source, source)
  }
  if (source instanceof URL) return openUrl(source.href)
  if (isBlob(source)) return openBlob(source)
  const what = 'a path, a URL, a Blob, an ArrayBuffer or a Uint8Array'
  return inMemory('wav', readBytes('source', source, what))
}

/** By what it can do: instanceof fails for a Blob of another realm. */
function isBlob(value: unknown): value is Blob {
  if (typeof value !== 'object' || value === null) return false
  const { size, slice, arrayBuffer } = value as Partial<Blob>
  return typeof size === 'number' && typeof slice === 'function' && typeof arrayBuffer === 'function'
}

type Read = (from: number, to: number) => Promise<Uint8Array>
type Close = () => Promise<void>

/** A file may shrink and a Blob may hold less than its size: `read` may give too few bytes, the source does not. */
function makeSource(name: string, size: number, read: Read, close: Close = async () => {}): Source {
  const readAll: Read = async (from, to) => {
    const bytes = await read(from, to)
    if (bytes.length === to - from) return bytes
    throw new Error(`expected ${to - from} bytes from byte ${from} on, got ${bytes.length}`)
  }
  return { name, size, read: (from, to) => named(name, () => readAll(from, to)), close }
}

function openBlob(blob: Blob): Source {
  const name = (blob as Partial<File>).name || 'wav'
  return makeSource(name, blob.size, async (from, to) => new Uint8Array(await blob.slice(from, to).arrayBuffer()))
}

function inMemory(name: string, bytes: Uint8Array, close?: Close): Source {
  return makeSource(name, bytes.length, async (from, to) => bytes.subarray(from, to), close)
}

function fileSystem(): FileSystem | undefined {
  return (globalThis as Host).process?.getBuiltinModule?.('node:fs/promises')
}

function openUrl(url: string): Promise<Source> {
  // the whole of a data: URL is too much for an error
  const name = url.startsWith('data:') && url.length > 40 ? `${url.slice(0, 37)}...` : url
  if (/^file:/i.test(url) && fileSystem()) return openFile(url, name)
  return named(name, async () => {
    const response = await fetch(url)
    if (!response.ok) throw new Error(`expected a file, got status ${response.status} ${response.statusText}`.trim())
    return inMemory(name, new Uint8Array(await response.arrayBuffer()))
  })
}

function openFile(path: string, name: string): Promise<Source> {
  const files = fileSystem()
  return named(name, async () => {
    if (!files) throw new Error('expected a URL, a Blob or bytes, got a path where there is no file system')
    const file = await files.open(/^file:/i.test(path) ? new URL(path) : path, 'r')
    const close: Close = () => file.close()
    try {
      const stat = await file.stat()
      if (stat.isDirectory()) throw new Error('expected a file, got a directory')
      // a terminal or /dev/zero never ends
      if (stat.isCharacterDevice()) throw new Error('expected a file, got a device')
      // a pipe has no size and cannot be read twice
      if (!stat.isFile()) return inMemory(name, await file.readFile(), close)
      return makeSource(name, stat.size, (from, to) => readRange(file, from, to), close)
    } catch (error) {
      await close()
      throw error
    }
  })
}

/** The bytes of a range as far as the file goes; one read may give fewer. */
async function readRange(file: FileHandle, from: number, to: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(to - from)
  for (let at = 0; at < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, at, bytes.length - at, from + at)
    if (bytesRead === 0) return bytes.subarray(0, at)
    at += bytesRead
  }
  return bytes
}

const reasons: Record<string, string> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EACCES: 'no permission to read it',
  EPERM: 'no permission to read it',
  EISDIR: 'expected a file, got a directory',
}

/** Does the work; an error from it gets the file's name in front. */
async function named<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const { code = '', message, cause } = error as { code?: string; message?: string; cause?: { message?: string } }
    // Node's fetch says "fetch failed", and why in its cause
    throw new Error(`${name}: ${reasons[code] ?? (cause?.message || message)}`, { cause: error })
  }
}
