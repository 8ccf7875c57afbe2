/**
 * The arguments of a command, as they were typed. Node's own parser cuts them up: cac's, which lists the help, makes
 * numbers of file names (`1e3`) and flags of `-`.
 */
import { parseArgs } from 'node:util'
import { camel, UsageError } from './errors.ts'

interface Definition {
  long: string
  short: string | undefined
  /** `<count>` and the like; `[=how]` where it may be left out; empty for a switch. */
  value: string
}

export interface Arguments {
  files: string[]
  /** By their names in camel case; those with a dot in an object of their own. */
  options: Record<string, unknown>
}

/**
 * @param flags as the help shows them: `-o, --output <file>`
 * @throws UsageError
 */
export function parseArguments(args: string[], flags: readonly string[]): Arguments {
  const definitions = flags.map(readFlag)
  const config = definitions.map(({ long, short, value }) => {
    const type = value.startsWith('<') ? ('string' as const) : ('boolean' as const)
    return [long, short ? { type, short } : { type }] as const
  })
  const { tokens } = parseArgs({
    args,
    options: Object.fromEntries(config),
    allowPositionals: true,
    strict: false,
    tokens: true,
  })
  const files: string[] = []
  const options: Record<string, unknown> = {}
  for (const token of tokens) {
    if (token.kind === 'positional') files.push(token.value)
    if (token.kind !== 'option') continue
    const definition = definitions.find(({ long }) => long === token.name)
    if (!definition) throw unknown(token.rawName, definitions)
    put(options, definition, readValue(definition, token.value))
  }
  return { files, options }
}

function readFlag(flag: string): Definition {
  const [, short, long, value] = /^(?:-(\w), )?--([\w.-]+) ?(.*)$/.exec(flag)!
  return { long: long!, short, value: value! }
}

function readValue({ long, value }: Definition, given: string | undefined): unknown {
  if (value === '') {
    if (given !== undefined) throw new UsageError(`--${long}: expected no value, got "${given}"`)
    return !long.startsWith('no-')
  }
  if (value.startsWith('[')) return given === undefined || given === 'true' ? true : given === 'false' ? false : given
  if (given === undefined) throw new UsageError(`--${long}: expected a value, ${value}`)
  if (given.trim() === '') throw new UsageError(`--${long}: expected a value, ${value}, got "${given}"`)
  const isNumber = ['<count>', '<number>', '<Hz>'].includes(value) && !Number.isNaN(Number(given))
  return isNumber ? Number(given) : given
}

function put(options: Record<string, unknown>, { long }: Definition, value: unknown): void {
  const [outer, inner] = long.replace(/^no-/, '').split('.').map(camel) as [string, string | undefined]
  if (inner !== undefined && !(outer in options)) options[outer] = {}
  const into = inner === undefined ? options : (options[outer] as Record<string, unknown>)
  const name = inner ?? outer
  if (name in into) throw new UsageError(`--${long}: expected once, got ${into[name]} and ${value}`)
  into[name] = value
}

/** An option that no flag names, with the one that is meant where it is cut short or spelled in another way. */
function unknown(typed: string, definitions: Definition[]): UsageError {
  if (!typed.startsWith('--'))
    return new UsageError(`${typed}: no such option; put -- before files that begin with a dash`)
  const bare = (text: string): string => text.replace(/[-_]/g, '').toLowerCase()
  const meant = definitions.find(({ long }) => bare(long).startsWith(bare(typed)))
  return new UsageError(`${typed}: no such option${meant ? ` (did you mean --${meant.long}?)` : ''}`)
}
