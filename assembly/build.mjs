/** Compiles both modules at once: asc takes one target a call, and one core. */
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import path from 'node:path'

const asc = path.join(createRequire(import.meta.url).resolve('assemblyscript/package.json'), '../bin/asc.js')

for (const name of ['solve', 'sound']) {
  const args = [asc, `assembly/${name}.ts`, '--target', name]
  spawn(process.execPath, args, { stdio: 'inherit' }).on('close', (code) => {
    if (code !== 0) process.exitCode = 1
  })
}
