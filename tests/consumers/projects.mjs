/**
 * The consumers. Each is a project of its own with `packages` installed beside the tarball, and has programs:
 *
 * - `build` gives the command that makes `out` of a page's folder (none: it runs as it is); `serve` that of a server
 * - `run` is the program for the result (none: Chromium), `file` its name where that is not page.js
 * - `edit` changes how the page imports the package
 * - `isOneFile` where what is imported later is put into the same file all the same
 *
 * No command here says anything about WebAssembly or workers.
 */

const importFrom = (name) => (text) => text.replace("'unbark'", `'${name}'`)

/** One program minified and one that is not; `build` is told which. */
const built = (name, program) =>
  [true, false].map((isMinified) => ({
    ...program,
    name: isMinified ? `${name}, minified` : name,
    isMinified,
    build: (page, out) => program.build(page, out, isMinified),
  }))

const vite = {
  hasHtml: true,
  build: (page, out, min) => `vite build ${page} --outDir ../${out} --logLevel=warn ${min ? '' : '--minify false'}`,
}
const webpack = (target, file) => ({
  file,
  build: (page, out, min) =>
    `webpack build --entry ./${page}/page.js -o ${out} --output-filename ${file} --target ${target} ` +
    // it advises against any file above 244 KiB, what is loaded for GPUs alone included
    `--mode ${min ? 'production' : 'development'} --no-performance --fail-on-warnings`,
})
const esbuild = (options) => ({
  isOneFile: true,
  build: (page, out, min) =>
    `esbuild ${page}/page.js --bundle --outfile=${out}/page.js --log-level=warning ${options} ${min ? '--minify' : ''}`,
})
const rollup = {
  build: (page, out, min) =>
    `rollup ${page}/page.js -d ${out} -f es -p node-resolve ${min ? '-p terser' : ''} --silent --failAfterWarnings`,
}
const parcel = {
  hasHtml: true,
  build: (page, out, min) =>
    `parcel build ${page}/index.html --dist-dir ${out} --no-cache --no-source-maps ${min ? '' : '--no-optimize'}`,
}
const bun = (target) => ({
  isOneFile: true,
  build: (page, out, min) =>
    `bun build ${page}/page.js --target=${target} --outfile=${out}/page.js ${min ? '--minify' : ''}`,
})
const deno = (platform) => ({
  isOneFile: true,
  build: (page, out, min) =>
    `deno bundle --platform ${platform} -o ${out}/page.js ${min ? '--minify' : ''} ${page}/page.js`,
})

export const projects = [
  {
    name: 'as installed',
    packages: [],
    programs: [
      { name: 'Node', run: 'node' },
      { name: 'static page', edit: importFrom('/node_modules/unbark/dist/index.js') },
    ],
  },
  {
    name: 'vite',
    packages: ['vite'],
    programs: [
      ...built('page', vite),
      {
        name: 'development server',
        serve: (page, port) => `vite ${page} --host 127.0.0.1 --port ${port} --strictPort`,
      },
      // which leaves packages outside
      { name: 'server side', run: 'node', build: (page, out) => `${vite.build(page, out, true)} --ssr page.js` },
    ],
  },
  {
    name: 'webpack',
    packages: ['webpack', 'webpack-cli'],
    programs: [
      ...built('page', webpack('web', 'page.js')),
      ...built('Node', { ...webpack('node', 'page.cjs'), run: 'node' }),
    ],
  },
  {
    name: 'esbuild',
    packages: ['esbuild'],
    programs: [
      ...built('page', esbuild('--format=esm')),
      ...built('classic script', { ...esbuild('--format=iife'), isClassic: true }),
      ...built('Node', { ...esbuild('--format=esm --platform=node'), run: 'node' }),
    ],
  },
  {
    name: 'rollup',
    packages: ['rollup', '@rollup/plugin-node-resolve', '@rollup/plugin-terser'],
    programs: [...built('page', rollup), ...built('Node', { ...rollup, run: 'node' })],
  },
  { name: 'parcel', packages: ['parcel'], programs: built('page', parcel) },
  {
    name: 'bun',
    packages: ['bun'],
    programs: [
      { name: 'as installed', run: 'bun' },
      ...built('page', bun('browser')),
      ...built('Node', { ...bun('node'), run: 'node' }),
      ...built('Bun', { ...bun('bun'), run: 'bun' }),
    ],
  },
  {
    name: 'deno',
    packages: ['deno'],
    programs: [
      { name: 'as installed', run: 'deno run --no-prompt' },
      { name: 'npm:', edit: importFrom('npm:unbark'), run: 'deno run --no-prompt' },
      { name: 'local file', edit: importFrom('../node_modules/unbark/dist/index.js'), run: 'deno run --no-prompt' },
      ...built('page', deno('browser')),
      ...built('Deno', { ...deno('deno'), run: 'deno run --no-prompt' }),
    ],
  },
]
