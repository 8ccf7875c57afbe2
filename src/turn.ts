/** Time, turns of the event loop and waiting, in every place that has any. */

type Host = {
  performance?: { now(): number }
  setImmediate?: (f: () => void) => unknown
  MessageChannel?: typeof MessageChannel
  setTimeout?: (f: () => void, ms: number) => unknown
  document?: unknown
}

const host = globalThis as unknown as Host

/** Milliseconds since some moment. An AudioWorklet has no `performance`. */
export function now(): number {
  return host.performance ? host.performance.now() : Date.now()
}

/** Milliseconds between two turns that are a timer's. */
const TIMER_MS = 50
let timed = Number.NEGATIVE_INFINITY

let channel: MessageChannel | undefined
const waiting: (() => void)[] = []

/**
 * Resolves after the event loop has had a turn: timers, input and aborts get theirs.
 * A message, not a timer: browsers make nested timers wait 4 ms, and those of hidden pages a second.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (host.setImmediate) host.setImmediate(resolve)
    else if (host.MessageChannel && !isTimerDue()) post(host.MessageChannel, resolve)
    else if (host.setTimeout) host.setTimeout(resolve, 0)
    else resolve()
  })
}

/**
 * Whether a turn is to be a timer's. In workers one is, now and then: WebKit's look for timers when there is no message
 * left, and in one run of some hundred no timer came before a message for as long as frames were computed.
 */
function isTimerDue(): boolean {
  if (!host.setTimeout || host.document || now() - timed < TIMER_MS) return false
  timed = now()
  return true
}

function post(Channel: typeof MessageChannel, resolve: () => void): void {
  if (!channel) {
    channel = new Channel()
    channel.port1.onmessage = () => waiting.shift()?.()
  }
  waiting.push(resolve)
  channel.port2.postMessage(null)
}

/** Waits for a promise, but no longer than until `signal` aborts: then it rejects with the signal's reason. */
export function orAbort<T>(promise: PromiseLike<T>, signal: AbortSignal | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal!.reason)
    signal?.addEventListener('abort', abort, { once: true })
    Promise.resolve(promise)
      .then(resolve, reject)
      .finally(() => signal?.removeEventListener('abort', abort))
  })
}

/** Waits for a promise, but no longer than `ms`: then it gives undefined. Only where there are timers. */
export function orLater<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(undefined), ms)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
