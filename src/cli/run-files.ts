/** A command on its files: one after the other or several at a time, each with an answer of its own, and Ctrl-C. */
import { mkdir, stat } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { runInChild } from './child.ts'
import type { Answer, Command } from './command.ts'
import { inFile, isAbort, UsageError } from './errors.ts'
import { isStandardOutput, nameOf, removeUnfinished } from './files.ts'
import { openProgress, type ProgressLine } from './progress.ts'

/** Runs `command` on all files. The exit code is 1 if one of them failed; the others have their results all the same. */
export async function runFiles(command: Command, files: string[], options: Record<string, unknown>): Promise<number> {
  const jobs = readJobs(options['jobs'])
  await command.check(files, options)
  if (options['outDir'] !== undefined) await makeFolder(String(options['outDir']))
  const progress = await openProgress(Boolean(options['quiet']))
  const controller = new AbortController()
  let done = 0
  const answers = await interruptible(controller, () =>
    inTurn(files, jobs, controller.signal, async (file) => {
      // standard input and output belong to this process
      const isOwn = [file, ...command.outputs(file, options)].some(isStandardOutput)
      const apart = jobs > 1 && files.length > 1 && !isOwn
      if (apart) progress.say(`${done} of ${files.length} files done`)
      const answer = apart
        ? await runInChild(command, file, options, controller.signal)
        : await runHere(command, file, options, progress, controller.signal)
      done++
      tell(answer, command, options, progress, done > 1)
      return answer
    }),
  )
  progress.end()
  if (controller.signal.aborted) return 130
  if (options['json']) {
    process.stdout.write(`${JSON.stringify(answers.length === 1 ? answers[0] : answers, null, 2)}\n`)
  }
  if (answers.some(({ usage }) => usage)) return 2
  return answers.some(({ error }) => error !== undefined) ? 1 : 0
}

/** Runs a command that takes no files. */
export async function runAlone(command: Command, options: Record<string, unknown>): Promise<number> {
  const progress = await openProgress(true)
  const { signal } = new AbortController()
  const { json, text } = await command.run({ options, file: '-', progress, signal, warn() {} })
  process.stdout.write(`${options['json'] ? JSON.stringify(json, null, 2) : text}\n`)
  return 0
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

/** Milliseconds that an interrupted run has to end by itself. */
const GRACE_MS = 1000

/** The first Ctrl-C ends what runs and leaves nothing half-written; the second, or a second later, ends the process. */
async function interruptible<T>(controller: AbortController, work: () => Promise<T>): Promise<T> {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  let grace: NodeJS.Timeout | undefined
  const interrupt = (signal: NodeJS.Signals): void => {
    // a read that does not come back keeps `process.exit` from ending; the signal itself does not wait
    const end = (): void => {
      removeUnfinished()
      for (const name of signals) process.off(name, interrupt)
      process.kill(process.pid, signal)
    }
    if (controller.signal.aborted) {
      end()
      return
    }
    controller.abort()
    grace ??= setTimeout(end, GRACE_MS)
  }
  for (const name of signals) process.on(name, interrupt)
  try {
    return await work()
  } finally {
    clearTimeout(grace)
    for (const name of signals) process.off(name, interrupt)
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
    if (isAbort(error)) return { file, error: 'interrupted', warnings }
    const { message, stack } = inFile(nameOf(file), error)
    const usage = error instanceof UsageError ? { usage: true } : {}
    return { file, error: message, ...usage, warnings, ...(options['verbose'] ? { stack } : {}) }
  }
}

/** What a person sees of an answer; what is of several lines has an empty one before the next. */
function tell(
  answer: Answer,
  { isAnswer }: Command,
  options: Record<string, unknown>,
  progress: ProgressLine,
  isNext: boolean,
): void {
  const { summary, error, warnings, stack } = answer
  const isResult = typeof isAnswer === 'function' ? isAnswer(options, answer.file) : isAnswer
  for (const warning of warnings) progress.keep(`warning: ${warning}`)
  if (error === 'interrupted') return
  if (error !== undefined) {
    progress.end()
    process.stderr.write(`unbark: ${error}\n${stack ? `${stack}\n` : ''}`)
  } else if (isResult && !options['json']) {
    progress.end()
    process.stdout.write(`${isNext ? '\n' : ''}${summary}\n`)
  } else progress.keep(summary!)
}

function readJobs(value: unknown): number {
  if (value === undefined) return 1
  if (!Number.isSafeInteger(value) || (value as number) < 1 || (value as number) > 256) {
    throw new UsageError(`--jobs: expected an integer from 1 to 256, got ${value}`)
  }
  return value as number
}

/** Folder by folder: what `mkdir` does at once does not come back where there is no making any, as in /proc. */
async function makeFolder(folder: string): Promise<void> {
  const parent = path.dirname(folder)
  const found = await stat(folder).catch(() => undefined)
  if (found?.isDirectory()) return
  if (parent !== folder) await makeFolder(parent)
  await mkdir(folder).catch((error) => {
    throw inFile(folder, error)
  })
}
