/** The check or the suites in a module worker. */
import { everything } from './check.mjs'
import { runPageSuites } from './page-suites.mjs'

globalThis.onmessage = async ({ data: { run, library, fixture, workerUrl } }) => {
  try {
    globalThis.postMessage(
      await (run === 'suites' ? runPageSuites(workerUrl) : everything(library, fixture, workerUrl)),
    )
  } catch (error) {
    globalThis.postMessage({ failures: [String(error?.stack ?? error)] })
  }
}
