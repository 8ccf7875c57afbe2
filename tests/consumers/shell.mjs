/** Commands, and projects to run them in. */
import { execFile, spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { allowScripts, versions } from './versions.mjs'

/** A folder's own programs come first. */
function environment(folder) {
  const env = { ...process.env, PATH: `${folder}/node_modules/.bin${path.delimiter}${process.env.PATH}`, NO_COLOR: '1' }
  delete env.NODE_OPTIONS
  return env
}

const words = (command) => command.split(' ').filter((word) => word !== '')

/** Runs a command in a folder; gives what it printed. */
export function run(command, cwd, timeout = 120_000) {
  const [program, ...options] = words(command)
  return new Promise((resolve, reject) => {
    execFile(program, options, { cwd, env: environment(cwd), timeout, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (!error) return resolve(stdout)
      const why = error.killed ? `took more than ${timeout / 1000} s` : `${stderr}${stdout}`.trim() || error.message
      reject(new Error(`${command}: ${why}`))
    })
  })
}

/** Starts a server and waits until it answers at the address; gives a function that ends it. */
export async function start(command, cwd, url) {
  const [program, ...options] = words(command)
  const child = spawn(program, options, { cwd, env: environment(cwd), stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk) => {
    said += chunk
  })
  let broken
  child.on('error', (error) => {
    broken = error
  })
  for (let tries = 0; tries < 100 && child.exitCode === null && !broken; tries++) {
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return () => child.kill()
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  child.kill()
  throw new Error(`${command}: no answer from ${url} ${broken ?? said}`)
}

/** A folder with the tarball and the packages in it. */
export async function install(folder, tarball, packages) {
  fs.mkdirSync(folder, { recursive: true })
  const pinned = Object.fromEntries(packages.map((name) => [name, versions[name]]))
  const dependencies = tarball ? { unbark: `file:${tarball}`, ...pinned } : pinned
  fs.writeFileSync(
    `${folder}/package.json`,
    JSON.stringify({ name: 'consumer', private: true, type: 'module', dependencies, allowScripts }),
  )
  await run('npm install --no-audit --no-fund --prefer-offline --loglevel=error', folder)
}

/** Every file below a folder, as paths. */
export const filesBelow = (folder) =>
  fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
