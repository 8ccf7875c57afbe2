/** Candidates in turn, each round in the other order, and what a round says beside the median. */
import { setTimeout as wait } from 'node:timers/promises'

/** OpenMP's threads look for work for some milliseconds after a loop: not into another candidate's time. */
const SETTLE_MS = 10

const at = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]

/** Median and quartiles. */
export function summary(values) {
  const sorted = values.toSorted((a, b) => a - b)
  return { value: at(sorted, 0.5), low: at(sorted, 0.25), high: at(sorted, 0.75), count: sorted.length }
}

/**
 * @param candidates { name: async () => a time }
 * @returns { name: times, in the order of rounds }
 */
export async function timesInTurn(candidates, repeats, warmups = 1) {
  const entries = Object.entries(candidates)
  const times = Object.fromEntries(entries.map(([name]) => [name, []]))
  for (let i = 0; i < warmups + repeats; i++) {
    for (const [name, run] of i % 2 === 0 ? entries : entries.toReversed()) {
      const ms = await run()
      if (i >= warmups) times[name].push(ms)
      await wait(SETTLE_MS)
    }
  }
  return times
}

export async function inTurn(candidates, repeats, warmups) {
  const times = await timesInTurn(candidates, repeats, warmups)
  return Object.fromEntries(Object.entries(times).map(([name, list]) => [name, summary(list)]))
}

/** How far medians of the same thing come apart: the larger over the smaller, less 1. */
export async function noiseOf(run, repeats) {
  const { first, second } = await inTurn({ first: run, second: run }, repeats)
  return Math.max(first.value, second.value) / Math.min(first.value, second.value) - 1
}
