/** A run: what is measured is kept case by case, so that one that was broken off goes on where it was. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import { writeRows } from '../quality/results.mjs'
import { Bench } from './bench.mjs'
import { install } from './environment.mjs'
import { describe } from './facts.mjs'
import { watchOthers } from './others.mjs'
import { casesOf, partNames } from './parts.mjs'
import { settingsOf } from './settings.mjs'

const OUT = new URL('../out/', import.meta.url)

/** Where a mode's results go: a trial's are not kept. */
export const folderOf = (mode) => (mode === 'quick' ? 'out' : 'results')

/** What measurements may be put together: of one build, on one machine, with the same files. */
function fingerprint(files) {
  const dist = new URL('../../dist/', import.meta.url)
  const hash = createHash('sha256').update(os.cpus()[0].model + process.version + files.join())
  for (const name of fs.readdirSync(dist).toSorted()) hash.update(fs.readFileSync(new URL(name, dist)))
  return hash.digest('hex').slice(0, 16)
}

class Kept {
  #file
  #all
  constructor(mode, print, isFresh) {
    fs.mkdirSync(OUT, { recursive: true })
    this.#file = new URL(`peers-${mode}-run.json`, OUT)
    const found = !isFresh && fs.existsSync(this.#file) ? JSON.parse(fs.readFileSync(this.#file, 'utf8')) : {}
    this.#all = found.print === print ? found : { print, cases: {} }
  }
  get head() {
    return this.#all.head
  }
  set head(head) {
    this.#all.head = head
    this.#write()
  }
  at(part, key) {
    return this.#all.cases[`${part}: ${key}`]
  }
  set(part, key, measured) {
    this.#all.cases[`${part}: ${key}`] = measured
    this.#write()
  }
  #write() {
    fs.writeFileSync(this.#file, JSON.stringify(this.#all))
  }
}

function commit() {
  const git = (...args) => execFileSync('git', args, { encoding: 'utf8' }).trim()
  const changed = git('status', '--porcelain', '--', 'src', 'assembly', 'package-lock.json')
  return `${git('rev-parse', '--short', 'HEAD')}${changed ? ' with changes' : ''}`
}

const show = (text) => process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${text}` : `${text}\n`)

export async function measure({ mode, files, fresh, parts }) {
  install()
  const settings = { ...settingsOf(mode), files }
  const kept = new Kept(mode, fingerprint(files), fresh)
  kept.head ??= await describe()
  const bench = new Bench(kept.head.waiting)
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ]) {
    process.once(signal, () => {
      bench.close()
      process.exit(code)
    })
  }
  try {
    for (const part of partNames) {
      const cases = await casesOf(part, settings)
      for (const { key, run } of cases) {
        if (kept.at(part, key) && (parts.length === partNames.length || !parts.includes(part))) continue
        if (!parts.includes(part)) continue
        show(`${part}: ${key}`)
        const [start, others] = [performance.now(), watchOthers()]
        const rows = await run(bench)
        kept.set(part, key, { rows, others: others(), seconds: (performance.now() - start) / 1000 })
      }
      const measured = cases.map(({ key }) => kept.at(part, key)).filter((found) => found !== undefined)
      if (measured.length === 0) continue
      const others =
        measured.reduce((sum, m) => sum + m.others * m.seconds, 0) / measured.reduce((sum, m) => sum + m.seconds, 0)
      const seconds = measured.reduce((sum, m) => sum + m.seconds, 0)
      const head = { ...kept.head, commit: commit(), mode, others, seconds, missing: cases.length - measured.length }
      writeRows(`peers-${part}`, head, uniform(measured.flatMap(({ rows }) => rows)), folderOf(mode))
    }
  } finally {
    bench.close()
    show('')
  }
}

/** Every row with every column; a summary of rounds as its median and quartiles. */
function uniform(rows) {
  const flat = rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).flatMap(([name, value]) =>
        value !== null && typeof value === 'object'
          ? [
              [name, value.value],
              [`${name}Low`, value.low],
              [`${name}High`, value.high],
            ]
          : [[name, value]],
      ),
    ),
  )
  const columns = [...new Set(flat.flatMap((row) => Object.keys(row)))]
  return flat.map((row) => Object.fromEntries(columns.map((name) => [name, row[name]])))
}
