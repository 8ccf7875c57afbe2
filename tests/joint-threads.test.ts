/** From bands to sound on several threads: the same bits, and nothing left behind whatever becomes of the workers. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { InverseBarkSpectrogram } from '../src/index.ts'
import { gone, made, sleep, threads, watchWorkers } from './made-workers.ts'
import { rejection } from './rejection.ts'

const small = { nFft: 32, hopLength: 8, nBarks: 6, sampleRate: 8000, iterations: 20, onWarning() {} }
const bands = (...shape: number[]) => ({
  data: Float32Array.from({ length: shape.reduce((n, m) => n * m, 1) }, (_, i) => 1 + Math.sin(i * i) + (i % 7)),
  shape,
})

watchWorkers(test)

test('the same bits and report for every number of threads', async () => {
  const cases: [options: object, shape: number[]][] = [
    // more parts than workers: no part has more than 4 096 frames
    [{}, [6, 9000]],
    [{ pitch: false, phase: 'random' }, [6, 1333]],
    [{ hopLength: 16, power: 0.7, padMode: 'constant', pad: 5 }, [6, 1501]],
    // alternating directions
    [{ nFft: 256, hopLength: 64, nBarks: 64, iterations: 8 }, [64, 600]],
    [{ center: false, phase: 'zero', windowFn: 'hamming' }, [6, 700]],
    [{ method: 'griffin-lim', solver: 'nnls' }, [6, 600]],
    // whole signals, and fewer of them than workers
    [{}, [5, 6, 150]],
    [{}, [2, 6, 700]],
  ]
  for (const [options, shape] of cases) {
    const bark = bands(...shape)
    const one = await new InverseBarkSpectrogram({ ...small, ...options, threads: 1 }).solve(bark)
    for (const count of [2, 3]) {
      const inverse = new InverseBarkSpectrogram({ ...small, ...options, threads: count })
      const more = await inverse.solve(bark)
      inverse.dispose()
      assert.is(more.report.threads, count)
      assert.equal(more.waveform.data, one.waveform.data, `${JSON.stringify(options)}, ${count} threads`)
      assert.is(more.report.bandConvergence, one.report.bandConvergence)
    }
  }
  await gone()
})

test('a signal is not given more threads than it is worth, and a small one by itself one', async () => {
  const few = new InverseBarkSpectrogram({ ...small, threads: 8 })
  assert.is((await few.solve(bands(6, 200))).report.threads, 2)
  few.dispose()
  const auto = new InverseBarkSpectrogram(small)
  const { report } = await auto.solve(bands(6, 200))
  assert.equal([report.threads, report.why], [1, undefined])
})

test('several calls at a time on the same workers, and progress that goes up', async () => {
  const inverse = new InverseBarkSpectrogram({ ...small, threads: 2 })
  const barks = [bands(6, 900), bands(3, 6, 300), bands(6, 500)]
  const alone = await Promise.all(barks.map((bark) => new InverseBarkSpectrogram(small).forward(bark)))
  const told: number[] = []
  const onProgress = ({ iteration }: { iteration: number }) => told.push(iteration)
  const all = await Promise.all(barks.map((bark, i) => inverse.forward(bark, i === 0 ? { onProgress } : {})))
  assert.equal(
    all.map(({ data }) => data),
    alone.map(({ data }) => data),
  )
  assert.ok(told.every((iteration, i) => i === 0 || iteration >= told[i - 1]!))
  assert.is(told.at(-1), small.iterations)
  assert.is(made.length, 2)
  inverse.dispose()
  await gone()
})

test('an abort ends a call at once, and the workers go on to the next', async () => {
  const inverse = new InverseBarkSpectrogram({ ...small, iterations: 20_000, threads: 2 })
  for (let i = 0; i < 4; i++) {
    const controller = new AbortController()
    let aborted = 0
    setTimeout(() => {
      aborted = performance.now()
      controller.abort(new Error('enough'))
    }, 40 * i)
    const shape = i % 2 === 0 ? [6, 2000] : [4, 6, 500]
    assert.is(await rejection(inverse.solve(bands(...shape), { signal: controller.signal })), 'Error: enough')
    assert.ok(performance.now() - aborted < 500)
  }
  assert.is(made.length, 2)
  inverse.dispose()
  await gone()
})

test('a worker that dies rejects the call, and the next one, on a new worker, is right', async () => {
  const long = new InverseBarkSpectrogram({ ...small, iterations: 2000, threads: 2 })
  for (const shape of [
    [6, 40_000],
    [4, 6, 10_000],
  ]) {
    const failing = rejection(long.solve(bands(...shape)))
    await sleep(250)
    await made.at(-1)!.terminate()
    assert.match(await failing, /^Error: threads: a worker has ended \(exit code/)
  }
  const short = bands(6, 500)
  const once = new InverseBarkSpectrogram({ ...small, iterations: 2000, threads: 1 })
  assert.equal((await long.forward(short)).data, (await once.forward(short)).data)
  const failing = rejection(long.solve(bands(6, 40_000)))
  await sleep(150)
  long.dispose()
  assert.match(await failing, /the pool has been disposed of/)
  await gone()
})

test("where workers are refused 'auto' computes here and says why; a number is an error", async () => {
  threads.Worker = class {
    constructor() {
      throw new Error('no workers here')
    }
  } as never
  const large = { ...small, nFft: 256, hopLength: 64, nBarks: 24, iterations: 200 }
  const bark = bands(24, 1200)
  const { report } = await new InverseBarkSpectrogram({ ...large, threads: 'auto' }).solve(bark)
  assert.is(report.threads, 1)
  assert.match(report.why!, /no workers here/)
  assert.match(await rejection(new InverseBarkSpectrogram({ ...large, threads: 2 }).solve(bark)), /no workers here/)
})

test.run()
