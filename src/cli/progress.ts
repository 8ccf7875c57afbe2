/** What is seen while it runs: one line on a terminal, now and then a plain line elsewhere. All on standard error. */
import process from 'node:process'
import type { Progress } from '../index.ts'

/** Milliseconds between two plain lines. */
const PLAIN_MS = 5000

export interface ProgressLine {
  /** Says what is done now. */
  say(text: string): void
  /** Says something that stays. */
  keep(text: string): void
  /** Takes the line away. */
  end(): void
}

export async function openProgress(quiet: boolean): Promise<ProgressLine> {
  if (quiet) return { say() {}, keep() {}, end() {} }
  const { stderr } = process
  return stderr.isTTY && process.env['TERM'] !== 'dumb' ? spinning() : plain()
}

async function spinning(): Promise<ProgressLine> {
  const { default: yoctoSpinner } = await import('yocto-spinner')
  const spinner = yoctoSpinner({ stream: process.stderr, handleSignals: false })
  return {
    say(text) {
      spinner.text = text.slice(0, Math.max(20, (process.stderr.columns || 80) - 4))
      if (!spinner.isSpinning) spinner.start()
    },
    keep(text) {
      spinner.stop()
      process.stderr.write(`${text}\n`)
    },
    end: () => void spinner.stop(),
  }
}

function plain(): ProgressLine {
  let told = Number.NEGATIVE_INFINITY
  return {
    say(text) {
      if (performance.now() - told < PLAIN_MS) return
      told = performance.now()
      process.stderr.write(`${text}\n`)
    },
    keep: (text) => void process.stderr.write(`${text}\n`),
    end() {},
  }
}

/** `iteration 1200 of 100000, loss 0.0123, at most 12 s left`; of an exact solver `frame 1200 of 112500, 2.1 s left` */
export function describe({ stage, iteration, of, loss, leftMs }: Progress): string {
  if (stage === 'nnls' || stage === 'maxent') {
    return `frame ${iteration} of ${of}${leftMs === null || leftMs === 0 ? '' : `, ${duration(leftMs)} left`}`
  }
  const lossText = loss === null ? '' : `, loss ${loss.toPrecision(3)}`
  const left = leftMs === null || leftMs === 0 ? '' : `, at most ${duration(leftMs)} left`
  return `iteration ${iteration} of ${of}${lossText}${left}`
}

export function duration(ms: number): string {
  if (ms < 9.95) return `${ms.toFixed(1)} ms`
  if (ms < 995) return `${Math.round(ms)} ms`
  const seconds = ms / 1000
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  if (seconds < 120) return `${Math.round(seconds)} s`
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
}
