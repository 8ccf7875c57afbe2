/** The check in an AudioWorklet, which has no `import()`. */
import * as unbark from '/dist/index.js'
import { checkSync } from './check.mjs'

class Check extends AudioWorkletProcessor {
  #runs

  constructor({ processorOptions }) {
    super()
    this.#runs = processorOptions.runs
  }

  process() {
    if (this.#runs) this.port.postMessage(checkSync(unbark, this.#runs))
    this.#runs = undefined
    return false
  }
}

registerProcessor('check', Check)
