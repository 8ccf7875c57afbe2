/** A file in a process of its own, so that `--jobs` uses the cores there are. */
import { spawn } from 'node:child_process'
import process from 'node:process'
import type { Answer, Command } from './command.ts'
import { kebab } from './errors.ts'

/** Runs `command` on `file` by another process of the same program, which answers in JSON. */
export async function runInChild(
  command: Command,
  file: string,
  options: Record<string, unknown>,
  signal: AbortSignal,
): Promise<Answer> {
  const args = [...runtime(), command.name, '--json', '--quiet', ...flags(options), '--', file]
  const child = spawn(process.execPath, args, { stdio: ['inherit', 'pipe', 'pipe'] })
  const end = (): void => void child.kill('SIGTERM')
  signal.addEventListener('abort', end)
  const [out, err] = [collect(child.stdout), collect(child.stderr)]
  const how = await new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(`(${error.message})`))
    child.on('close', (code, killed) => resolve(killed ? `by ${killed}` : `with ${code}`))
  })
  signal.removeEventListener('abort', end)
  if (signal.aborted) return { file, error: 'interrupted', warnings: [] }
  try {
    return JSON.parse(out()) as Answer
  } catch {
    const said = err()
      .replace(/^unbark: /, '')
      .split('\n')[0]
    return { file, error: said || `${file}: the process for it ended ${how}`, warnings: [] }
  }
}

/** How this program is started: Node and Bun take the file, Deno takes `run` and what it allows. */
function runtime(): string[] {
  const script = process.argv[1]!
  return 'Deno' in globalThis ? ['run', '-A', script] : [...process.execArgv, script]
}

/** Options as they were typed, but for those that this process keeps to itself. */
function flags(options: Record<string, unknown>, prefix = ''): string[] {
  return Object.entries(options).flatMap(([name, value]) => {
    if (prefix === '' && ['jobs', 'json', 'quiet'].includes(name)) return []
    const flag = `${prefix}${kebab(name)}`
    if (typeof value === 'object' && value !== null) return flags(value as Record<string, unknown>, `${flag}.`)
    if (value === true) return [`--${flag}`]
    return value === false ? [`--no-${flag}`] : [`--${flag}=${value}`]
  })
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Uint8Array[] = []
  stream.on('data', (chunk: Uint8Array) => chunks.push(chunk))
  return () => Buffer.concat(chunks).toString()
}
