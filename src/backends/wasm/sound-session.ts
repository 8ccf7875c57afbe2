import type { StftSpec, WindowSpec } from '../../stft.ts'
import { instantiateSound, type SoundCore } from './core.ts'
import { Memory } from './memory.ts'
import type { Spare } from './spare.ts'
import { placeWindow } from './window.ts'

// the numbers of assembly/stft.ts
export const SCALINGS = ['none', 'window', 'frame_length'] as const

/** Bytes up to which a session is worth keeping for the next call. */
const KEPT = 2 ** 26

export interface FramesSpec {
  nFft: number
  hopLength: number
  window: WindowSpec | Float32Array
}

/** A core that goes from frames to signals for one call at a time, with its memory. */
export class SoundSession {
  readonly core: SoundCore = instantiateSound()
  readonly memory: Memory = new Memory(this.core)
  /** A plan of the transform to spectra that are not scaled, whose transform is shared. */
  readonly stft: number
  readonly #spec: FramesSpec
  readonly #window: number
  readonly #base: number
  readonly #onClose: (session: SoundSession) => void

  constructor(spec: FramesSpec, onClose: (session: SoundSession) => void) {
    const { nFft, window } = spec
    this.#spec = spec
    this.#onClose = onClose
    this.stft = this.memory.reserve(this.core.stftBytes(nFft))
    this.#window = placeWindow(this.core, this.memory, window)
    this.core.stftPlan(this.stft, nFft, this.#window, window.length, 0)
    this.#base = this.memory.top
  }

  /** The window, as it was asked for; a copy. */
  get window(): Float32Array {
    return this.memory.floats.slice(this.#window / 4, this.#window / 4 + this.#spec.window.length)
  }

  /** Gives all memory back that the last call took, and plans the way back for signals of so many frames. */
  planIstft(frames: number, scaling: StftSpec['scaling']): number {
    const { core, memory } = this
    const { nFft, hopLength, window } = this.#spec
    memory.release(this.#base)
    const at = memory.reserve(core.istftBytes(nFft, hopLength, frames))
    const fft = core.stftTransform(this.stft)
    core.istftPlan(at, fft, nFft, hopLength, frames, this.#window, window.length, SCALINGS.indexOf(scaling))
    return at
  }

  close(): void {
    if (this.memory.floats.byteLength <= KEPT) this.#onClose(this)
  }
}

/** What `look` finds in a session that no call has at the moment. */
export function lookInto<T>(sessions: Spare<SoundSession>, look: (session: SoundSession) => T): T {
  const session = sessions.take()
  try {
    return look(session)
  } finally {
    session.close()
  }
}

/** Whether windows reach so many samples from position `from` on, as far as there are frames. */
export function reaches(session: SoundSession, frames: number, from: number, samples: number): boolean {
  return Boolean(session.core.istftReaches(session.planIstft(frames, 'none'), from, from + samples))
}

/** Copies what of `values` belongs to a signal of `samples` samples at index `at`, where its sample `from` is the first. */
export function copyRange(values: Float32Array, from: number, out: Float32Array, at: number, samples: number): void {
  const skipped = Math.max(0, -from)
  const end = Math.min(values.length, samples - from)
  if (end > skipped) out.set(values.subarray(skipped, end), at + from + skipped)
}
