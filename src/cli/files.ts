/** Files in and out. `-` is standard input and standard output. */
import fs from 'node:fs'
import { open, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { FileError, inFile, UsageError } from './errors.ts'

/** As much as Node reads of a file at once. */
const MOST_BYTES = 2 ** 31

/** How an input is called in messages. */
export function nameOf(file: string): string {
  return file === '-' ? 'standard input' : file
}

/** All bytes of a file. Files without an end, such as devices, are refused. */
export async function readInput(file: string): Promise<Uint8Array> {
  try {
    if (file === '-') return await readStandardInput()
    const found = await stat(file)
    if (found.isDirectory()) throw new FileError(file, 'this is a directory')
    if (found.isCharacterDevice() || found.isBlockDevice()) throw new FileError(file, 'this is a device, not a file')
    return await readFile(file)
  } catch (error) {
    throw inFile(nameOf(file), error)
  }
}

async function readStandardInput(): Promise<Uint8Array> {
  if (process.stdin.isTTY) throw new UsageError('-: standard input is the terminal; pipe a file in')
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of process.stdin) {
    chunks.push(chunk)
    length += chunk.length
    if (length > MOST_BYTES) throw new FileError('standard input', 'there are more than 2 GiB')
  }
  return Buffer.concat(chunks)
}

/** Files that are not whole yet: gone when the process ends, whatever ends it. */
const unfinished = new Set<string>()
process.on('exit', removeUnfinished)

export function removeUnfinished(): void {
  for (const file of unfinished) {
    try {
      fs.rmSync(file, { force: true })
    } catch {
      // nothing more can be done, and the exit code stays what it is
    }
  }
}

/** What two names of one file have in common, links followed, whether it is there or not. */
export function identityOf(file: string): string {
  try {
    const { dev, ino } = fs.statSync(file)
    return `${dev}:${ino}`
  } catch {
    const folder = path.dirname(path.resolve(file))
    return path.join(fs.existsSync(folder) ? fs.realpathSync(folder) : folder, path.basename(file))
  }
}

/** Whether it is this process's standard output, by whichever name. */
export function isStandardOutput(file: string): boolean {
  return file === '-' || /^\/dev\/(stdout|fd\/1)$/.test(file)
}

/** Whether it is a file, or will be one: no device, no pipe. */
export function isOrdinary(file: string): boolean {
  if (isStandardOutput(file)) return false
  try {
    return fs.statSync(file).isFile()
  } catch {
    return true
  }
}

/**
 * Writes a file whole or not at all: beside its place, and renamed. Devices and pipes are written to as they are.
 */
export async function writeOutput(file: string, data: Uint8Array | string): Promise<void> {
  try {
    if (isStandardOutput(file)) return await writeStandardOutput(data)
    const target = await realpath(file).catch(() => file)
    const found = await stat(target).catch(() => undefined)
    if (found?.isDirectory()) throw new FileError(file, 'this is a directory')
    if (found && !found.isFile()) return await writeFile(target, data)
    // rename would replace a file that is not to be written
    if (found) await (await open(target, 'r+')).close()
    await writeBeside(target, data, found?.mode)
  } catch (error) {
    throw inFile(file, error)
  }
}

async function writeBeside(target: string, data: Uint8Array | string, mode: number | undefined): Promise<void> {
  const beside = path.join(path.dirname(target), `.${path.basename(target).slice(0, 200)}.${process.pid}.part`)
  unfinished.add(beside)
  try {
    await writeFile(beside, data, mode === undefined ? {} : { mode })
    await rename(beside, target)
  } finally {
    await rm(beside, { force: true }).catch(() => {})
    unfinished.delete(beside)
  }
}

function writeStandardOutput(data: Uint8Array | string): Promise<void> {
  return new Promise((resolve, reject) => {
    // the listener on the stream says what went wrong, and ends the process
    process.stdout.write(data, (error) => (error ? reject(error) : resolve()))
  })
}
