/** What is seen on a terminal: a pseudo-terminal by script(1), which every Linux has. */
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { execute, folder, program, unbark } from './unbark.ts'

const cwd = folder()
test.after(() => fs.rmSync(cwd, { recursive: true }))

/** Without CI, where spinners do not spin. */
const { CI: _, ...env }: NodeJS.ProcessEnv = { ...process.env, TERM: 'xterm-256color' }
const long = [
  '--n-fft',
  '1024',
  '--max-iter',
  '1500000',
  '--tolerance-loss',
  '0',
  '--tolerance-change',
  '0',
  '-o',
  'long.npy',
]

/** Runs a command line on a terminal of its own, and says when what came. */
async function onTerminal(line: string): Promise<{ code: number | null; pieces: { ms: number; text: string }[] }> {
  const log = path.join(cwd, 'typescript')
  const start = performance.now()
  const pieces: { ms: number; text: string }[] = []
  const { spawn } = await import('node:child_process')
  const child = spawn('script', ['-qec', line, log], { cwd, env, stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdout.on('data', (chunk) => pieces.push({ ms: performance.now() - start, text: String(chunk) }))
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, pieces }
}

test('a line that moves, from the start to the end', async () => {
  assert.is(spawnSync('script', ['--version']).status, 0, 'script(1), of util-linux, is needed')
  const { code, pieces } = await onTerminal(
    `${process.execPath} ${program} invert examples/speech.wav ${long.join(' ')}`,
  )
  assert.is(code, 0)
  const text = pieces.map((piece) => piece.text).join('')
  assert.match(text, /iteration \d+ of 1500000, loss [\d.e+-]+, at most [\d.]+ (s|ms) left/)
  assert.match(text, /examples\/speech\.wav -> long\.npy {2}1 x 513 x 103, 1500000 iterations in [\d.]+ s \(max-iter/)
  // promised are 0.2 s to the first sign and never more than 1 s between two; a busy machine gets more
  assert.ok(pieces[0]!.ms < 1000, `first sign after ${pieces[0]!.ms} ms`)
  const gaps = pieces.slice(1).map(({ ms }, i) => ms - pieces[i]!.ms)
  assert.ok(Math.max(...gaps) < 2000, `nothing for ${Math.max(...gaps)} ms`)
  // the line is written over, not under
  assert.ok(text.split('\n').length < 8)
})

test('binary is not written to a terminal', async () => {
  const { code, pieces } = await onTerminal(`${process.execPath} ${program} bark examples/speech.wav -o -`)
  assert.is(code, 2)
  assert.match(
    pieces.map((piece) => piece.text).join(''),
    /standard output is the terminal; pipe it, or give --output a file/,
  )
})

test('plain lines elsewhere: no escapes', async () => {
  const { err } = await unbark(['invert', 'examples/speech.wav', ...long.slice(0, 4), '-o', 'x.npy'], { cwd, env })
  assert.ok(!err.includes('\x1b') && !err.includes('\r'))
  assert.match(err, /^examples\/speech\.wav: reading\nexamples\/speech\.wav -> x\.npy /)
})

test('a pipe that is closed at its other end is no error', async () => {
  const line = `${process.execPath} ${program} bark examples/speech.wav -q -o - | head -c 10 | wc -c`
  const { code, out, err } = await execute('sh', ['-c', line], { cwd, env })
  assert.equal([code, out.toString().trim(), err], [0, '10', ''])
})

test.run()
