/** The command line: reads the arguments, runs a command on each file, and answers with text or JSON and an exit code. */
import process from 'node:process'
import { type CAC, cac } from 'cac'
import version from '../generated/version.ts'
import type { Command } from './command.ts'
import { bark } from './commands/bark.ts'
import { info } from './commands/info.ts'
import { invert } from './commands/invert.ts'
import { isAbort, kebab, UsageError } from './errors.ts'
import { runFiles } from './run-files.ts'

const COMMANDS: readonly Command[] = [invert, bark, info]

/** Flags of every command. */
const COMMON = [
  ['--jobs <count>', 'files that are worked on at a time (1)'],
  ['--json', 'one JSON document on standard output, all else on standard error'],
  ['-q, --quiet', 'no progress and no warnings'],
  ['--verbose', 'errors with where they come from'],
] as const

function build(): CAC {
  const cli = cac('unbark')
  for (const command of COMMANDS) {
    const flags = [...command.flags, ...COMMON]
    // the parser knows no option with a dot by its whole name, so options are checked here
    const built = cli.command(`${command.name} [...files]`, command.description).allowUnknownOptions()
    built.usage(`${command.name} <files...> [options]`)
    for (const [flag, help] of flags) built.option(flag, help)
    for (const example of command.examples) built.example(`  $ ${example}`)
    built.action((files: string[], options: Record<string, unknown>) => {
      checkNames(
        options,
        flags.map(([flag]) => flag),
      )
      const all = [...files, ...((options['--'] as string[] | undefined) ?? [])]
      if (all.length === 0) throw new UsageError(`${command.name}: expected a file, or - for standard input`)
      return runFiles(
        command,
        all.map((file) => (file === STANDARD_INPUT ? '-' : file)),
        options,
      )
    })
  }
  for (const { examples } of COMMANDS) cli.example(`  $ ${examples[0]}`)
  cli.help(tidy)
  cli.version(version)
  return cli
}

/** Refuses options that no flag names, with the one that is meant, where it is only cut short or spelled with `_`. */
function checkNames(options: Record<string, unknown>, flags: string[]): void {
  const known = flags.flatMap((flag) => [...flag.matchAll(/(?<=^|, )--?(?:no-)?([\w.-]+)/g)].map((match) => match[1]!))
  const given = Object.entries(options).flatMap(([name, value]) => {
    const isNested = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isNested ? Object.keys(value).map((inner) => `${kebab(name)}.${inner}`) : [kebab(name)]
  })
  for (const typed of given) {
    if (typed === '--' || known.includes(typed)) continue
    const bare = (text: string): string => text.replace(/[-_]/g, '')
    const meant = known.find((flag) => flag.length > 1 && bare(flag).startsWith(bare(typed)))
    throw new UsageError(`--${typed}: no such option${meant ? ` (did you mean --${meant}?)` : ''}`)
  }
}

/** Without the default that the parser gives to `--no-...`, and the blanks that it leaves at ends. */
function tidy(sections: { title?: string; body: string }[]): { title?: string; body: string }[] {
  return sections.map(({ title, body }) => ({ title, body: body.replace(/ \(default: true\)| +$/gm, '') }))
}

/** Stands for `-` among the files: the parser drops that. */
const STANDARD_INPUT = '\0'

/** What the parser would take for flags: values that begin with a dash (`-o -`, `--seed -1`), and `-` for a file. */
function protectDashes(args: string[]): string[] {
  const safe: string[] = []
  for (let i = 0; i < args.length; i++) {
    const [arg, next] = [args[i]!, args[i + 1]]
    if (arg === '--') return [...safe, ...args.slice(i)]
    if ((arg === '-o' || arg === '--output') && next === '-') {
      safe.push('--output=-')
      i++
    } else if (/^--[a-z][\w.-]*$/.test(arg) && next !== undefined && /^-[\d.]/.test(next)) {
      safe.push(`${arg}=${next}`)
      i++
    } else safe.push(arg === '-' ? STANDARD_INPUT : arg)
  }
  return safe
}

async function main(): Promise<number> {
  const args = protectDashes(process.argv.slice(2))
  const cli = build()
  const isVerbose = args.includes('--verbose')
  try {
    cli.parse([...process.argv.slice(0, 2), ...args], { run: false })
    if (cli.options['help'] || cli.options['version']) return 0
    if (!cli.matchedCommand) {
      if (cli.args[0] === undefined) {
        // help is an answer; to a command line without a command it is that of an error
        console.info = console.error
        cli.outputHelp()
        return 2
      }
      const names = COMMANDS.map(({ name }) => name).join(', ')
      throw new UsageError(`${cli.args[0]}: expected a command, one of ${names}`)
    }
    return await (cli.runMatchedCommand() as Promise<number>)
  } catch (error) {
    return answer(error as Error, isVerbose)
  }
}

function answer(error: Error, isVerbose: boolean): number {
  if (isAbort(error)) return 130
  const isUsage = error instanceof UsageError || error.name === 'CACError'
  const command = process.argv[2]
  const hint = isUsage
    ? `\nunbark ${COMMANDS.some(({ name }) => name === command) ? `${command} ` : ''}--help shows what there is`
    : ''
  process.stderr.write(`unbark: ${error.message}${hint}\n`)
  if (isVerbose)
    process.stderr.write(`${error.stack}\n${error.cause ? `caused by ${(error.cause as Error).stack}\n` : ''}`)
  return isUsage ? 2 : 1
}

// a pipe that is closed at its other end is no error
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
process.exitCode = await main()
