/**
 * npm run bench:quality: how near every solver comes to the spectrogram that the bands were made from.
 *
 *     SGD_ITERATIONS=100000 npm run bench:quality     with all of torchaudio's iterations
 *
 * Writes bench/results/quality.json (every row) and quality.md (medians, and where an exact solver loses).
 */
import fs from 'node:fs'
import os from 'node:os'
import { measure } from './quality/measure.mjs'
import { SGD_ITERATIONS } from './quality/solvers.mjs'
import { report } from './quality/tables.mjs'

const rows = await measure((name) => process.stderr.isTTY && process.stderr.write(`\r${name.padEnd(60)}`))
if (process.stderr.isTTY) process.stderr.write('\n')
const machine = `${os.cpus()[0].model.trim()}, Node ${process.versions.node}`
const text = report(rows, { iterations: SGD_ITERATIONS, machine })
console.log(text)

const [keys, values] = [Object.keys(rows[0]), rows.map((r) => Object.values(r))]
const short = (x) => (typeof x === 'number' ? (Number.isFinite(x) ? Number(x.toPrecision(4)) : null) : x)
const lines = values.map((v) => `  ${JSON.stringify(v.map(short))}`).join(',\n')
const folder = new URL('./results/', import.meta.url)
fs.mkdirSync(folder, { recursive: true })
const head = JSON.stringify({ machine, sgdIterations: SGD_ITERATIONS, columns: keys }).slice(0, -1)
fs.writeFileSync(new URL('quality.json', folder), `${head},"rows":[\n${lines}\n]}\n`)
fs.writeFileSync(new URL('quality.md', folder), text)
