/** What the peers need, outside the repository: a virtual environment of Python, and libsonare beside it. */
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { execute, folderOutside, makeEnvironment, pythonIn } from '../python-environment.mjs'
import { Child } from './child.mjs'

export const LIBSONARE = '1.7.2'
const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const folder = folderOutside('PEERS_ENV', 'peers')
const python = pythonIn(folder)
const beside = path.join(folder, 'libsonare')

/** Makes what is not there yet. */
export function install() {
  const wanted = fs.readFileSync(here('requirements.txt'), 'utf8').match(/^[\w-]+==.*$/gm)
  makeEnvironment(folder)
  const check = `import importlib.metadata as m; [exec("assert m.version(n) == v") for n, v in ${JSON.stringify(wanted.map((line) => line.split('==')))}]`
  if (spawnSync(python, ['-c', check]).status !== 0) {
    console.error(`Python packages go into ${folder}: 3.4 to 4 GB are downloaded, 7 GB on the disk (PEERS_ENV=folder)`)
    execute(python, ['-m', 'pip', 'install', '--quiet', '-r', here('requirements.txt')])
  }
  fs.mkdirSync(beside, { recursive: true })
  if (!fs.existsSync(path.join(beside, 'node_modules', '@libraz'))) {
    console.error(`@libraz/libsonare goes into ${beside}: 9 MB`)
    execute('npm', [
      'install',
      '--silent',
      '--no-audit',
      '--no-fund',
      '--prefix',
      beside,
      `@libraz/libsonare@${LIBSONARE}`,
    ])
  }
}

/** A process of the peers in Python, of one or both modules of calls. `waiting`: what OpenMP's threads do between loops. */
export function pythonChild(modules, threads, waiting) {
  const { OPENBLAS_CORETYPE, OPENBLAS_L2_SIZE, ...env } = process.env
  for (const name of ['OMP', 'MKL', 'OPENBLAS']) env[`${name}_NUM_THREADS`] = String(threads)
  if (waiting !== undefined) env.OMP_WAIT_POLICY = waiting
  return new Child(python, ['-W', 'ignore', here('serve.py'), ...modules], { env })
}

export const unbarkChild = () => new Child(process.execPath, [here('serve.mjs'), './unbark-calls.mjs'])
export const libsonareChild = () => new Child(process.execPath, [here('serve.mjs'), './libsonare-calls.mjs', beside])

/** Bytes of everything below a folder, and of what a caller of one peer needs. */
function bytesBelow(at) {
  return fs.readdirSync(at, { recursive: true, withFileTypes: true }).reduce((sum, entry) => {
    return entry.isFile() ? sum + fs.lstatSync(path.join(entry.parentPath ?? entry.path, entry.name)).size : sum
  }, 0)
}

export function installSizes() {
  const site = path.join(
    folder,
    'lib',
    fs.readdirSync(path.join(folder, 'lib')).find((name) => /^python/.test(name)),
  )
  const packages = path.join(site, 'site-packages')
  const pick = (pattern) =>
    fs.readdirSync(packages).reduce((sum, name) => {
      const at = path.join(packages, name)
      if (!pattern.test(name)) return sum
      return sum + (fs.statSync(at).isDirectory() ? bytesBelow(at) : fs.statSync(at).size)
    }, 0)
  const gpu = pick(/^(nvidia|triton)/)
  const torch = pick(/^(torch|torchaudio|functorch|torchgen|sympy|networkx|mpmath|fsspec|jinja2|markupsafe|filelock)/i)
  return {
    unbark: bytesBelow(fileURLToPath(new URL('../../dist', import.meta.url))),
    libsonare: bytesBelow(path.join(beside, 'node_modules')),
    torchaudio: torch + gpu,
    'torchaudio without CUDA': torch,
    librosa: pick(
      /^(librosa|numpy|scipy|numba|llvmlite|sklearn|scikit|soundfile|soxr|audioread|pooch|joblib|msgpack)/i,
    ),
  }
}
