/** The choice between CPU and GPU, and what becomes of a GPU that fails: on stand-ins, so that it needs none. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Advance, FilterbankSpec, Problem, Run, Session, State } from '../src/backend.ts'
import type { Adapter, Found } from '../src/backends/adapters.ts'
import { AutoBackend, newCpu } from '../src/backends/auto.ts'
import { FallbackSession } from '../src/backends/fallback-session.ts'
import { GpuChoice, type Scout } from '../src/backends/gpus.ts'
import { measurePace, predict } from '../src/backends/pace.ts'
import { WasmBackend } from '../src/backends/wasm/backend.ts'
import { BarkScale, InverseBarkScale } from '../src/index.ts'
import { driveSgd } from '../src/sgd-driver.ts'
import { run } from '../src/steps.ts'
import { rejection } from './rejection.ts'
import { nBarks, nStft, small, spec, tensor } from './small-problem.ts'

const sgd = { lr: 0.1, momentum: 0.9, dampening: 0, weightDecay: 0, nesterov: false, maximize: false }
const cpu = new WasmBackend(spec, { threads: 1, workerUrl: undefined })
const sync = { maxIter: 1, isSync: true }

function newProblem(time: number): Problem {
  const bark = tensor(nBarks, time).data
  return { bark, batch: 1, time, sgd, seed: 3, spectrogram: new Float32Array(nStft * time) }
}
/** 88 values a frame and 500 iterations: above 2e9. */
const [little, much] = [newProblem(9), newProblem(46_000)]
const long: Run = { maxIter: 100_000, isSync: false }

const pretend = (backend: 'webgpu' | 'webgl2', isSoftware?: boolean): Adapter => ({
  backend,
  name: `a ${backend}`,
  isSoftware,
  open: () => Promise.reject(new Error('not opened here')),
})

/** A session that says it is a GPU's. */
function asGpu(session: Session, { backend, name }: Adapter, why: string | undefined): Session {
  return Object.assign(Object.create(null) as Session, {
    device: 'gpu',
    backend,
    adapter: name,
    threads: 1,
    why: why || undefined,
    close: () => session.close(),
  })
}

const slow = { start: 0, iteration: 0, value: 1e-3 }
const fast = { start: 0, iteration: 0, value: 1e-9 }

function scout(found: Partial<Found>, more: Partial<Scout> = {}): Scout & { asked: number } {
  const scout = {
    asked: 0,
    async findGpus() {
      scout.asked++
      return { adapters: [], failures: [], ...found }
    },
    isSoftware: async (adapter: Adapter) => adapter.isSoftware ?? false,
    paceOf: async () => fast,
    paceOfCpu: async () => ({ start: 0, iteration: 0, value: 2.3e-7 }),
    openOn: async (adapter: Adapter, _: FilterbankSpec, cpu: WasmBackend, problem: Problem, why?: string) =>
      asGpu((await cpu.open(problem, sync)) as Session, adapter, why),
    ...more,
  }
  return scout
}

async function choose(device: 'auto' | 'gpu', scout: Scout, problem = much, run = long): Promise<Session> {
  const load = async (): Promise<GpuChoice> => new GpuChoice(spec, cpu, newCpu, scout)
  const session = await new AutoBackend(spec, cpu, device, load).open(problem, run)
  session.close()
  return session
}

test('auto: no GPU is looked for where there is little to do, or where it has to be done at once', async () => {
  const asked = scout({ adapters: [pretend('webgpu', false)] })
  for (const [problem, run] of [
    [little, long],
    [much, { maxIter: 100, isSync: false }],
    [much, { maxIter: 100_000, isSync: true }],
  ] as const) {
    const { device, why } = await choose('auto', asked, problem, run)
    assert.equal([device, why], ['cpu', undefined])
  }
  assert.is(asked.asked, 0)
})

test('auto: a real GPU that should win is taken', async () => {
  const session = await choose('auto', scout({ adapters: [pretend('webgpu', false)] }))
  assert.equal(
    [session.device, session.backend, session.adapter, session.why],
    ['gpu', 'webgpu', 'a webgpu', undefined],
  )
})

