/** Runs suites in Node processes of their own, several side by side; one that dies, or never ends, fails. */
import { spawn } from 'node:child_process'
import type { Count } from './runner.ts'

/** The suites of one process. */
export type Job = string[]

export interface Way {
  /** Node's arguments for a job; that process sends its count to this one. */
  command: (job: Job) => string[]
  /** How many jobs run side by side. */
  lanes: number
  /** How long a job may take, in milliseconds. */
  limit: number
}

/** Runs the jobs, each whenever a lane is free, and prints what they print, whole, in the order in which they end. */
export async function runApart(jobs: Job[], way: Way): Promise<Count> {
  const sum: Count = { passed: 0, failed: 0, skipped: 0 }
  const left = [...jobs]
  const lane = async (): Promise<void> => {
    for (let job = left.shift(); job !== undefined; job = left.shift()) {
      const { count, text } = await runJob(job, way)
      sum.passed += count.passed
      sum.failed += count.failed
      sum.skipped += count.skipped
      process.stdout.write(text)
    }
  }
  await Promise.all(Array.from({ length: way.lanes }, lane))
  return sum
}

function runJob(job: Job, { command, limit }: Way): Promise<{ count: Count; text: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, command(job), { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
    let text = ''
    let count: Count = { passed: 0, failed: 0, skipped: 0 }
    let hasCount = false
    let isLate = false
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding('utf8').on('data', (more) => {
        text += more
      })
    }
    child.on('message', (sent) => {
      count = sent as Count
      hasCount = true
    })
    const timer = setTimeout(() => {
      isLate = true
      child.kill('SIGKILL')
      // what it has started may hold them open
      child.stdout!.destroy()
      child.stderr!.destroy()
    }, limit)
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      if (isLate || !hasCount || code !== (count.failed > 0 ? 1 : 0)) {
        const end = isLate ? `not done after ${limit / 1000} s` : `ended by ${signal ?? `exit code ${code}`}`
        text += `FAIL ${job.join(', ')}: ${end}, ${hasCount ? 'after' : 'without'} a count\n`
        count.failed++
      }
      resolve({ count, text })
    })
  })
}
