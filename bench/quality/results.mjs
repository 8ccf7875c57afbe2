/** A run's rows as JSON, one a line under one list of columns, and its report as Markdown. */
import fs from 'node:fs'
import os from 'node:os'

export const machine = `${os.cpus()[0].model.trim()}, Node ${process.versions.node}`

const short = (x) => (typeof x === 'number' ? (Number.isFinite(x) ? Number(x.toPrecision(4)) : null) : x)

/** @param folder beside this one's parent: `results` holds whole runs and is kept, `out` parts of one */
export function writeRows(name, head, rows, folder = 'results') {
  const columns = Object.keys(rows[0])
  const lines = rows.map((row) => `  ${JSON.stringify(columns.map((c) => short(row[c])))}`).join(',\n')
  const start = JSON.stringify({ ...head, columns }).slice(0, -1)
  writeText(`${name}.json`, `${start},"rows":[\n${lines}\n]}\n`, folder)
}

export function writeText(name, text, folder = 'results') {
  const at = new URL(`../${folder}/`, import.meta.url)
  fs.mkdirSync(at, { recursive: true })
  fs.writeFileSync(new URL(name, at), text)
}

export function writeResults(name, head, rows, text, folder) {
  writeRows(name, head, rows, folder)
  writeText(`${name}.md`, text, folder)
}
