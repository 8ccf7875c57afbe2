/** Child processes that are waited for, and ended when they take too long. */
import { spawn } from 'node:child_process'

const SECONDS = 240

/** Runs a command from the repository's root; gives its standard output, and rejects with its last lines. */
export function run(command, args, seconds = SECONDS, more = {}) {
  return new Promise((resolve, reject) => {
    const cwd = new URL('../..', import.meta.url)
    const env = { ...process.env, ...more }
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    let out = ''
    let all = ''
    let late = false
    child.stdout.on('data', (text) => {
      out += text
      all += text
    })
    child.stderr.on('data', (text) => {
      all += text
    })
    // the whole group: npx does not hand signals on
    const timer = setTimeout(() => {
      late = true
      process.kill(-child.pid, 'SIGKILL')
    }, seconds * 1000)
    child.on('error', reject)
    child.on('close', (code) => {
      clearTimeout(timer)
      if (late) reject(new Error(`not done after ${seconds} s`))
      else if (code === 0) resolve(out)
      else reject(new Error(`exit code ${code}: ${important(all)}`))
    })
  })
}

/** What a command printed from its first failure on, else its last lines. */
function important(text) {
  const lines = text.trim().split('\n')
  const first = lines.findIndex((line) => line.includes('FAIL'))
  return (first < 0 ? lines.slice(-12) : lines.slice(first, first + 20)).join('\n      ')
}

/** A process that serves until `end`; `ready` gives what to wait for of its standard output. */
export function serve(command, args, { env = {}, ready, stdio = ['ignore', 'pipe', 'ignore'] }) {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio })
  const end = () => new Promise((resolve) => (child.exitCode === null ? child.once('exit', resolve).kill() : resolve()))
  const started = new Promise((resolve, reject) => {
    let out = ''
    child.on('error', reject)
    child.on('exit', (code) => reject(new Error(`${command} ended (${code})`)))
    child.stdout.on('data', (text) => {
      out += text
      const found = ready(out)
      if (found) resolve(found)
    })
  })
  return { started, end }
}
