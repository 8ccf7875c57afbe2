/** The processes of a run, and the arrays that they share as files. */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { median } from '../clock.mjs'
import { libsonareChild, pythonChild, unbarkChild } from './environment.mjs'

/** A call in a process of its own is repeated as long and as often as this. */
const [LONG_MS, MOST_CALLS] = [1500, 31]
const PYTHON = ['torchaudio_calls', 'librosa_calls']

export class Bench {
  #folder = fs.mkdtempSync(path.join(os.tmpdir(), 'unbark-peers-'))
  #files = new Map()
  #children = new Map()
  #waiting
  /** @param waiting OMP_WAIT_POLICY of torch's threads, as measured to be the faster */
  constructor(waiting) {
    this.#waiting = waiting
  }

  /** An array by name, as an argument of calls. */
  put(name, make) {
    const found = this.#files.get(name)
    if (found) return found.argument
    const { data, shape } = make()
    const file = path.join(this.#folder, `${this.#files.size}.f32`)
    fs.writeFileSync(file, new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    const argument = { array: name }
    this.#files.set(name, { argument, file, shape: [...shape] })
    return argument
  }

  /** Milliseconds, and what else the process says; with `keep` also the result's data. */
  async ask(who, threads, call, args, keep = false) {
    return this.#askChild(await this.#childOf(who, threads), call, args, keep)
  }

  async #askChild(child, call, args, keep) {
    for (const { array } of Object.values(args).filter((value) => value?.array !== undefined)) {
      if (child.has.has(array)) continue
      const { file, shape } = this.#files.get(array)
      await child.process.ask({ put: array, file, shape })
      child.has.add(array)
    }
    const save = keep ? path.join(this.#folder, 'result.f32') : undefined
    const reply = await child.process.ask({ call, args, save })
    if (!keep) return reply
    const bytes = fs.readFileSync(save)
    return { ...reply, data: new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4) }
  }

  async #childOf(who, threads) {
    const key = who === 'python' ? `python ${threads}` : who
    if (!this.#children.has(key)) {
      const start = {
        python: () => pythonChild(PYTHON, threads, this.#waiting),
        unbark: unbarkChild,
        libsonare: libsonareChild,
      }
      const process = start[who]()
      this.#children.set(key, { process, has: new Set() })
      if (who === 'python') for (const peer of ['torchaudio', 'librosa']) await process.ask({ call: `${peer}.warm_up` })
    }
    return this.#children.get(key)
  }

  /**
   * Calls in a process of its own: milliseconds from its start to the first one's answer; of the second, called again
   * and again, the median of the later half, when engines have compiled it; and the process's peak in bytes before and after these.
   */
  async alone(start, first, second = first) {
    const begin = performance.now()
    const child = { process: start(), has: new Set() }
    try {
      await this.#askChild(child, first.call, first.args, false)
      const startMs = performance.now() - begin
      const before = (await child.process.ask({ call: 'peak' })).bytes
      const times = []
      const end = performance.now() + LONG_MS
      do times.push((await this.#askChild(child, second.call, second.args, false)).ms)
      while (times.length < MOST_CALLS && performance.now() < end)
      const after = (await child.process.ask({ call: 'peak' })).bytes
      return { startMs, ms: median(times.slice(times.length >> 1)), before, after }
    } finally {
      child.process.close()
    }
  }

  close() {
    for (const { process } of this.#children.values()) process.close()
    fs.rmSync(this.#folder, { recursive: true, force: true })
  }
}
