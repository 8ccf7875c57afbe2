/** The command line: reads the arguments, runs a command on each file, and answers with text or JSON and an exit code. */
import process from 'node:process'
import { type CAC, cac } from 'cac'
import version from '../generated/version.ts'
import { parseArguments } from './arguments.ts'
import type { Command } from './command.ts'
import { bark } from './commands/bark.ts'
import { devices } from './commands/devices.ts'
import { info } from './commands/info.ts'
import { invert } from './commands/invert.ts'
import { roundtrip } from './commands/roundtrip.ts'
import { inFile, isAbort, UsageError } from './errors.ts'
import { runAlone, runFiles } from './run-files.ts'

const COMMANDS: readonly Command[] = [invert, roundtrip, bark, info, devices]

/** Flags of every command. */
const COMMON = [
  ['--jobs <count>', 'files that are worked on at a time (1)'],
  ['--json', 'one JSON document on standard output, all else on standard error'],
  ['-q, --quiet', 'no progress and no warnings'],
  ['--verbose', 'errors with where they come from'],
] as const

/** What a command takes; the common flags are about files, but for two. */
function flagsOf({ flags, isAlone }: Command): (readonly [flag: string, help: string])[] {
  return [...flags, ...COMMON.filter(([flag]) => !isAlone || ['--json', '--verbose'].includes(flag))]
}

/** The commands as the help lists them. */
function build(): CAC {
  const cli = cac('unbark')
  for (const command of COMMANDS) {
    const built = cli.command(`${command.name}${command.isAlone ? '' : ' [...files]'}`, command.description)
    built.usage(`${command.name}${command.isAlone ? '' : ' <files...>'} [options]`)
    for (const [flag, help] of flagsOf(command)) built.option(flag, help)
    for (const example of command.examples) built.example(`  $ ${example}`)
  }
  for (const { examples } of COMMANDS) cli.example(`  $ ${examples[0]}`)
  cli.help(tidy)
  cli.version(version)
  return cli
}

/** Without the default that the parser gives to `--no-...`, and the blanks that it leaves at ends. */
function tidy(sections: { title?: string; body: string }[]): { title?: string; body: string }[] {
  return sections.map(({ title, body }) => ({ title, body: body.replace(/ \(default: true\)| +$/gm, '') }))
}

async function main(args: string[]): Promise<number> {
  const command = COMMANDS.find(({ name }) => name === args[0])
  const asks = (...flags: string[]): boolean =>
    args.some((arg, i) => flags.includes(arg) && !args.slice(0, i).includes('--'))
  try {
    if (asks('-h', '--help') || args.length === 0) return showHelp(command, args.length === 0)
    if (asks('-v', '--version') && !command) {
      console.info(`unbark/${version} ${process.platform}-${process.arch} ${process.release.name}-${process.version}`)
      return 0
    }
    if (!command)
      throw new UsageError(`${args[0]}: expected a command, one of ${COMMANDS.map(({ name }) => name).join(', ')}`)
    const flags = flagsOf(command).map(([flag]) => flag)
    const { files, options } = parseArguments(args.slice(1), flags)
    if (command.isAlone) {
      if (files.length > 0) throw new UsageError(`${command.name}: expected no file, got ${files[0]}`)
      return await runAlone(command, options)
    }
    if (files.length === 0) throw new UsageError(`${command.name}: expected a file, or - for standard input`)
    return await runFiles(command, files, options)
  } catch (error) {
    return answer(error as Error, command, asks)
  }
}

/** Help is an answer; to a command line without a command it is that of an error. */
function showHelp(command: Command | undefined, isError: boolean): number {
  if (isError) console.info = console.error
  const cli = build()
  cli.parse(['', '', ...(command ? [command.name] : [])], { run: false })
  cli.outputHelp()
  return isError ? 2 : 0
}

function answer(error: Error, command: Command | undefined, asks: (flag: string) => boolean): number {
  if (isAbort(error)) return 130
  const isUsage = error instanceof UsageError
  const hint = isUsage ? `\nunbark ${command ? `${command.name} ` : ''}--help shows what there is` : ''
  process.stderr.write(`unbark: ${error.message}${hint}\n`)
  if (asks('--verbose')) process.stderr.write(`${error.stack}\n`)
  if (asks('--json')) process.stdout.write(`${JSON.stringify({ error: error.message }, null, 2)}\n`)
  return isUsage ? 2 : 1
}

// a pipe that is closed at its other end is no error, and what nobody reads need not be said
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0)
  process.stderr.write(`unbark: ${inFile('standard output', error).message}\n`)
  process.exit(1)
})
process.stderr.on('error', () => {})
process.exitCode = await main(process.argv.slice(2))
