/** The Python environment of measure.py, kept outside the repository. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { execute, folderOutside, makeEnvironment, pythonIn } from '../python-environment.mjs'

const here = (name) => fileURLToPath(new URL(name, import.meta.url))

/** The Python of the environment in $PESQ_ENV; made, and filled, where it is not there. */
function python() {
  const folder = folderOutside('PESQ_ENV', 'pesq')
  makeEnvironment(folder)
  const program = pythonIn(folder)
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
