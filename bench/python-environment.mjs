/** Python environments outside the repository, and the programs that fill them. */
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

export function execute(program, args) {
  const { error, status } = spawnSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  if (error || status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? `exit code ${status}`}`)
}

/** The folder that a variable of the environment names, by default one of this name in the user's cache. */
export function folderOutside(variable, name) {
  const cache = process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache')
  return path.resolve(process.env[variable] || path.join(cache, 'unbark', name))
}

export function pythonIn(folder) {
  return path.join(folder, ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']))
}

/** Makes the environment where it is not there. */
export function makeEnvironment(folder) {
  if (!fs.existsSync(pythonIn(folder))) execute(process.env.PYTHON || 'python3', ['-m', 'venv', folder])
}
