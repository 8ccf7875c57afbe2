/** The pool's workers in Node, Deno and Bun: nothing is left behind, whatever becomes of them. */
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { InverseBarkScale } from '../src/index.ts'
import { gone, made, sleep, threads, watchWorkers } from './made-workers.ts'
import { rejection } from './rejection.ts'
import { nBarks, small, solve, tensor } from './small-problem.ts'

const endless = { ...small, maxIter: 1e9 }
watchWorkers(test)

test('several solves at a time on one pool, and again on the same workers', async () => {
  const inverse = new InverseBarkScale({ ...small, threads: 2 })
  const barks = [tensor(nBarks, 150), tensor(3, nBarks, 70), tensor(nBarks, 129)]
  const alone = barks.map((bark) => inverse.solveSync(bark).spectrogram.data)
  for (let i = 0; i < 3; i++) {
    const all = await Promise.all(barks.map((bark) => inverse.forward(bark)))
    assert.equal(
      all.map(({ data }) => data),
      alone,
    )
  }
  assert.is(made.length, 2)
  inverse.dispose()
})

test('abort ends a solve at once, and the workers go on to the next', async () => {
  const inverse = new InverseBarkScale({ ...endless, threads: 2 })
  for (let i = 0; i < 5; i++) {
    const controller = new AbortController()
    let aborted = 0
    setTimeout(() => {
      aborted = performance.now()
      controller.abort(new Error('enough'))
    }, 10 * i)
    assert.is(await rejection(inverse.solve(tensor(nBarks, 400), { signal: controller.signal })), 'Error: enough')
    assert.ok(performance.now() - aborted < 500)
  }
  assert.is(made.length, 2)
  inverse.dispose()
})

test('a worker that dies rejects the solve, and the next one has a new worker', async () => {
  const inverse = new InverseBarkScale({ ...endless, threads: 2 })
  const bark = tensor(nBarks, 400)
  const failing = rejection(inverse.solve(bark))
  await sleep(150)
  await made.at(-1)!.terminate()
  assert.match(await failing, /^Error: threads: a worker has ended \(/)
  for (let i = 1; i < 50; i++) {
    const solve = rejection(inverse.solve(bark))
    await sleep(i % 20)
    await made.at(-1)!.terminate()
    // killed while it starts, too
    assert.match(await solve, /^Error: threads: a worker has ended/)
  }
  assert.is(made.length, 51)
  inverse.dispose()
  await gone()
})

for (const solver of ['nnls', 'maxent'] as const) {
  test(`${solver}: a worker that dies rejects the solve, and the next one, on a new worker, is right`, async () => {
    const inverse = new InverseBarkScale({ nStft: 513, nBarks: 128, solver, threads: 2 })
    const [bark, part] = [tensor(128, 30_000), tensor(128, 1000)]
    const expected = inverse.solveSync(part).spectrogram.data
    for (let i = 0; i < 4; i++) {
      let killed: Promise<number> | undefined
      const onProgress = ({ iteration }: { iteration: number }) => {
        if (iteration > 0) killed ??= made.at(-1)!.terminate()
      }
      assert.match(
        await rejection(inverse.solve(bark, { onProgress })),
        /^Error: threads: a worker has ended \(exit code/,
      )
      await killed
      assert.equal((await inverse.forward(part)).data, expected)
    }
    assert.is(made.length, 6)
    const disposing = ({ iteration }: { iteration: number }) => iteration > 0 && inverse.dispose()
    assert.match(await rejection(inverse.solve(bark, { onProgress: disposing })), /the pool has been disposed of/)
    await gone()
    assert.equal((await inverse.forward(part)).data, expected)
    inverse.dispose()
    await gone()
  })
}

test("where workers are refused 'auto' computes here and says why; a number is an error", async () => {
  threads.Worker = class {
    constructor() {
      throw new Error('no workers here')
    }
  } as never
  const large = { ...small, nStft: 513, nBarks: 128, maxIter: 500 }
  const bark = tensor(128, 700)
  const { report } = await solve({ ...large, threads: 'auto' }, bark)
  assert.is(report.threads, 1)
  assert.match(report.why!, /no workers here/)
  assert.match(await rejection(solve({ ...large, threads: 2 }, bark)), /no workers here/)
})

test('dispose ends the workers, also in the middle of a solve; the object stays usable', async () => {
  const inverse = new InverseBarkScale({ ...endless, threads: 2 })
  const failing = rejection(inverse.solve(tensor(nBarks, 400)))
  await sleep(150)
  inverse.dispose()
  assert.match(await failing, /^Error: threads: a worker has ended \(the pool has been disposed of\)$/)
  await gone()
  inverse.dispose()
})

test('200 solves with aborts at random leave no worker behind', async () => {
  const inverse = new InverseBarkScale({ ...endless, threads: 2 })
  const bark = tensor(nBarks, 200)
  for (let i = 0; i < 200; i++) {
    const signal = AbortSignal.timeout((i * 7) % 12)
    assert.match(await rejection(inverse.solve(bark, { signal })), /^TimeoutError/)
  }
  assert.is(made.length, 2)
  inverse.dispose()
  await gone()
})

test('idle workers do not keep the process alive', () => {
  const code = `
    import { InverseBarkScale } from '../../dist/index.js'
    const inverse = new InverseBarkScale({ nStft: 67, nBarks: 21, sampleRate: 8000, maxIter: 9, threads: 2 })
    const { report } = await inverse.solve({ data: new Float32Array(21 * 150).fill(1), shape: [21, 150] })
    console.log(report.threads)`
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  const script = `${cwd}tests/out/idle.mjs`
  fs.mkdirSync(`${cwd}tests/out`, { recursive: true })
  fs.writeFileSync(script, code)
  const args = 'Deno' in globalThis ? ['run', '-A', script] : [script]
  const printed = execFileSync(process.execPath, args, { cwd, timeout: 10_000 }).toString()
  assert.is(printed.trim(), '2')
})

test('workers from a URL', async () => {
  const workerUrl = new URL('../dist/worker.js', import.meta.url)
  const { report } = await solve({ ...small, threads: 2, workerUrl })
  assert.is(report.threads, 2)
  const missing = new URL('../dist/no-worker.js', import.meta.url)
  assert.match(
    await rejection(solve({ ...small, threads: 2, workerUrl: missing })),
    /^Error: threads: a worker has ended/,
  )
  assert.throws(() => new InverseBarkScale({ ...small, workerUrl: 3 as never }), /^workerUrl: expected a URL, got 3$/)
})

test.run()
