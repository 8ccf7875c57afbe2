/** The check in an AudioWorklet, which has no `import()`. */
import * as unbark from '/dist/index.js'
import { checkSync, singleFrames } from './check.mjs'

class Check extends AudioWorkletProcessor {
  #runs

  constructor({ processorOptions }) {
    super()
    this.#runs = processorOptions.runs
  }

  process() {
    if (this.#runs) this.port.postMessage(this.#check())
    this.#runs = undefined
    return false
  }

  #check() {
    const outcome = checkSync(unbark, this.#runs)
    try {
      return { ...outcome, more: singleFrames(unbark, this.#runs) }
    } catch (error) {
      return { ...outcome, failures: [...outcome.failures, error.message] }
    }
  }
}

registerProcessor('check', Check)
