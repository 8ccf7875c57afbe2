/** What tests ask of the place they run in, as Node, Deno and Bun have it; for pages everywhere/page-place.ts stands in. */
import fs from 'node:fs'
import os from 'node:os'
import process from 'node:process'

/** Where the workers' program is served from, where a policy refuses the inlined one. */
export const workerUrl: string | undefined = undefined

// Vulkan in software, as Debian's chromium brings it: whoever runs the tests, they run on the same
process.env['VK_ICD_FILENAMES'] ??= '/usr/lib/chromium/vk_swiftshader_icd.json'
process.env['XDG_RUNTIME_DIR'] ??= os.tmpdir()

/** What drives the GPU of tests that need one. */
export const gpuBackend: string | undefined = 'webgpu'

/** A file of tests/fixtures, by its name without extension: its index, and the bytes that the index is about. */
export function readRecord(kind: string): { index: unknown; bytes: Uint8Array } {
  const read = (extension: string): Buffer =>
    fs.readFileSync(new URL(`./fixtures/${kind}.${extension}`, import.meta.url))
  return { index: JSON.parse(read('json').toString()), bytes: read('bin') }
}
