/** The Python environment of measure.py, kept outside the repository. */
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const here = (name) => fileURLToPath(new URL(name, import.meta.url))

function execute(program, args) {
  const { error, status } = spawnSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  if (error || status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? `exit code ${status}`}`)
}

/** The Python of the environment in $PESQ_ENV, by default in the user's cache; made, and filled, where it is not there. */
function python() {
  const cache = process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache')
  const folder = process.env.PESQ_ENV || path.join(cache, 'unbark', 'pesq')
  const program = path.join(folder, ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']))
  if (!fs.existsSync(program)) execute(process.env.PYTHON || 'python3', ['-m', 'venv', folder])
  const isFilled = spawnSync(program, ['-c', 'import pesq, pystoi, scipy']).status === 0
  if (!isFilled) execute(program, ['-m', 'pip', 'install', '--quiet', '-r', here('requirements.txt')])
  return program
}

/** The rows of a folder's list.json, with their measures. */
export function measureFolder(folder) {
  const options = { encoding: 'utf8', maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'inherit'] }
  const { error, status, stdout } = spawnSync(python(), [here('measure.py'), folder], options)
  if (error || status !== 0) throw new Error(`measure.py: ${error?.message ?? `exit code ${status}`}`)
  return JSON.parse(stdout)
}
