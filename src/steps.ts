/**
 * Work in steps. A driver is a generator that yields after each piece of work, handing out what a backend gave it,
 * perhaps a promise, and getting it back settled. Whoever runs it decides what happens between the steps.
 */
import type { Awaitable } from './backend.ts'
import { nextTurn, now, orAbort } from './turn.ts'

export type Steps<T> = Generator<Awaitable<unknown>, T, unknown>

/** How far a solve is. */
export interface Progress {
  /** What is being done, such as `'sgd'`. */
  stage: string
  /** Iterations done, of at most `of`; frames, of all that there are, where the solver is exact. */
  iteration: number
  of: number
  /** Frames that are worked on, batches included. */
  frames: number
  /** The newest loss; null before the first. */
  loss: number | null
  elapsedMs: number
  /** Time left if all `of` iterations are needed; null before there is anything to judge by. */
  leftMs: number | null
}

export type OnProgress = (progress: Progress) => void

/** What a driver tells of itself while it runs. */
export interface Status {
  stage: string
  iteration: number
  of: number
  frames: number
  loss: number | null
}

export interface Watcher {
  signal?: AbortSignal | undefined
  onProgress?: OnProgress | undefined
  status: Status
}

/** Milliseconds of work between two turns of the event loop. */
const TURN_MS = 10
/** Milliseconds between two calls of `onProgress`. */
const PROGRESS_MS = 50

/** Runs all steps at once, on a backend that answers at once. */
export function runSync<T>(steps: Steps<T>, watcher: Watcher): T {
  const tell = teller(watcher)
  try {
    let step = steps.next()
    while (!step.done) {
      tell(false)
      step = steps.next(step.value)
    }
    tell(true)
    return step.value
  } finally {
    steps.return(undefined as T)
  }
}

/**
 * Runs the steps with a turn of the event loop every few milliseconds. Rejects with `signal.reason` on abort, before
 * the next step; the driver's `finally` runs either way.
 */
export async function run<T>(steps: Steps<T>, watcher: Watcher): Promise<T> {
  const tell = teller(watcher)
  const { signal } = watcher
  try {
    let turn = now()
    let step = steps.next()
    while (!step.done) {
      const value = step.value instanceof Promise ? await orAbort(step.value, signal) : step.value
      signal?.throwIfAborted()
      if (now() - turn > TURN_MS) {
        await nextTurn()
        signal?.throwIfAborted()
        turn = now()
      }
      tell(false)
      step = steps.next(value)
    }
    tell(true)
    return step.value
  } finally {
    steps.return(undefined as T)
  }
}

function teller({ onProgress, status }: Watcher): (last: boolean) => void {
  if (!onProgress) return () => {}
  const start = now()
  let told = start
  return (last) => {
    const time = now()
    if (!last && time - told < PROGRESS_MS) return
    told = time
    const elapsedMs = time - start
    const { iteration, of } = status
    const leftMs = last ? 0 : iteration === 0 ? null : (elapsedMs / iteration) * (of - iteration)
    onProgress({ ...status, elapsedMs, leftMs })
  }
}
