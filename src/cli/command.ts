/** What a command is, and what it is handed. */
import type { ProgressLine } from './progress.ts'

export interface Context {
  /** Options as they were typed, named in camel case. */
  options: Record<string, unknown>
  /** The input's name, `-` for standard input. */
  file: string
  progress: ProgressLine
  signal: AbortSignal
  /** Says something that the result does not depend on; kept in the JSON document too. */
  warn(message: string): void
}

export interface Outcome {
  /** For the JSON document. */
  json: Record<string, unknown>
  /** For a person, one line or a few. */
  text: string
}

/** What became of a file: an entry of the JSON document. */
export interface Answer {
  file: string
  /** For a person; absent where there is an error. */
  summary?: string
  error?: string
  warnings: string[]
  [more: string]: unknown
}

export interface Command {
  name: string
  /** What it does, one line. */
  description: string
  /** Flags as cac takes them, with their help. */
  flags: readonly (readonly [flag: string, help: string])[]
  /** Whether what it says is what it is run for, and goes to standard output. */
  isAnswer?: boolean | ((options: Record<string, unknown>, file: string) => boolean)
  /** Whether it takes no files. */
  isAlone?: boolean
  /** Command lines that work as they stand in a clone of the repository. */
  examples: readonly string[]
  /** Files that a run on `file` will write, to be told apart before any is written. */
  outputs(file: string, options: Record<string, unknown>): string[]
  /** Checks the options; called once, before any file is read. Throws UsageError. */
  check(files: string[], options: Record<string, unknown>): Promise<void>
  run(context: Context): Promise<Outcome>
}
