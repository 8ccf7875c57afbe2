/** Turns of the event loop where messages come before timers, as they may in a worker of WebKit. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { nextTurn } from '../src/turn.ts'
import { countTurns } from './turns.ts'

/** A channel whose messages come before any timer. */
class PromptChannel {
  port1 = { onmessage() {} }
  port2 = { postMessage: () => queueMicrotask(() => this.port1.onmessage()) }
}

const WORKER = { setImmediate: undefined, MessageChannel: PromptChannel, document: undefined }

/** Runs `act` where globals have other values. */
async function within<T>(globals: object, act: () => Promise<T>): Promise<T> {
  const had = Object.keys(globals).map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const)
  for (const [name, value] of Object.entries(globals))
    Object.defineProperty(globalThis, name, { value, configurable: true })
  try {
    return await act()
  } finally {
    for (const [name, property] of had) {
      if (property) Object.defineProperty(globalThis, name, property)
      else Reflect.deleteProperty(globalThis, name)
    }
  }
}

/** Has turns for 200 ms; how many of them timers had too. */
async function timersBesides(): Promise<number> {
  const end = performance.now() + 200
  const { turns } = await countTurns(async () => {
    while (performance.now() < end) await nextTurn()
  })
  return turns
}

test('a worker has its timers, whatever comes before them', async () => {
  const timers = await within(WORKER, timersBesides)
  assert.ok(timers >= 2, `${timers} timers`)
})

test('a page does not wait for timers: where it is hidden, they come once a second', async () => {
  assert.is(await within({ ...WORKER, document: {} }, timersBesides), 0)
})

test.run()
