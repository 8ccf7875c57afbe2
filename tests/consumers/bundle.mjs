/** What may be in a bundle, and what not. */
import fs from 'node:fs'
import { gzipSync } from 'node:zlib'
import { encodeAscii } from '../../src/backends/wasm/ascii.bundle.mjs'
import { filesBelow } from './shell.mjs'

/** Compiled code in the form of src/backends/wasm/ascii.ts: `\0asm`, the version, and the rest. */
const CORE = /\+}8}J}D,\+\+\+[(-[\]-~]+/g
const BYTES = new Map(Array.from({ length: 256 }, (_, byte) => [encodeAscii([byte]), byte]))
const decode = (text) => Uint8Array.from(text.match(/[}~]?./g), (character) => BYTES.get(character))

/** Strings that come through minification, each with the file that has it: what the command line is made of. */
const COMMAND_LINE = {
  'Display this message': 'cac/dist/index.js',
  'must be a non-empty array of strings': 'yocto-spinner/index.js',
  'wrong data size. Found': 'fast-png/lib/png_encoder.js',
}

/** Fails where a package has moved on and a string above means nothing any more. */
export function checkMarks(folder) {
  for (const [mark, file] of Object.entries(COMMAND_LINE)) {
    if (!fs.readFileSync(`${folder}/node_modules/${file}`, 'utf8').includes(mark))
      throw new Error(`no "${mark}" in ${file}`)
  }
}

/** What the WebAssembly of some code is for, by what it exports. */
function cores(code) {
  const modules = [...code.matchAll(CORE)].map(([text]) => new WebAssembly.Module(decode(text)))
  const names = new Set(modules.flatMap((module) => WebAssembly.Module.exports(module).map(({ name }) => name)))
  return { solves: names.has('sgdRun'), transforms: names.has('stft') }
}

/** What the part for GPUs is known by, and its most KB, gzip. */
const GPU = /loopMaxIterations/
const MOST_GPU = 130

/** What a page's own code and its bundler's loading of later files may add, in KB: webpack's is 1.2, vite's 0.8. */
const LOADER = 1.5

/**
 * Throws where something is in a bundle that should not be, or the reverse; gives its size in KB, gzip, without the part
 * for GPUs where that is in files of its own.
 */
export function weigh(folder, page, isMinified, isOneFile) {
  // webpack puts the licences of what it minifies beside it
  const files = filesBelow(folder).filter((file) => !/\.(html|LICENSE\.txt)$/.test(file))
  const strange = files.filter((file) => !/\.(js|cjs|mjs)$/.test(file))
  if (strange.length > 0) throw new Error(`not inlined: ${strange.join(', ')}`)
  const code = files.map((file) => fs.readFileSync(file, 'utf8')).join('\n')
  const text = code.replace(CORE, '')
  for (const mark of Object.keys(COMMAND_LINE)) if (text.includes(mark)) throw new Error(`"${mark}" is in the bundle`)
  const found = text.match(/fast-png|yocto-spinner|node_modules\/cac\b/)
  if (found) throw new Error(`${found[0]} is in the bundle`)

  const [gpu, others] = [true, false].map((isGpu) =>
    files.filter((file) => GPU.test(fs.readFileSync(file, 'utf8')) === isGpu),
  )
  const kilobytes = (files) => files.reduce((sum, file) => sum + gzipSync(fs.readFileSync(file)).length, 0) / 1024
  // server side, the package may be left where it is
  if (!isMinified && code.search(CORE) < 0) return kilobytes(files)
  if (gpu.length === 0) throw new Error('nothing for GPUs is in the bundle')
  if (!isOneFile && others.length === 0) throw new Error('what GPUs need is not apart')
  const size = kilobytes(isOneFile ? files : others)
  if (!isMinified) return size
  if (!isOneFile && kilobytes(gpu) >= MOST_GPU) throw new Error(`${kilobytes(gpu).toFixed(1)} KB for GPUs`)
  const { solves, transforms } = cores(code)
  const isWhole = page === 'main'
  if (!solves) throw new Error('no solver in the bundle')
  if (transforms !== isWhole) throw new Error(transforms ? 'the transforms are in the bundle' : 'no transforms in it')
  if (text.includes('BarkSpectrogram') !== isWhole) throw new Error(`BarkSpectrogram is ${isWhole ? 'not ' : ''}in it`)
  const most = (isWhole ? 90 : 40) + LOADER + (isOneFile ? MOST_GPU : 0)
  if (size >= most) throw new Error(`${size.toFixed(1)} KB gzip, expected under ${most}`)
  return size
}
