/** Tests of what some places lack: there they are skipped, which the runner says aloud. */
import { test } from 'uvu'

type Add = (name: string, act: () => void | Promise<void>) => void

/** An AudioWorklet has neither timers nor AbortSignal. */
export const timed: Add = 'setTimeout' in globalThis ? test : test.skip

/** node:vm, or another module of Node's. */
export const inNode: Add = 'process' in globalThis ? test : test.skip
