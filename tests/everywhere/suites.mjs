/**
 * The suites for every place, as bundles in which the library is the built one: what src/ publishes becomes an import
 * from dist/, and only what it does not publish (a backend by itself, a buffer's allocation) comes from the sources.
 */
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const OUT = 'tests/out/suites'

/** What a worklet can run: it has no timers, no random numbers and no turns of an event loop. */
const WORKLET = ['barkscale-fbanks', 'bark-scale', 'inverse-bark-scale', 'sgd', 'exact']
const PAGE = [...WORKLET, 'spectrogram', 'inverse-spectrogram', 'griffin-lim', 'fft', 'npy', 'threads']
const SCRIPT = [...PAGE, 'exact-solve', 'workers']
/** On a GPU, real or not. */
const GPU = ['gpu-device.test', 'gpu-conformance']

const PUBLISHED = {
  'index.ts': 'index.js',
  'spectrogram.ts': 'index.js',
  'inverse-spectrogram.ts': 'index.js',
  'griffin-lim.ts': 'index.js',
  'npy.ts': 'npy.js',
}

const builtPackage = {
  name: 'built-package',
  setup(build) {
    build.onResolve({ filter: /^(\.\.\/)+src\// }, ({ path }) => {
      const file = PUBLISHED[path.replace(/^(\.\.\/)+src\//, '')]
      return file && { path: `../../../dist/${file}`, external: true }
    })
  },
}

const pagePlace = {
  name: 'page-place',
  setup(build) {
    build.onResolve({ filter: /^\.\/place\.ts$/ }, () => ({ path: `${ROOT}tests/everywhere/page-place.ts` }))
  },
}

const fileOf = (suite) => (GPU.includes(suite) ? suite : `${suite}.test`)

function bundle(name, suites, more) {
  const listed = suites.map((suite) => `'${suite}': () => import('./tests/${fileOf(suite)}.ts')`)
  const contents = `export { runSuites, tell } from './tests/runner.ts'\nexport const suites = { ${listed.join(', ')} }`
  return build({
    stdin: { contents, resolveDir: ROOT, loader: 'ts' },
    outfile: `${ROOT}${OUT}/${name}.js`,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'error',
    ...more,
  })
}

/** Writes the bundles script.js, page.js and worklet.js, and for GPUs gpu-script.js and gpu-page.js. */
export async function bundleSuites() {
  // node:vm is for a test that is skipped here
  const page = { plugins: [builtPackage, pagePlace], loader: { '.bin': 'binary' }, external: ['node:vm'] }
  // the tests take files by where they lie themselves
  const here = JSON.stringify(new URL('../threads.test.ts', import.meta.url).href)
  const define = { 'import.meta.url': here }
  await bundle('worklet', WORKLET, page)
  await bundle('page', PAGE, page)
  await bundle('script', SCRIPT, { plugins: [builtPackage], platform: 'node', define })
  await bundle('gpu-page', GPU, page)
  await bundle('gpu-script', GPU, { plugins: [builtPackage], platform: 'node', define })
}
