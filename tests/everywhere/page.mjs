/** The check or the suites in a page: `?run=` says which, `?in=` where; `globalThis.outcome` is what came of it. */
import { everything } from './check.mjs'
import { runPageSuites } from './page-suites.mjs'

const library = new URL('/dist/index.js', location.href).href
const query = new URLSearchParams(location.search)
const run = query.get('run')
const workerUrl = query.get('workerUrl') ?? undefined
const gpuBackend = query.get('gpu') ?? undefined

const ways = {
  main: (fixture) =>
    run === 'suites' ? runPageSuites(workerUrl, gpuBackend) : everything(library, fixture, workerUrl),

  worker(fixture) {
    return new Promise((resolve, reject) => {
      const worker = new Worker('page-worker.mjs', { type: 'module' })
      worker.onmessage = ({ data }) => resolve(data)
      worker.onerror = (event) => reject(new Error(event.message || 'the worker could not be started'))
      worker.postMessage({ run, library, fixture, workerUrl })
    })
  },

  /** Offline, as sound needs a click and a device; its scope is the same. */
  async worklet(fixture) {
    const { decode } = await import('./check.mjs')
    const context = new OfflineAudioContext(1, 1024, 44100)
    const processor = run === 'suites' ? 'suites' : 'check'
    await context.audioWorklet.addModule(run === 'suites' ? 'page-worklet-suites.mjs' : 'page-worklet.mjs')
    const processorOptions = { runs: decode(fixture) }
    const node = new AudioWorkletNode(context, processor, { processorOptions })
    const outcome = new Promise((resolve, reject) => {
      node.port.onmessage = ({ data }) => resolve(data)
      node.onprocessorerror = () => reject(new Error('the processor threw'))
    })
    node.connect(context.destination)
    await context.startRendering()
    return outcome
  },

  /** Bands that unbark/bark-stream-worklet.js plays: what is heard, against a BarkStream of the page. */
  async live() {
    const { barkFrames, playLive } = await import('./page-live.mjs')
    const { BarkStream } = await import(library)
    return playLive(BarkStream, barkFrames())
  },

  /** Workers refused: `'auto'` computes here and says why, a number is an error. */
  async refused() {
    // so that it would take more than one
    Object.defineProperty(navigator, 'hardwareConcurrency', { value: 4 })
    const { InverseBarkScale } = await import(library)
    const options = { nStft: 513, maxIter: 500, toleranceLoss: 0, toleranceChange: 0 }
    const bark = { data: Float32Array.from({ length: 128 * 640 }, (_, i) => i % 11), shape: [128, 640] }
    const { spectrogram, report } = await new InverseBarkScale(options).solve(bark)
    const message = await new InverseBarkScale({ ...options, threads: 2 }).solve(bark).catch((error) => error.message)
    const alone = new InverseBarkScale(options).solveSync(bark).spectrogram.data
    return { report, message, same: alone.every((x, i) => x === spectrogram.data[i]) }
  },
}

/** What a console would show; not every driver can read it. */
const heard = []
for (const type of ['error', 'unhandledrejection', 'securitypolicyviolation'])
  globalThis.addEventListener(type, (event) =>
    heard.push(`${type}: ${event.message ?? event.reason ?? `Content Security Policy: ${event.violatedDirective}`}`),
  )
for (const level of ['warn', 'error']) {
  const write = console[level]
  console[level] = (...words) => {
    heard.push(`console.${level}: ${words.join(' ')}`)
    write.apply(console, words)
  }
}

async function outcome() {
  try {
    const fixture = await (await fetch('/fixture.json')).json()
    return await ways[query.get('in')](fixture)
  } catch (error) {
    return { failures: [String(error?.stack ?? error)] }
  }
}

globalThis.outcome = JSON.stringify({ ...(await outcome()), heard })
if (query.has('post')) await fetch('/outcome', { method: 'POST', body: globalThis.outcome })
