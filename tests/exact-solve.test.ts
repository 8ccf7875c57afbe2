/** The exact solvers as calls: progress, abort, threads, a start, what is taken and what is refused. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { InverseBarkScale, type InverseBarkScaleOptions } from '../src/index.ts'
import type { ExactSolver } from './exact-report.ts'
import { timed } from './needs.ts'
import { workerUrl } from './place.ts'
import { rejection } from './rejection.ts'
import { nBarks, nStft, small, solve, tensor } from './small-problem.ts'

/** More than 200 ms of work, for what happens in the middle. */
const large = { nStft: 513, nBarks: 128, workerUrl }
const many = 12_000
/** Frames for which another worker is taken, with so few bins. */
const BLOCK = 256

type Refused = Record<string, unknown>

for (const solver of ['nnls', 'maxent'] satisfies ExactSolver[]) {
  const options: InverseBarkScaleOptions = { ...small, solver }

  timed(`${solver}: the same bits for every number of threads, with and without a start`, async () => {
    for (const shape of [
      [nBarks, 1501],
      [3, nBarks, 517],
      [700, nBarks, 1],
      [2, 2, nBarks, 65],
      [nBarks, BLOCK],
    ]) {
      const bark = tensor(...shape)
      const frames = bark.data.length / nBarks
      for (const init of [undefined, tensor(...shape.slice(0, -2), nStft, shape.at(-1)!)]) {
        const alone = new InverseBarkScale(options).solveSync(bark, { init, perFrame: true })
        for (const threads of [1, 2, 3]) {
          const inverse = new InverseBarkScale({ ...options, threads })
          const { spectrogram, report } = await inverse.solve(bark, { init, perFrame: true })
          inverse.dispose()
          assert.is(report.threads, Math.min(threads, Math.ceil(frames / BLOCK)))
          assert.equal(spectrogram, alone.spectrogram, `${threads} threads`)
          const { elapsedMs: _, ...told } = alone.report
          assert.equal({ ...report, elapsedMs: 0 }, { ...told, threads: report.threads, elapsedMs: 0 })
        }
      }
    }
  })

  timed(`${solver}: progress counts frames, never back, and ends at all of them`, async () => {
    const bark = tensor(128, many)
    for (const threads of [1, 2]) {
      const inverse = new InverseBarkScale({ ...large, solver, threads })
      const seen: number[] = []
      const { report } = await inverse.solve(bark, {
        onProgress({ stage, iteration, of, frames, loss, leftMs }) {
          assert.equal([stage, of, frames], [solver, many, many])
          assert.is(loss === null, iteration === 0)
          assert.is(leftMs === 0, iteration === many)
          seen.push(iteration)
        },
      })
      inverse.dispose()
      assert.ok(seen.length > 1, `${seen}`)
      assert.ok(
        seen.every((n, i) => i === 0 || n >= seen[i - 1]!),
        `${seen}`,
      )
      assert.is(seen.at(-1), many)
      assert.ok(seen.every((n) => n === many || n % 256 === 0))
      assert.ok(report.loss! > 0 && report.elapsedMs > 0)
    }
  })

  timed(
    `${solver}: an abort before, in the middle and late rejects with the signal's reason; the next solve is right`,
    async () => {
      const [bark, part] = [tensor(128, many), tensor(128, 700)]
      const expected = new InverseBarkScale({ ...large, solver }).solveSync(part).spectrogram.data
      for (const threads of [1, 2]) {
        const inverse = new InverseBarkScale({ ...large, solver, threads })
        const reason = new RangeError('enough')
        const before = { signal: AbortSignal.abort(reason) }
        assert.is(await inverse.solve(part, before).catch((error) => error), reason)
        const controller = new AbortController()
        let reached = -1
        const outcome = await inverse
          .solve(bark, {
            signal: controller.signal,
            onProgress({ iteration }) {
              reached = iteration
              if (iteration > 0) controller.abort(reason)
            },
          })
          .catch((error) => error)
        assert.is(outcome, reason)
        assert.ok(reached > 0 && reached < many, `aborted at ${reached}`)
        assert.equal(
          await rejection(inverse.solve(bark, { signal: AbortSignal.timeout(5) })).then(firstWord),
          'TimeoutError',
        )
        // while the workers may still be at blocks of what has been aborted
        assert.equal((await inverse.forward(part)).data, expected)
        inverse.dispose()
      }
    },
  )

  test(`${solver}: float64 and integers count as the float32 that they round to`, () => {
    const inverse = new InverseBarkScale(options)
    const exact = Float64Array.from({ length: nBarks * 9 }, (_, i) => 1.1 + Math.sin(i * i))
    const shape = [nBarks, 9]
    const rounded = inverse.solveSync({ data: Float32Array.from(exact), shape }).spectrogram.data
    assert.equal(inverse.solveSync({ data: exact, shape }).spectrogram.data, rounded)
    const whole = Int16Array.from(exact, (x) => 100 * x)
    const floats = inverse.solveSync({ data: Float32Array.from(whole), shape }).spectrogram.data
    assert.equal(inverse.solveSync({ data: whole, shape }).spectrogram.data, floats)
  })

  test(`${solver}: leading dimensions, and none of them`, () => {
    const inverse = new InverseBarkScale(options)
    const flat = inverse.solveSync(tensor(6, nBarks, 11)).spectrogram
    const deep = inverse.solveSync({ data: tensor(6, nBarks, 11).data, shape: [3, 1, 2, nBarks, 11] }).spectrogram
    assert.equal(deep.shape, [3, 1, 2, nStft, 11])
    assert.equal(deep.data, flat.data)
  })

  test(`${solver}: no frames`, async () => {
    for (const shape of [
      [nBarks, 0],
      [0, nBarks, 4],
      [2, nBarks, 0],
    ]) {
      const { spectrogram, report } = await solve(options, { data: new Float32Array(0), shape })
      assert.equal(spectrogram, { data: new Float32Array(0), shape: [...shape.slice(0, -2), nStft, shape.at(-1)!] })
      const { stopReason, iterations, loss, optimality, bandError } = report
      assert.equal([stopReason, iterations, loss, optimality, bandError], ['optimal', 0, null, 0, 0])
    }
  })

  test(`${solver}: NaN, infinite values and what is no start are refused by name`, () => {
    const inverse = new InverseBarkScale(options)
    const with_ = (at: number, value: number, { data, shape } = tensor(nBarks, 9)) => {
      data[at] = value
      return { data, shape }
    }
    assert.throws(() => inverse.solveSync(with_(9 * 3 + 4, Number.NaN)), /^bark.*NaN/)
    assert.throws(() => inverse.solveSync(with_(0, Number.POSITIVE_INFINITY)), /^bark.*Infinity/)
    const start = (init: unknown) => () => inverse.solveSync(tensor(nBarks, 9), { init: init as never })
    assert.throws(start(with_(5, Number.NaN, tensor(nStft, 9))), /^init.*NaN/)
    assert.throws(start(with_(5, -1, tensor(nStft, 9))), /^init: expected values >= 0, got -1$/)
    assert.throws(start(tensor(nStft, 8)), /^init\.shape: expected \[67, 9\], got \[67, 8\]$/)
  })

  test(`${solver}: options of another solver are checked, and change nothing`, () => {
    const refused = (more: Refused, message: RegExp) =>
      assert.throws(() => new InverseBarkScale({ ...options, ...more }), message)
    refused({ maxIter: -1 }, /^maxIter: /)
    refused({ sgdargs: { lr: -1 } }, /lr/)
    refused({ stepping: 'fast' }, /^stepping: expected "auto" or "plain", got "fast"$/)
    refused({ solver: 'lbfgs' }, /^solver: expected "sgd" or "nnls" or "maxent", got "lbfgs"$/)
    const bark = tensor(nBarks, 9)
    const call = (more: Refused) => new InverseBarkScale(options).solveSync(bark, more)
    assert.throws(() => call({ perFrame: 1 }), /^perFrame: expected true or false, got 1$/)
    const { spectrogram, report } = call({})
    const other = new InverseBarkScale({ ...options, maxIter: 1, toleranceLoss: 1e9, sgdargs: { lr: 9 }, seed: 5 })
    const same = other.solveSync(bark, { seed: 3, history: true })
    assert.equal(same.spectrogram, spectrogram)
    assert.not.ok('history' in same.report || 'stepping' in same.report || 'frames' in report)
  })

  test(`${solver}: into 'out', which may be the start or hold the bands; the report is one object`, () => {
    const inverse = new InverseBarkScale(options)
    const [bark, init] = [tensor(nBarks, 300), tensor(nStft, 300)]
    const plain = inverse.solveSync(bark, { perFrame: true })
    const started = inverse.solveSync(bark, { init }).spectrogram.data
    const out = { data: new Float32Array(nStft * 300), shape: [nStft, 300] }
    const first = inverse.solveSync(bark, { out, perFrame: true })
    assert.is(first.spectrogram, out)
    assert.equal(out.data, plain.spectrogram.data)
    assert.equal(first.report.frames, plain.report.frames)
    const second = inverse.solveSync(bark, { out })
    assert.is(second.report, first.report)
    assert.not.ok('frames' in second.report)
    inverse.solveSync(bark, { init, out: init })
    assert.equal(init.data, started)
    const shared = new Float32Array(nStft * 300)
    shared.set(bark.data)
    inverse.solveSync(
      { data: shared.subarray(0, nBarks * 300), shape: bark.shape },
      { out: { data: shared, shape: out.shape } },
    )
    assert.equal(shared, plain.spectrogram.data)
  })
}

const firstWord = (text: string): string => text.split(':')[0]!

test.run()
