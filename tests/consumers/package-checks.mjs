/** What installing the tarball brings, and what TypeScript and the checkers of packages say of it. */
import fs from 'node:fs'
import { checkMarks } from './bundle.mjs'
import { filesBelow, install, run } from './shell.mjs'

const templates = new URL('templates/', import.meta.url)

/** Under 20 packages and 12 MB, and none with an install script. */
export async function installs(folder, tarball) {
  await install(folder, tarball, [])
  const { packages } = JSON.parse(fs.readFileSync(`${folder}/package-lock.json`, 'utf8'))
  const names = Object.keys(packages).filter((name) => name !== '')
  for (const name of names) {
    const { scripts = {} } = JSON.parse(fs.readFileSync(`${folder}/${name}/package.json`, 'utf8'))
    const script = ['preinstall', 'install', 'postinstall'].find((key) => scripts[key])
    if (script || packages[name].hasInstallScript || fs.existsSync(`${folder}/${name}/binding.gyp`))
      throw new Error(`${name} runs something when it is installed`)
  }
  const size = filesBelow(`${folder}/node_modules`).reduce((sum, file) => sum + fs.statSync(file).size, 0) / 1e6
  if (names.length >= 20) throw new Error(`${names.length} packages: ${names.join(', ')}`)
  if (size >= 12) throw new Error(`${size.toFixed(1)} MB`)
  checkMarks(folder)
  return `${names.length} packages, ${size.toFixed(2)} MB, no install script`
}

/** A strict consumer in TypeScript compiles: each compiler, each resolution. */
export async function compiles(folder, tarball, compiler, resolution) {
  if (!fs.existsSync(folder)) await install(folder, tarball, ['typescript', 'typescript-5'])
  fs.copyFileSync(new URL('types.ts', templates), `${folder}/types.ts`)
  const module = resolution === 'bundler' ? 'esnext' : resolution
  const strict = '--strict --exactOptionalPropertyTypes --skipLibCheck false --target es2022 --lib es2022,dom --noEmit'
  const where = `--module ${module} --moduleResolution ${resolution}`
  await run(`node node_modules/${compiler}/bin/tsc ${strict} ${where} types.ts`, folder)
  const { version } = JSON.parse(fs.readFileSync(`${folder}/node_modules/${compiler}/package.json`, 'utf8'))
  return `TypeScript ${version}`
}

/** The same in Deno. */
export async function denoChecks(folder, tarball) {
  await install(folder, tarball, ['deno'])
  fs.copyFileSync(new URL('types.ts', templates), `${folder}/types.ts`)
  await run('deno check types.ts', folder)
  return 'compiles'
}

/** publint has nothing to say. */
export async function publint(tools, tarball) {
  const said = await run(`publint run ${tarball} --strict`, tools)
  if (!said.includes('All good')) throw new Error(said)
  return 'all good'
}

/** Nor has "are the types wrong", for every entry. */
export async function attw(tools, tarball) {
  const said = await run(`attw ${tarball} --profile esm-only --no-emoji`, tools)
  for (const entry of ['"unbark"', '"unbark/audio"', '"unbark/npy"']) if (!said.includes(entry)) throw new Error(said)
  return 'no problems'
}