test('auto: the CPU where none is real, none should win, or none opens; and the reason against each', async () => {
  const failures: Found['failures'] = [{ backend: 'webgpu', why: 'there is no adapter' }]
  const none = await choose('auto', scout({ failures }))
  assert.equal([none.device, none.why], ['cpu', 'webgpu: there is no adapter'])

  const software = await choose('auto', scout({ adapters: [pretend('webgl2', true)], failures }))
  assert.is(software.device, 'cpu')
  assert.is(software.why, 'webgpu: there is no adapter; webgl2 (a webgl2): a program, not a GPU')

  const found = { adapters: [pretend('webgpu', false)] }
  const late = await choose('auto', scout(found, { paceOf: async () => slow }))
  assert.is(late.device, 'cpu')
  assert.match(late.why!, /^webgpu \(a webgpu\): [\d.]+ s expected, 27\d ms on the CPU$/)

  const broken = await choose('auto', scout(found, { openOn: () => Promise.reject(new Error('out of memory')) }))
  assert.equal([broken.device, broken.why], ['cpu', 'webgpu (a webgpu): out of memory'])
})

test('auto: a GPU that steps faster than plain loses a long run to jumps', async () => {
  const thrice = scout({ adapters: [pretend('webgpu', false)] }, { paceOf: async () => ({ ...slow, value: 7e-8 }) })
  const jumping = await choose('auto', thrice)
  assert.is(jumping.device, 'cpu')
  assert.match(jumping.why!, /^webgpu \(a webgpu\): 28\.\d s expected, [\d.]+ s on the CPU$/)
  const run: Run = { ...long, stepping: 'plain' }
  assert.is((await choose('auto', thrice, much, run)).device, 'gpu')
  assert.is((await choose('auto', thrice, much, { ...long, maxIter: 4000 })).device, 'gpu')
})

test('auto: the second adapter where the first fails, which is said', async () => {
  const adapters = [pretend('webgpu', false), pretend('webgl2', false)]
  const isSoftware: Scout['isSoftware'] = async ({ backend }) => {
    if (backend === 'webgpu') throw new Error('the measurement failed')
    return false
  }
  const session = await choose('auto', scout({ adapters }, { isSoftware }))
  assert.equal([session.backend, session.why], ['webgl2', 'webgpu (a webgpu): the measurement failed'])
})

test('gpu: any that works, programs included; else an error with all reasons', async () => {
  const session = await choose('gpu', scout({ adapters: [pretend('webgl2', true)] }), little)
  assert.equal([session.device, session.backend], ['gpu', 'webgl2'])
  const broken = scout(
    { adapters: [pretend('webgl2', true)], failures: [{ backend: 'webgpu', why: 'there is no adapter' }] },
    { openOn: () => Promise.reject(new Error('out of memory')) },
  )
  const all = 'webgpu: there is no adapter; webgl2 (a webgl2): out of memory'
  assert.is(await rejection(choose('gpu', broken)), `Error: device: expected a GPU that works, got none: ${all}`)
})

test('gpu: refused by name by what has no GPU version', () => {
  const bark = tensor(nBarks, 3)
  const inverse = new InverseBarkScale({ ...small, device: 'gpu' })
  assert.throws(
    () => inverse.solveSync(bark),
    /^device: solveSync computes on the CPU; expected "auto" or "cpu", got "gpu"$/,
  )
  assert.is(new InverseBarkScale({ ...small, device: 'auto' }).solveSync(bark).report.device, 'cpu')
  assert.throws(
    () => new BarkScale({ device: 'gpu' }),
    /^device: BarkScale runs on the CPU only; expected "auto" or "cpu", got "gpu"$/,
  )
})

test('solvers that only the CPU has: an error for gpu, a reason for auto', async () => {
  for (const solver of ['nnls', 'maxent'] as const) {
    const refusal = new RegExp(`^device: ${solver} runs on the CPU only; expected "auto" or "cpu", got "gpu"$`)
    assert.throws(() => new InverseBarkScale({ ...small, solver, device: 'gpu' }), refusal)
    for (const device of ['auto', 'cpu'] as const) {
      const inverse = new InverseBarkScale({ ...small, solver, device })
      const reports = [(await inverse.solve(tensor(nBarks, 3))).report, inverse.solveSync(tensor(nBarks, 3)).report]
      for (const report of reports) {
        assert.equal([report.device, report.backend], ['cpu', 'wasm'])
        assert.is(report.why, device === 'auto' ? `${solver} runs on the CPU only` : undefined)
      }
    }
  }
})

