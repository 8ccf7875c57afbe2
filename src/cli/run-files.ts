/** A command on its files: one after the other or several at a time, each with an answer of its own, and Ctrl-C. */
import { mkdir } from 'node:fs/promises'
import process from 'node:process'
import { runInChild } from './child.ts'
import type { Answer, Command } from './command.ts'
import { inFile, isAbort, kebab, UsageError } from './errors.ts'
import { nameOf } from './files.ts'
import { openProgress, type ProgressLine } from './progress.ts'

/** Runs `command` on all files. The exit code is 1 if one of them failed; the others have their results all the same. */
export async function runFiles(command: Command, files: string[], options: Record<string, unknown>): Promise<number> {
  checkOnce(options)
  const jobs = readJobs(options['jobs'])
  await command.check(files, options)
  if (options['outDir'] !== undefined) await makeFolder(String(options['outDir']))
  const progress = await openProgress(Boolean(options['quiet']))
  const controller = new AbortController()
  const answers = await interruptible(controller, () =>
    inTurn(files, jobs, controller.signal, async (file) => {
      const run = jobs > 1 && files.length > 1 ? runInChild : runHere
      const answer = await run(command, file, options, progress, controller.signal)
      tell(answer, command, options, progress)
      return answer
    }),
  )
  progress.end()
  if (controller.signal.aborted) return 130
  if (options['json']) {
    process.stdout.write(`${JSON.stringify(answers.length === 1 ? answers[0] : answers, null, 2)}\n`)
  }
  return answers.some(({ error }) => error !== undefined) ? 1 : 0
}

/** `work` on all items, `jobs` at a time; after an abort no further one is begun. */
async function inTurn<T, R>(
  items: T[],
  jobs: number,
  signal: AbortSignal,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < items.length && !signal.aborted) {
      const i = next++
      results[i] = await work(items[i]!)
    }
  }
  await Promise.all(Array.from({ length: Math.min(jobs, items.length) }, worker))
  return results
}

/** The first Ctrl-C ends what runs and leaves nothing half-written; the second ends at once. */
async function interruptible<T>(controller: AbortController, work: () => Promise<T>): Promise<T> {
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(130)
    controller.abort()
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  try {
    return await work()
  } finally {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
}

async function runHere(
  command: Command,
  file: string,
  options: Record<string, unknown>,
  progress: ProgressLine,
  signal: AbortSignal,
): Promise<Answer> {
  const warnings: string[] = []
  const warn = (message: string): void => {
    if (!warnings.includes(message)) warnings.push(message)
  }
  try {
    const { json, text } = await command.run({ options, file, progress, signal, warn })
    return { file, ...json, summary: text, warnings }
  } catch (error) {
    if (error instanceof UsageError) throw error
    if (isAbort(error)) return { file, error: 'interrupted', warnings }
    const { message, stack } = inFile(nameOf(file), error)
    return { file, error: message, warnings, ...(options['verbose'] ? { stack } : {}) }
  }
}

/** What a person sees of an answer. */
function tell(answer: Answer, { isAnswer }: Command, options: Record<string, unknown>, progress: ProgressLine): void {
  const { summary, error, warnings, stack } = answer
  for (const warning of warnings) progress.keep(`warning: ${warning}`)
  if (error === 'interrupted') return
  if (error !== undefined) {
    progress.end()
    process.stderr.write(`unbark: ${error}\n${stack ? `${stack}\n` : ''}`)
  } else if (isAnswer && !options['json']) {
    progress.end()
    process.stdout.write(`${summary}\n`)
  } else progress.keep(summary!)
}

function readJobs(value: unknown): number {
  if (value === undefined) return 1
  if (!Number.isSafeInteger(value) || (value as number) < 1 || (value as number) > 256) {
    throw new UsageError(`--jobs: expected an integer from 1 to 256, got ${value}`)
  }
  return value as number
}

/** An option that is given twice comes as a list. */
function checkOnce(options: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(options)) {
    if (name !== '--' && Array.isArray(value))
      throw new UsageError(`--${kebab(name)}: expected once, got ${value.join(' and ')}`)
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
  } catch (error) {
    throw inFile(folder, error)
  }
}
