import type { WindowSpec } from '../../stft.ts'
import type { SoundCore } from './core.ts'
import type { Memory } from './memory.ts'

// the numbers of assembly/window.ts
const WINDOWS = ['hann', 'hamming', 'blackman', 'bartlett', 'kaiser', 'ones'] as const

/** Reserves room for a window and writes it there. */
export function placeWindow(
  core: Pick<SoundCore, 'window'>,
  memory: Memory,
  window: WindowSpec | Float32Array,
): number {
  const at = memory.reserve(4 * window.length)
  if (window instanceof Float32Array) {
    memory.floats.set(window, at / 4)
  } else {
    const { name, length, periodic, alpha, beta } = window
    core.window(at, WINDOWS.indexOf(name), length, periodic, alpha, beta)
  }
  return at
}
