/** npm run bench: every measurement, as a table. Ratios are of pieces timed in turn in this process. */
import fs from 'node:fs'
import os from 'node:os'

const parts = ['sgd', 'exact', 'spectrogram', 'griffin-lim', 'joint', 'turns', 'memory', 'gpu']
const wanted = process.argv.slice(2)
const rows = []
for (const part of parts) {
  if (wanted.length > 0 && !wanted.includes(part)) continue
  const { bench } = await import(`./${part}.mjs`)
  rows.push(...(await bench()))
}

const show = (value) => (value === undefined ? 'not to be had here' : value < 10 ? value.toFixed(2) : value.toFixed(1))
const lines = [
  `${os.cpus()[0].model.trim()}, Node ${process.versions.node}, V8 ${process.versions.v8}, one thread`,
  '',
  '| what | measured | asked |',
  '| --- | --- | --- |',
  ...rows.map(
    ({ name, value, unit, target }) =>
      `| ${name} | ${show(value)} ${value === undefined ? '' : unit} | ${target ?? ''} |`,
  ),
]
console.log(lines.join('\n'))
fs.mkdirSync('bench/out', { recursive: true })
fs.writeFileSync('bench/out/table.md', `${lines.join('\n')}\n`)
