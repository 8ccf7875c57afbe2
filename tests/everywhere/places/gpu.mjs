/**
 * The suites for GPUs, on software adapters: in Chromium by WebGL2 on Mesa's and by WebGPU on its own, under a strict
 * policy; in Node by the package `webgpu` on the Vulkan driver that Debian's chromium brings; in Deno on Mesa's, which
 * `webgpu` refuses.
 */
import fs from 'node:fs'
import os from 'node:os'
import { chromium as playwright } from 'playwright-core'
import { run } from '../processes.mjs'
import { STRICT, startServer } from '../server.mjs'
import { visit } from './chromium.mjs'
import { count, insistOn, read } from './pages.mjs'

const CHROMIUM = '/usr/bin/chromium'
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json'
const MESA = '/usr/share/vulkan/icd.d'
const SUITES = 'tests/everywhere/run-suites.mjs'
const UNCHECKED = './tests/everywhere/unchecked.mjs'
/** The recorded runs are 117 000 iterations, each twice; a software adapter takes a millisecond or more for one. */
const SECONDS = 1500

const BROWSERS = [
  // Mesa's adapter without threads, which wait for each other: 41 s where Chromium's own takes 74
  {
    backend: 'webgl2',
    args: ['--use-gl=angle', '--use-angle=gl-egl', '--ignore-gpu-blocklist'],
    env: { LP_NUM_THREADS: '0' },
  },
  // without checks of every index, which on a software adapter are half of the work
  {
    backend: 'webgpu',
    args: ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-dawn-features=disable_robustness'],
  },
]
const SCRIPTS = [
  { name: 'Node', command: process.execPath, args: ['--import', UNCHECKED], driver: swiftShader },
  { name: 'Deno', command: 'npx', args: ['--yes', 'deno@2.9.5', 'run', '-A'], driver: lavapipe },
]

/** What is to be tried, the longest first: whoever calls what comes back tries one after the other, as long as there are any. */
export function gpu(tally) {
  const [webgl2, webgpu] = BROWSERS.map((browser) => () => tryBrowser(tally, browser))
  const waiting = [webgl2, ...SCRIPTS.map((script) => () => tryScript(tally, script)), webgpu]
  return async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await next()
  }
}

function tryScript(tally, { name, command, args, driver }) {
  return tally.place(`GPU, webgpu in ${name}`, async () => {
    const env = { VK_ICD_FILENAMES: driver(), XDG_RUNTIME_DIR: os.tmpdir() }
    const out = await run(command, [...args, SUITES, 'gpu-script'], SECONDS, env)
    return whole(out.trim().split('\n').at(-1))
  })
}

function swiftShader() {
  insistOn(SWIFTSHADER, 'chromium libvulkan1')
  return SWIFTSHADER
}

/** Its file is named for the machine's architecture, in some releases of Debian. */
function lavapipe() {
  insistOn(MESA, 'mesa-vulkan-drivers')
  const file = fs.readdirSync(MESA).find((name) => /^lvp_icd\b.*\.json$/.test(name))
  if (!file) throw new Error(`no lvp_icd in ${MESA}: apt-get install mesa-vulkan-drivers`)
  return `${MESA}/${file}`
}

function tryBrowser(tally, { backend, args, env = {} }) {
  return tally.place(`GPU, ${backend} in Chromium, strict policy`, async () => {
    insistOn(CHROMIUM, 'chromium libvulkan1')
    const browser = await playwright.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', ...args],
      env: { ...process.env, ...env },
    })
    const server = await startServer(STRICT)
    try {
      const url = server.page({ in: 'main', run: 'suites', gpu: backend })
      return whole(count(read(withoutDriver(await visit(browser, url, 1000 * SECONDS)))))
    } finally {
      await browser.close()
      server.end()
    }
  })
}

/** The count of a run in which nothing was skipped. */
function whole(told) {
  if (!/^[1-9]\d* passed, 0 failed$/.test(told)) throw new Error(told)
  return told
}

/** Chromium's own remarks: that there is no adapter for WebGPU, that something waits for the GPU, that it is lost. */
function withoutDriver({ outcome, heard }) {
  const own =
    /No available adapters|GPU stall due to ReadPixels|CONTEXT_LOST_WEBGL|device was lost|A valid external Instance/i
  return { outcome, heard: heard.filter((text) => !own.test(text)) }
}
