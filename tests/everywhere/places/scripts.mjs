/** Node's release lines, Deno and Bun: the check, and the suites of every backend as they stand. */
import { run } from '../processes.mjs'

const SCRIPT = 'tests/everywhere/script.mjs'
const SUITES = ['tests/run.ts', 'sgd', 'inverse-bark-scale']
/** One of its tests starts a process by options that Node and Bun have. */
const THREADS = [...SUITES, 'threads']
const TSX = ['--import', 'tsx', ...THREADS]
const DENO = ['--yes', 'deno@2.9.5', 'run', '-A']

const HOSTS = [
  ...[20, 22, 24, 26].map((line) => ({ name: `Node ${line}`, line, args: ['--yes', `node@${line}`], suites: TSX })),
  { name: 'Deno', args: DENO, suites: ['--node-modules-dir=manual', ...SUITES] },
  { name: 'Bun', args: ['--yes', 'bun@1.4.5'], suites: THREADS },
]

/** The running Node where it is of that line. */
function own(host) {
  const isOwn = host.line === Number(process.versions.node.split('.')[0])
  return isOwn ? { ...host, command: process.execPath, args: [] } : { ...host, command: 'npx' }
}

export async function scripts(tally) {
  for (const { name, command, args, suites } of HOSTS.map(own)) {
    await tally.check(name, async () => JSON.parse((await run(command, [...args, SCRIPT])).trim().split('\n').at(-1)))
    await tally.place(`${name}, suites`, async () => {
      const out = await run(command, [...args, ...suites])
      const count = out.trim().split('\n').at(-1)
      if (!/^[1-9]\d* passed, 0 failed$/.test(count)) throw new Error(count)
      return count
    })
  }
}
