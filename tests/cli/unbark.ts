/** Runs the built command line as a person does. */
import { type SpawnOptions, spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root: string = fileURLToPath(new URL('../..', import.meta.url))
export const program: string = path.join(root, 'dist/cli.js')

export interface Run {
  code: number | null
  out: Buffer
  err: string
}

export interface Way extends SpawnOptions {
  input?: Uint8Array
  /** Called with all that has come on standard error so far. */
  onErr?: (err: string, kill: (signal: NodeJS.Signals) => void) => void
}

/** A folder of its own, with a copy of examples/. */
export function folder(): string {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'unbark-'))
  fs.cpSync(path.join(root, 'examples'), path.join(made, 'examples'), { recursive: true })
  return made
}

/** Runs a program and waits for its end. */
export function execute(command: string, args: string[], { input, onErr, ...options }: Way = {}): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] })
    const out: Uint8Array[] = []
    let err = ''
    child.stdout!.on('data', (chunk) => out.push(chunk))
    child.stderr!.on('data', (chunk) => {
      err += chunk
      onErr?.(err, (signal) => child.kill(signal))
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, out: Buffer.concat(out), err }))
    child.stdin!.on('error', () => {})
    child.stdin!.end(input ?? '')
  })
}

export function unbark(args: string[], way: Way = {}): Promise<Run> {
  return execute(process.execPath, [program, ...args], way)
}
