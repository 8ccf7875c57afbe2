/** A part's rows as they were kept, each an object again. */
import fs from 'node:fs'

/** @returns { head, rows }, or undefined where the part has not been measured */
export function readPart(part, folder) {
  const file = new URL(`../${folder}/peers-${part}.json`, import.meta.url)
  if (!fs.existsSync(file)) return undefined
  const { columns, rows, ...head } = JSON.parse(fs.readFileSync(file, 'utf8'))
  return { head, rows: rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i] ?? undefined]))) }
}

/** The first row that has these values. */
export const find = (rows, values) =>
  rows?.find((row) => Object.entries(values).every(([name, value]) => row[name] === value))
