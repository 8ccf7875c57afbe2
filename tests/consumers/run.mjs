/**
 * npm run test:consumers: the package as others get it. Packs it, installs the tarball into a project for each bundler
 * and runtime outside this repository, builds pages and programs there without any configuration, and runs them in
 * Chromium, Node, Bun and Deno. All have to give the same bits.
 *
 *     node tests/consumers/run.mjs [package | project ...]
 */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { results, tryPage } from './consumer.mjs'
import { attw, compiles, denoChecks, installs, publint } from './package-checks.mjs'
import { openBrowser } from './pages.mjs'
import { projects } from './projects.mjs'
import { install, run } from './shell.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'unbark-consumers-'))
const began = performance.now()
const seconds = (since) => ((performance.now() - since) / 1000).toFixed(1)
let passed = 0
let failed = 0

function fail(name, error) {
  failed++
  console.log(`FAIL  ${name.padEnd(34)} ${error.message}`)
}

async function check(name, what) {
  const since = performance.now()
  try {
    const said = await what()
    passed++
    console.log(`ok    ${name.padEnd(34)} ${said.padEnd(50)} ${seconds(since)} s`)
  } catch (error) {
    fail(name, error)
  }
}

async function tryPackage(tarball, tools) {
  await check('package: installed', () => installs(`${work}/empty`, tarball))
  await check('package: publint --strict', () => publint(tools, tarball))
  await check('package: attw', () => attw(tools, tarball))
  for (const compiler of ['typescript', 'typescript-5']) {
    for (const resolution of ['node16', 'bundler'])
      await check(`package: ${compiler}, ${resolution}`, () => compiles(`${work}/types`, tarball, compiler, resolution))
  }
  await check('package: deno check', () => denoChecks(`${work}/deno-types`, tarball))
}

async function tryProject({ name, packages, programs }, tarball, browser) {
  const folder = path.join(work, name.replace(/\W/g, '-'))
  const broken = await install(folder, tarball, packages).catch((error) => error)
  for (const program of programs) {
    await check(`${name}: ${program.name}`, async () => {
      if (broken) throw new Error(`cannot be installed: ${broken.message}`)
      const main = await tryPage(folder, 'main', program, browser)
      const alone = await tryPage(folder, 'alone', program, browser)
      const where = (program.run ?? 'chromium').split(' ')[0].padEnd(8)
      return program.build ? `${where} ${main.toFixed(1)} KB gzip, inverse alone ${alone.toFixed(1)}` : where
    })
  }
}

const wanted = new Set(process.argv.slice(2))
const isWanted = (name) => wanted.size === 0 || wanted.has(name)
for (const name of wanted) {
  if (name !== 'package' && !projects.some((project) => project.name === name)) fail(name, new Error('no such project'))
}
let browser
try {
  const packed = JSON.parse(await run(`npm pack --json --ignore-scripts --pack-destination ${work}`, root))
  const tarball = path.join(work, packed[0].filename)
  await install(`${work}/tools`, undefined, ['playwright-core', 'publint', '@arethetypeswrong/cli'])
  browser = await openBrowser(`${work}/tools`)
  if (isWanted('package')) await tryPackage(tarball, `${work}/tools`)
  for (const project of projects) if (isWanted(project.name)) await tryProject(project, tarball, browser)
} catch (error) {
  fail('setting up', error)
} finally {
  await browser?.close()
}
for (const [page, hashes] of Object.entries(results)) console.log(`${page}: ${hashes}`)
if (failed === 0) fs.rmSync(work, { recursive: true })
else console.log(`left to look at: ${work}`)
console.log(`${passed} passed, ${failed} failed in ${seconds(began)} s`)
process.exitCode = failed > 0 || passed === 0 ? 1 : 0
