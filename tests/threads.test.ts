/** Threads: the same bits for every number of them, in every place that has workers. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { InverseBarkScale } from '../src/index.ts'
import { workerUrl } from './place.ts'
import { rejection } from './rejection.ts'
import { testConformance } from './sgd-conformance.ts'
import { nBarks, nStft, small, solve, tensor } from './small-problem.ts'

for (const [way, sgdargs] of [
  ['momentum', undefined],
  ['nesterov', { lr: 0.05, momentum: 0.8, nesterov: true }],
  ['weight decay', { lr: 0.05, momentum: 0.8, weightDecay: 0.1, dampening: 0.2 }],
] as const) {
  test(`${way}: the same bits and losses for every number of threads, batches that are cut included`, async () => {
    for (const shape of [
      [2, nBarks, 150],
      [300, nBarks, 1],
      [nBarks, 129],
    ]) {
      const bark = tensor(...shape)
      const init = tensor(...shape.slice(0, -2), nStft, shape.at(-1)!)
      const options = { ...small, sgdargs, history: true }
      const one = await solve({ ...options, threads: 1 }, bark)
      for (const count of [2, 3, 4]) {
        const more = await solve({ ...options, threads: count }, bark)
        assert.is(more.report.threads, Math.min(count, Math.ceil(bark.data.length / nBarks / 32)))
        assert.equal(more.spectrogram.data, one.spectrogram.data, `${count} threads`)
        assert.equal(more.report.history, one.report.history)
      }
      const inverse = new InverseBarkScale({ ...options, threads: 2 })
      const started = (await inverse.solve(bark, { init })).spectrogram.data
      assert.equal(started, inverse.solveSync(bark, { init }).spectrogram.data)
      inverse.dispose()
    }
  })
}

testConformance(test, { threads: 2, workerUrl })

test('a result that travels in many pieces, with and without a checkpoint', async () => {
  for (const toleranceChange of [0, 1e-30]) {
    for (const shape of [
      [nBarks, 20_011],
      [3, nBarks, 5_003],
    ]) {
      const options = { ...small, maxIter: 3, toleranceChange }
      const one = await solve({ ...options, threads: 1 }, tensor(...shape))
      const two = await solve({ ...options, threads: 2 }, tensor(...shape))
      assert.equal(two.spectrogram.data, one.spectrogram.data)
      assert.is(two.report.loss, one.report.loss)
    }
  }
})

test('progress is told in the middle of a stretch that takes long', async () => {
  const inverse = new InverseBarkScale({ ...small, maxIter: 256, threads: 2 })
  const seen: number[] = []
  await inverse.solve(tensor(nBarks, 60_000), { onProgress: ({ iteration }) => seen.push(iteration) })
  inverse.dispose()
  assert.ok(seen.length > 1 && seen[0] === 0 && seen.at(-1) === 256, `${seen}`)
})

test('a stop in the middle of a stretch is replayed by every worker', async () => {
  const bark = tensor(nBarks, 200)
  const { report } = await solve({ ...small, maxIter: 400, threads: 1, history: true }, bark)
  for (const at of [1, 15, 100, 333]) {
    const options = { ...small, maxIter: 400, toleranceLoss: report.history![at - 1]!.loss * (1 + 1e-6) }
    const [one, two] = [await solve({ ...options, threads: 1 }, bark), await solve({ ...options, threads: 2 }, bark)]
    assert.equal([two.report.iterations, two.report.loss], [one.report.iterations, one.report.loss])
    assert.equal(two.spectrogram.data, one.spectrogram.data)
  }
})

test("'auto' takes one thread for little work and says so", async () => {
  const { report } = await solve({ ...small, threads: 'auto' })
  assert.equal([report.threads, report.why], [1, undefined])
})

test('divergence is reported as on one thread', async () => {
  const options = { ...small, maxIter: 1e9, sgdargs: { lr: 1e6, momentum: 0.9, maximize: true } }
  const [one, two] = [
    await rejection(solve({ ...options, threads: 1 })),
    await rejection(solve({ ...options, threads: 2 })),
  ]
  assert.match(one, /diverged/)
  assert.is(two, one)
})

test('threads outside their domain', () => {
  const refused = (threads: unknown, message: RegExp) =>
    assert.throws(() => new InverseBarkScale({ ...small, threads: threads as never }), message)
  refused(0, /^threads: expected an integer from 1 to 256, got 0$/)
  refused(1.5, /^threads: /)
  refused('many', /^threads: expected "auto" or a number, got "many"$/)
  refused(true, /^threads: expected an integer from 1 to 256, got true$/)
})

test.run()
