/** Node's release lines, Deno and Bun: the check, and the suites. */
import { tryAgain } from '../again.mjs'
import { run } from '../processes.mjs'

const SCRIPT = 'tests/everywhere/script.mjs'
const SUITES = 'tests/everywhere/run-suites.mjs'

const HOSTS = [
  ...[20, 22, 24, 26].map((line) => ({ name: `Node ${line}`, line, args: ['--yes', `node@${line}`] })),
  { name: 'Deno', args: ['--yes', 'deno@2.9.5', 'run', '-A'] },
  { name: 'Bun', args: ['--yes', 'bun@1.4.5'] },
]

/** The running Node where it is of that line. */
function own(host) {
  const isOwn = host.line === Number(process.versions.node.split('.')[0])
  return isOwn ? { ...host, command: process.execPath, args: [] } : { ...host, command: 'npx' }
}

/**
 * Once, Node 26 took a test's options with 513 bins for those with 201 and found its start of another shape; 47 more
 * runs did not. So there, and only there, suites that fail are tried once more.
 */
const isFlaky = (name) => name === 'Node 26'

export async function scripts(tally) {
  for (const { name, command, args } of HOSTS.map(own)) {
    await tally.check(name, async () => JSON.parse((await run(command, [...args, SCRIPT])).trim().split('\n').at(-1)))
    const suites = async () => {
      const out = await run(command, [...args, SUITES])
      const count = out.trim().split('\n').at(-1)
      if (!/^[1-9]\d* passed, 0 failed$/.test(count)) throw new Error(count)
      return count
    }
    await tally.place(`${name}, suites`, () => tryAgain(`${name}, suites`, suites, () => isFlaky(name), 1))
  }
}
