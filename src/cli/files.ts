/** Files in and out. `-` is standard input and standard output. */
import fs from 'node:fs'
import { open, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { FileError, inFile, UsageError } from './errors.ts'

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
  for await (const chunk of process.stdin) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Files that are not whole yet: gone when the process ends, whatever ends it. */
const unfinished = new Set<string>()
process.on('exit', () => {
  for (const file of unfinished) {
    try {
      fs.rmSync(file, { force: true })
    } catch {
      // nothing more can be done, and the exit code stays what it is
    }
  }
})

/**
 * Writes a file whole or not at all: beside its place, and renamed. Devices and pipes are written to as they are.
 */
export async function writeOutput(file: string, data: Uint8Array | string): Promise<void> {
  try {
    if (file === '-') return await writeStandardOutput(data)
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
    process.stdout.write(data, (error) =>
      error ? reject(new FileError('standard output', error.message, error)) : resolve(),
    )
  })
}
