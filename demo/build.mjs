/** Builds the page into demo/site/, on the built package: files for any static host, at any path. */
import fs from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { music, noise } from './sounds.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const page = `${root}demo/page`
export const SITE = `${root}demo/site`

export async function buildPage() {
  fs.rmSync(SITE, { recursive: true, force: true })
  fs.mkdirSync(`${SITE}/sounds`, { recursive: true })
  const common = { bundle: true, minify: true, format: 'esm', target: 'es2022', outdir: SITE, logLevel: 'error' }
  await build({
    ...common,
    entryPoints: {
      main: `${page}/main.ts`,
      live: `${page}/live.ts`,
      'live-worker': `${page}/live-worker.ts`,
      worker: `${page}/worker.ts`,
    },
    splitting: true,
    chunkNames: '[name]-[hash]',
    alias: {
      unbark: `${root}dist/index.js`,
      'unbark/audio': `${root}dist/audio.js`,
      'unbark/npy': `${root}dist/npy.js`,
    },
  })
  await build({
    ...common,
    entryPoints: {
      capture: `${page}/capture.ts`,
      'bark-stream-worklet': `${root}dist/bark-stream-worklet.js`,
      'unbark-worker': `${root}dist/worker.js`,
      'unbark-joint-worker': `${root}dist/joint-worker.js`,
    },
  })
  for (const file of ['index.html', 'style.css', 'live.html', 'live.css', 'icon.svg'])
    fs.copyFileSync(`${page}/${file}`, `${SITE}/${file}`)
  fs.copyFileSync(`${root}examples/speech.wav`, `${SITE}/sounds/speech.wav`)
  fs.writeFileSync(`${SITE}/sounds/music.wav`, music())
  fs.writeFileSync(`${SITE}/sounds/noise.wav`, noise())
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildPage()
