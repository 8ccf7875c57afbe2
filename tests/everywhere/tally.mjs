/** A line for every place, and the count at the end. */
import fs from 'node:fs'
import { fnv } from './fnv.mjs'

const HASHES = new URL('hash.json', import.meta.url)

export class Tally {
  #passed = 0
  #failed = 0
  #hashes
  #wanted

  /** `wanted`: parts of the names of the places to try, all where there is none; `write` takes the first hashes over. */
  constructor(wanted, write) {
    this.#wanted = wanted
    this.#hashes = write ? undefined : JSON.parse(fs.readFileSync(HASHES, 'utf8'))
  }

  wants(name) {
    return this.#wanted.length === 0 || this.#wanted.some((part) => name.toLowerCase().includes(part.toLowerCase()))
  }

  /** Tries a place; `act` gives what it has to say, or throws. */
  async place(name, act) {
    if (!this.wants(name)) return
    const start = performance.now()
    const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`
    try {
      const said = await act()
      this.#passed++
      console.log(`ok    ${name}: ${said} (${seconds()})`)
    } catch (error) {
      this.#failed++
      console.log(`FAIL  ${name}: ${error?.message ?? error} (${seconds()})`)
    }
  }

  /** Tries a place whose outcome is that of check.mjs: no failure, and the bits that are promised. */
  check(name, act) {
    return this.place(name, async () => this.#compare(await act()))
  }

  #compare({ hashes, failures, first, more }) {
    if (failures.length > 0) throw new Error(failures.join('; '))
    const names = Object.keys(hashes)
    if (names.length === 0) throw new Error('no part ran')
    if (!this.#hashes) {
      this.#hashes = { all: fnv(Object.values(hashes)), parts: hashes }
      fs.writeFileSync(HASHES, `${JSON.stringify(this.#hashes, undefined, 2)}\n`)
    }
    const { all, parts } = this.#hashes
    const other = names.filter((part) => hashes[part] !== parts[part])
    if (other.length > 0) throw new Error(`other bits in ${other.join(', ')}`)
    const whole = names.length === Object.keys(parts).length
    const told = [whole ? `bits ${all}` : `the same bits in ${names.join(', ')}`]
    if (first !== undefined) told.push(`import to first result ${first.toFixed(0)} ms`)
    return [...told, ...(more ?? [])].join(', ')
  }

  /** Prints the count; whether all is well. */
  end() {
    if (this.#passed + this.#failed === 0) {
      this.#failed++
      console.log(`FAIL  no place is called ${this.#wanted.join(' or ')}`)
    }
    console.log(`${this.#passed} passed, ${this.#failed} failed`)
    return this.#failed === 0
  }
}
