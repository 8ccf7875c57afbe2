/** The suites in an AudioWorklet, which has no `import()`. */
import * as bundle from '../out/suites/worklet.js'
import { runHere } from './page-suites.mjs'

class Suites extends AudioWorkletProcessor {
  #isRunning = false

  process() {
    if (!this.#isRunning) {
      this.#isRunning = true
      runHere(bundle).then(
        (outcome) => this.port.postMessage(outcome),
        (error) => this.port.postMessage({ failures: [String(error?.stack ?? error)] }),
      )
    }
    return true
  }
}

registerProcessor('suites', Suites)
