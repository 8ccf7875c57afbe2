/** Timing of pieces of a process: warm up, repeat, take the median. */

export const median = (times) => times.toSorted((a, b) => a - b)[times.length >> 1]

/** Median milliseconds of `run`, after `warmups` uncounted ones. */
export async function time(run, repeats = 15, warmups = 3) {
  const times = []
  for (let i = 0; i < warmups + repeats; i++) {
    const start = performance.now()
    await run()
    if (i >= warmups) times.push(performance.now() - start)
  }
  return median(times)
}

/** The same for several candidates in turn, so that a machine that slows down slows all of them. */
export async function timeInTurn(runs, repeats = 15, warmups = 3) {
  const times = runs.map(() => [])
  for (let i = 0; i < warmups + repeats; i++) {
    for (const [j, run] of runs.entries()) {
      const start = performance.now()
      await run()
      if (i >= warmups) times[j].push(performance.now() - start)
    }
  }
  return times.map(median)
}

/** Pseudo-random values in [0, 1), the same at every call. */
export function values(length, seed = 1) {
  let state = seed
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  })
}
