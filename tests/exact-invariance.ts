/**
 * What must not change a bit of an exact solver's result: lanes, neighbours, batches, the kind of call, powers of two. And
 * what it may change a little: any other factor.
 */
import type { Test } from 'uvu'
import * as assert from 'uvu/assert'
import type { ExactSolver, Frames, Solve } from './exact-report.ts'
import { distance } from './fixture.ts'
import { bankOf, banks, frame, kinds, mixed, problem, startFor, tensorOf } from './oracle/problems.ts'

/** [rows, frames] with frame i of the result being frame order[i], as [batch, rows, time]. */
function reorder({ data, shape }: Frames, order: number[], batch = 1): Frames {
  const [rows, frames] = shape as [number, number]
  const time = order.length / batch
  const out = new Float32Array(rows * order.length)
  for (const [to, from] of order.entries()) {
    const [item, t] = [Math.floor(to / time), to % time]
    for (let k = 0; k < rows; k++) out[(item * rows + k) * time + t] = data[k * frames + from]!
  }
  return { data: out, shape: [batch, rows, time] }
}

/** The same bits, without the thousands of lines that uvu would show where they are not. */
function assertSame(is: Frames, expected: Frames, what: string): void {
  assert.equal(is.shape, expected.shape, what)
  const off = expected.data.reduce((count, x, i) => count + (Object.is(is.data[i], x) ? 0 : 1), 0)
  assert.ok(is.data.length === expected.data.length && off === 0, `${what}: ${off} of ${expected.data.length} values`)
}

/** Kinds whose values have room for a factor of 2^40 either way. */
const moderate = kinds.filter((kind) => !kind.startsWith('1e') && !kind.includes('1e12'))

