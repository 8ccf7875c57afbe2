/**
 * serve.py's protocol in JavaScript, so that what is compared runs in a process of its own each and is asked in one way:
 *
 *     node serve.mjs ./unbark-calls.mjs
 *     node serve.mjs ./libsonare-calls.mjs FOLDER      where the package is installed
 */
import fs from 'node:fs'
import readline from 'node:readline'
import { peak } from '../peak.mjs'

const [file, ...rest] = process.argv.slice(2)
const { calls } = await import(file).then(({ load }) => load(...rest))
const arrays = new Map()

function readArray({ file, shape }) {
  const bytes = fs.readFileSync(file)
  return { data: new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4), shape }
}

const given = (value) => (value?.array === undefined ? value : arrays.get(value.array))

async function answer(request) {
  if (request.put !== undefined) {
    arrays.set(request.put, readArray(request))
    return {}
  }
  if (request.drop !== undefined) {
    arrays.delete(request.drop)
    return {}
  }
  if (request.call === 'peak') return { bytes: peak() }
  const args = Object.fromEntries(Object.entries(request.args ?? {}).map(([name, value]) => [name, given(value)]))
  const { ms, result, ...more } = await calls[request.call](args)
  if (request.save !== undefined) {
    const { buffer, byteOffset, byteLength } = result.data
    fs.writeFileSync(request.save, new Uint8Array(buffer, byteOffset, byteLength))
  }
  return { ms, shape: result.shape, ...more }
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  const reply = await answer(JSON.parse(line)).catch((error) => ({ error: `${error.name}: ${error.message}` }))
  console.log(JSON.stringify(reply))
}
// workers that wait would end with the process; nothing else is left to do
process.exit(0)
