/** The check in a module worker. */
import { everything } from './check.mjs'

globalThis.onmessage = async ({ data: { library, fixture, workerUrl } }) => {
  try {
    globalThis.postMessage(await everything(library, fixture, workerUrl))
  } catch (error) {
    globalThis.postMessage({ hashes: {}, failures: [String(error?.stack ?? error)] })
  }
}
