/** Runs a bundle of suites where nothing prints: `{ told, failed, said }`. */
export async function runHere({ runSuites, suites, tell }) {
  const said = []
  const { log, error } = globalThis.console
  // before uvu loads, which keeps the function that it finds
  globalThis.console.log = globalThis.console.error = (...words) => said.push(words.join(' '))
  try {
    const count = await runSuites(suites)
    const worthwhile = count.failed > 0 ? /FAIL/ : /^SKIPPED/
    return { told: tell(count), failed: count.failed, said: said.map(plain).filter((line) => worthwhile.test(line)) }
  } finally {
    Object.assign(globalThis.console, { log, error })
  }
}

/** Without the colours of a terminal. */
function plain(line) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
  return line.replace(/\u001b\[\d+m/g, '').trim()
}

/** The same where there is an `import()`. */
export async function runPageSuites(workerUrl, gpuBackend) {
  globalThis.testSettings = { workerUrl, gpuBackend }
  return runHere(await import(gpuBackend ? '../out/suites/gpu-page.js' : '../out/suites/page.js'))
}