/** Adds the suite's tests of one solver. */
export function testInvariance(test: Test, solver: ExactSolver, solve: Solve): void {
  for (const options of [banks[6]!, banks[10]!, banks[7]!]) {
    const bank = bankOf(options)
    const name = `${bank.nBins} bins, ${bank.nBands} bands`

    test(`${solver}, ${name}: no frame's bits depend on its lane, its neighbours, its batch item or the call`, async () => {
      const frames = 155
      const bark = mixed(bank, frames)
      const { spectrogram } = await solve(solver, options, bark)
      // 64 has no factor in common with 155: every frame gets another place
      const order = Array.from({ length: frames }, (_, i) => (i * 64) % frames)
      for (const batch of [1, 5, 31, frames]) {
        const moved = await solve(solver, options, reorder(bark, order, batch))
        assertSame(moved.spectrogram, reorder(spectrogram, order, batch), `${batch} items`)
      }
      const start = startFor(bank, bark)
      const started = await solve(solver, options, bark, { init: start })
      const movedStart = await solve(solver, options, reorder(bark, order, 31), { init: reorder(start, order, 31) })
      assertSame(movedStart.spectrogram, reorder(started.spectrogram, order, 31), 'with a start')
      for (const t of [0, 1, 6, 77, 154]) {
        const alone = await solve(solver, options, reorder(bark, [t]))
        assertSame(alone.spectrogram, { data: frame(spectrogram, t), shape: [1, bank.nBins, 1] }, `frame ${t} alone`)
      }
      assertSame((await solve(solver, options, bark, { isSync: true })).spectrogram, spectrogram, 'solveSync')
    })

    test(`${solver}, ${name}: a factor of a power of two changes no bit`, async () => {
      const bark = mixed(bank, 51, moderate)
      const plain = (await solve(solver, options, bark)).spectrogram.data
      for (const exponent of [-40, -3, 1, 17, 40]) {
        const factor = 2 ** exponent
        const { data } = (await solve(solver, options, times(bark, factor))).spectrogram
        const off = data.filter(
          (x, i) => x !== plain[i]! * factor && x > Math.max(floorOf(plain, i, 51) * factor, 2 ** -125),
        )
        assert.is(off.length, 0, `2^${exponent}: ${off.length} of ${data.length} values differ`)
      }
    })

    test(`${solver}, ${name}: any other factor from 1e-30 to 1e30 changes the result as little`, async () => {
      const bark = mixed(bank, 51, moderate)
      const plain = (await solve(solver, options, bark)).spectrogram
      for (const factor of [1e-30, 1.37e-12, 0.3, 7e11, 1e26]) {
        const { spectrogram } = await solve(solver, options, times(bark, factor))
        for (let t = 0; t < 51; t++) {
          const scaled = Array.from(frame(spectrogram, t), (x) => x / factor)
          const off = distance(scaled, frame(plain, t))
          assert.ok(off <= 1e-3, `${moderate[t % moderate.length]}, seed ${500 + t}, times ${factor}: ${off}`)
        }
      }
    })
  }

  test(`${solver}: nor do those of a frame that takes as many passes as there are`, async () => {
    const options = { nStft: 67, nBarks: 21, sampleRate: 8000 }
    const bank = bankOf(options)
    const hard = { options, bank, problems: [problem('nearly reachable', bank, 1068051)] }
    const many = { ...hard, problems: kinds.map((kind, i) => problem(kind, bank, 700 + i)) }
    many.problems[3] = hard.problems[0]!
    const alone = await solve(solver, options, tensorOf(hard))
    const { spectrogram } = await solve(solver, options, tensorOf(many))
    assertSame(alone.spectrogram, { data: frame(spectrogram, 3), shape: [bank.nBins, 1] }, 'alone')
  })

  test(`${solver}: silence gives exactly zero, whatever sounds beside it`, async () => {
    for (const options of banks.slice(0, 8)) {
      const bank = bankOf(options)
      const bark = mixed(bank, 19)
      for (let k = 0; k < bank.nBands; k++) bark.data.fill(0, 19 * k + 5, 19 * k + 8)
      const { spectrogram } = await solve(solver, options, bark)
      for (const t of [5, 6, 7])
        assert.ok(
          frame(spectrogram, t).every((x) => Object.is(x, 0)),
          `frame ${t}`,
        )
      const all = await solve(solver, options, { data: new Float32Array(bark.data.length), shape: bark.shape })
      assert.ok(all.spectrogram.data.every((x) => Object.is(x, 0)))
      assert.is(all.stopReason, 'optimal')
      assert.is(all.loss, 0)
    }
  })

  test(`${solver}: no frames, one frame, every count up to 9; the input stays as it was`, async () => {
    const options = banks[6]!
    const bank = bankOf(options)
    const whole = mixed(bank, 9)
    const { spectrogram } = await solve(solver, options, whole)
    for (let frames = 0; frames <= 9; frames++) {
      const bark = reorder(
        whole,
        Array.from({ length: frames }, (_, t) => t),
      )
      const before = bark.data.slice()
      const part = await solve(solver, options, bark)
      assert.equal(part.spectrogram.shape, [1, bank.nBins, frames])
      for (let t = 0; t < frames; t++) {
        const alone = frame({ data: part.spectrogram.data, shape: [bank.nBins, frames] }, t)
        assertSame({ data: alone, shape: [] }, { data: frame(spectrogram, t), shape: [] }, `frame ${t} of ${frames}`)
      }
      assert.equal(bark.data, before)
    }
    const none = await solve(solver, options, { data: new Float32Array(0), shape: [3, bank.nBands, 0] })
    assert.equal(none.spectrogram.shape, [3, bank.nBins, 0])
    assert.is(none.stopReason, 'optimal')
  })
}

const times = ({ data, shape }: Frames, factor: number): Frames => ({ data: data.map((x) => x * factor), shape })

/** Below this a value is at the floor of the core's exp2, 2^-126 of its frame's peak or less. */
function floorOf(data: Float32Array, i: number, frames: number): number {
  let peak = 0
  for (let at = i % frames; at < data.length; at += frames) peak = Math.max(peak, data[at]!)
  return peak * 2 ** -100
}