test('a pace is measured, and foretells', async () => {
  let frames = 0
  const pace = await measurePace((problem) => {
    frames = Math.max(frames, problem.time)
    return { advance: async (to: number) => ({ at: to, count: 1 }), close() {} } as unknown as Session
  })
  assert.is(frames, 4096)
  assert.ok(pace.start >= 0 && pace.iteration >= 0 && pace.value >= 0 && pace.iteration < 50)
  assert.is(predict({ start: 100, iteration: 2, value: 0.5 }, 10, 20), 100 + 20 * (2 + 5))
})

// --- what becomes of a session that fails ---

/** The CPU's session, but that it fails when it is about to pass an iteration, or when it is asked for its state. */
class Failing implements Session {
  readonly device = 'gpu'
  readonly backend = 'webgpu'
  readonly threads = 1
  readonly #session: Session
  readonly #at: number
  #now = 0
  closed = 0

  constructor(session: Session, at: number) {
    this.#session = session
    this.#at = at
  }

  async advance(to: number): Promise<Advance> {
    const advance = await this.#session.advance(to)
    if (advance.at >= this.#at) throw new Error('gone')
    this.#now = advance.at
    return advance
  }

  async state(into: State): Promise<boolean> {
    if (this.#now >= this.#at - 20) throw new Error('gone')
    return this.#session.state(into)
  }

  keep(): void {
    this.#session.keep()
  }

  back(): void {
    this.#session.back()
  }

  restore(from: State): void {
    this.#session.restore(from)
  }

  close(): void {
    this.closed++
    this.#session.close()
  }
}

/** The loss that a run of 9 frames has after about 320 iterations. */
const STOP = new InverseBarkScale({ ...small, maxIter: 320 }).solveSync(tensor(nBarks, 9), { seed: 3 }).report.loss!

const newState = (time: number): State => ({
  iteration: 0,
  spectrogram: new Float32Array(nStft * time),
  momentum: new Float32Array(nBarks * time),
})

for (const [name, rule] of [
  ['to the last iteration', { maxIter: 300, toleranceLoss: 0, toleranceChange: 0 }],
  ['to a stop', { maxIter: 3000, toleranceLoss: STOP, toleranceChange: 0 }],
] as const) {
  test(`a session that fails goes on as another, ${name}, with every bit, wherever it fails`, async () => {
    const time = 9
    const solve = async (session: Session, init?: Float32Array) => {
      const spectrogram = new Float32Array(nStft * time)
      if (init) session.restore({ iteration: 0, spectrogram: init })
      const history: { iteration: number; loss: number }[] = []
      const status = { stage: 'sgd', iteration: 0, of: rule.maxIter, frames: time, loss: null }
      const into = { iteration: 0, spectrogram }
      const outcome = await run(driveSgd(session, rule, sgd, into, status, history), { status })
      return { outcome, spectrogram, history }
    }
    const open = (): Session => cpu.open(newProblem(time), sync) as Session
    for (const init of [undefined, tensor(nStft, time).data]) {
      const whole = await solve(open(), init)
      const { iterations } = whole.outcome
      assert.ok(iterations > 100)
      for (const at of [1, 5, 16, 17, 40, 100, iterations - 1, iterations]) {
        for (const readBackMs of [0, 1e9]) {
          const failing = new Failing(open(), at)
          const session = new FallbackSession(failing, { open, newState: () => newState(time) }, readBackMs)
          assert.equal(await solve(session, init), whole, `at ${at}, read back after ${readBackMs} ms`)
          assert.is(failing.closed, 1)
          assert.equal([session.device, session.why], ['cpu', 'gone'])
        }
      }
    }
  })
}

test('what the other session throws is thrown, and a closed session opens none', async () => {
  let opened = 0
  const open = (): Session => {
    opened++
    throw new Error('no memory')
  }
  const fallback = { open, newState: () => newState(9) }
  const newFailing = (): Session => new Failing(cpu.open(newProblem(9), sync) as Session, 1)
  assert.is(await rejection(new FallbackSession(newFailing(), fallback).advance(9)), 'Error: no memory')
  const closed = new FallbackSession(newFailing(), fallback)
  const failing = rejection(closed.advance(9))
  closed.close()
  assert.match(await failing, /Error/)
  assert.is(opened, 1)
})

test.run()
