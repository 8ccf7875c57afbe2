/** A GPU as `device: 'gpu'` has it, in every place that has one: the CPU's results, and nothing left behind. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Advance, Problem, Session, State } from '../src/backend.ts'
import { type Adapter, findGpus, openOn } from '../src/backends/adapters.ts'
import { FallbackSession } from '../src/backends/fallback-session.ts'
import { WasmBackend } from '../src/backends/wasm/backend.ts'
import { availableDevices, InverseBarkScale, type InverseBarkScaleOptions } from '../src/index.ts'
import { distance } from './fixture.ts'
import { watchWebGl2, watchWebGpu } from './gpu-faults.ts'
import { onGpu } from './gpu-needs.ts'
import { gpuBackend } from './place.ts'
import { rejection } from './rejection.ts'
import { nBarks, nStft, small, solve, spec, tensor } from './small-problem.ts'

const before = {
  GPU: (globalThis as { GPU?: unknown }).GPU,
  navigator: Object.getOwnPropertyDescriptor(globalThis, 'navigator'),
}
const watched = gpuBackend === 'webgl2' ? watchWebGl2() : await watchWebGpu().catch(() => undefined!)

const ways: [string, InverseBarkScaleOptions['sgdargs']][] = [
  ['momentum', undefined],
  ['no momentum', { lr: 0.3 }],
  ['dampening', { lr: 0.1, momentum: 0.9, dampening: 0.4 }],
  ['nesterov', { lr: 0.05, momentum: 0.8, nesterov: true }],
  ['weight decay', { lr: 0.05, momentum: 0.8, weightDecay: 0.1, dampening: 0.2 }],
  ['weight decay, nesterov', { lr: 0.05, momentum: 0.8, weightDecay: 0.02, nesterov: true }],
  ['maximize', { lr: 0.001, momentum: 0.5, dampening: 0.25, maximize: true }],
]

for (const [way, sgdargs] of ways) {
  onGpu(`${way}: the CPU's spectrogram and losses, whatever the shape, from either start`, async () => {
    for (const shape of [
      [2, nBarks, 37],
      [50, nBarks, 1],
      [nBarks, 1],
    ]) {
      const bark = tensor(...shape)
      const init = tensor(...shape.slice(0, -2), nStft, shape.at(-1)!)
      for (const start of [{}, { init }]) {
        const inverse = new InverseBarkScale({ ...small, sgdargs, history: true, device: 'gpu' })
        const gpu = await inverse.solve(bark, start)
        const cpu = new InverseBarkScale({ ...small, sgdargs, history: true }).solveSync(bark, start)
        assert.is(gpu.report.backend, gpuBackend)
        assert.equal(gpu.spectrogram.shape, cpu.spectrogram.shape)
        const off = distance(gpu.spectrogram.data, cpu.spectrogram.data)
        assert.ok(off < 1e-6, `${shape}: relative L2 ${off}`)
        const losses = [gpu, cpu].map(({ report }) => report.history!.map(({ loss }) => loss))
        assert.ok(distance(losses[0]!, losses[1]!) < 1e-6)
      }
    }
  })
}

onGpu('a stop in the middle of a stretch gives the iteration and the spectrogram of a run of that length', async () => {
  const bark = tensor(nBarks, 40)
  const { report } = await solve({ ...small, maxIter: 300, history: true, device: 'gpu' }, bark)
  for (const at of [1, 15, 100, 233]) {
    const toleranceLoss = report.history![at - 1]!.loss * (1 + 1e-6)
    const stopped = await solve({ ...small, maxIter: 300, toleranceLoss, device: 'gpu' }, bark)
    assert.equal([stopped.report.iterations, stopped.report.stopReason], [at, 'tolerance-loss'])
    const direct = await solve({ ...small, maxIter: at, device: 'gpu' }, bark)
    assert.equal(stopped.spectrogram.data, direct.spectrogram.data)
  }
})

onGpu('nothing is left on the device: after a solve, an abort, a divergence', async () => {
  const options = { ...small, device: 'gpu' } as const
  await solve(options)
  const begun = watched.made()
  const alive = watched.alive()
  await solve(options)
  assert.ok(watched.made() > begun + 5)
  assert.is(watched.alive(), alive)
  const endless = { ...options, maxIter: 1e9 }
  for (const ms of [0, 5, 20, 60, 150]) {
    const inverse = new InverseBarkScale(endless)
    const start = performance.now()
    const outcome = await rejection(inverse.solve(tensor(nBarks, 40), { signal: AbortSignal.timeout(ms) }))
    assert.match(outcome, /^TimeoutError/)
    assert.ok(performance.now() - start < ms + 1500)
    inverse.dispose()
  }
  const diverging = { ...endless, sgdargs: { lr: 1e6, momentum: 0.9, maximize: true } }
  const [gpu, cpu] = [await rejection(solve(diverging)), await rejection(solve({ ...diverging, device: 'cpu' }))]
  assert.match(gpu, /diverged/)
  assert.is(gpu, cpu)
  await new Promise((resolve) => setTimeout(resolve, 300))
  assert.is(watched.alive(), alive)
})

// of the package alone, which is asked in every turn of the event loop for as long as it has no answer
if (gpuBackend === 'webgpu' && !globalThis.navigator?.gpu) {
  onGpu('most of a run is slept through, not asked through', async () => {
    const start = performance.now()
    const before = watched.mapping()
    await solve({ ...small, maxIter: 2000, device: 'gpu' }, tensor(nBarks, 100))
    const share = (watched.mapping() - before) / (performance.now() - start)
    assert.ok(share < 0.7, `${share} of the time`)
  })
}

onGpu('globalThis.GPU and navigator are as they were', async () => {
  await solve({ ...small, device: 'gpu' })
  assert.is((globalThis as { GPU?: unknown }).GPU, before.GPU)
  assert.equal(Object.getOwnPropertyDescriptor(globalThis, 'navigator'), before.navigator)
})

onGpu('a device that is lost is an error that says so, and the next solve has another', async () => {
  const options = { ...small, device: 'gpu' } as const
  const inverse = new InverseBarkScale({ ...options, maxIter: 1e9 })
  let lost = false
  const failing = rejection(
    inverse.solve(tensor(nBarks, 40), {
      onProgress({ iteration }) {
        if (iteration > 0 && !lost) watched.lose()
        lost ||= iteration > 0
      },
    }),
  )
  assert.match(await failing, new RegExp(`^Error: device: ${gpuBackend} .*failed: .*lost`))
  assert.is((await solve(options)).report.backend, gpuBackend)
})

onGpu('memory that runs out is an error that says so', async () => {
  watched.exhaust()
  // or, where there is another, why it is that one
  const outcome = await solve({ ...small, device: 'gpu' }).then(({ report }) => report.why!, String)
  assert.match(outcome, new RegExp(`${gpuBackend} .*out of memory`))
  assert.is((await solve({ ...small, device: 'gpu' })).report.backend, gpuBackend)
})

onGpu('availableDevices names the adapter', async () => {
  const devices = await availableDevices()
  assert.equal(devices[0], { device: 'cpu', backend: 'wasm', isAvailable: true })
  const found = devices.find(({ backend }) => backend === gpuBackend)!
  assert.ok(found.isAvailable && found.adapter!.length > 0)
  assert.is((await solve({ ...small, device: 'gpu' })).report.adapter, found.adapter)
})

onGpu(
  "'auto' leaves a software adapter alone and says so, where the work is large enough to look for one",
  async () => {
    const found = (await availableDevices()).find(({ backend }) => backend === gpuBackend)!
    const large = { ...small, nStft: 513, nBarks: 128, sampleRate: 16000, maxIter: 500 }
    const { report } = await solve({ ...large, device: 'auto', threads: 1 }, tensor(128, 6400))
    if (!found.isSoftware) assert.ok(report.device === 'gpu' || / expected, .* on the CPU/.test(report.why!))
    else assert.equal([report.device, report.why!.includes(`(${found.adapter}): a program, not a GPU`)], ['cpu', true])
  },
)

// --- sessions by themselves ---

const cpu = new WasmBackend(spec, { threads: 1, workerUrl: undefined })
const plain = { lr: 0.1, momentum: 0.9, dampening: 0, weightDecay: 0, nesterov: false, maximize: false }

function newProblem(batch: number, time: number): Problem {
  const bark = tensor(batch, nBarks, time).data
  return { bark, batch, time, sgd: plain, seed: 3, spectrogram: new Float32Array(batch * nStft * time) }
}

function newState({ batch, time }: Problem): State {
  const frames = batch * time
  return { iteration: 0, spectrogram: new Float32Array(nStft * frames), momentum: new Float32Array(nBarks * frames) }
}

const openCpu = (problem: Problem): Session => cpu.open(problem, { maxIter: 1, isSync: true }) as Session

async function runTo(
  session: Session,
  problem: Problem,
  to: number,
  from?: State,
): Promise<State & { losses: number[] }> {
  if (from) session.restore(from)
  const losses: number[] = []
  for (let at = from?.iteration ?? 0; at < to; ) {
    session.keep()
    const advance: Advance = await session.advance(to)
    losses.push(...advance.loss.subarray(0, advance.count))
    at = advance.at
  }
  const state = newState(problem)
  while (!(await session.state(state)));
  session.close()
  return { ...state, losses }
}

async function thisAdapter(): Promise<Adapter> {
  const { adapters } = await findGpus()
  return adapters.find(({ backend }) => backend === gpuBackend)!
}

/** An adapter that has room for so few frames. */
function cramped(adapter: Adapter, frames: number): Adapter {
  return {
    ...adapter,
    async open() {
      const device = await adapter.open()
      return {
        get lost() {
          return device.lost
        },
        fail: (error) => device.fail(error),
        mostFrames: () => frames,
        tile: (shared, count) => device.tile(shared, count),
        release: () => device.release(),
      }
    },
  }
}

onGpu('a state goes from one backend to the other and back', async () => {
  const problem = newProblem(3, 29)
  const adapter = await thisAdapter()
  const whole = await runTo(openCpu(problem), problem, 60)
  const first = await runTo(await openOn(adapter, spec, cpu, problem), problem, 20)
  const second = await runTo(openCpu(problem), problem, 40, first)
  const third = await runTo(await openOn(adapter, spec, cpu, problem), problem, 60, second)
  assert.is(third.iteration, 60)
  assert.ok(distance(third.spectrogram, whole.spectrogram) < 1e-6)
  assert.ok(distance(third.momentum!, whole.momentum!) < 1e-6)
})

onGpu('more frames than fit are cut into tiles, with the same bits', async () => {
  const problem = newProblem(5, 31)
  const adapter = await thisAdapter()
  const whole = await runTo(await openOn(adapter, spec, cpu, problem), problem, 40)
  for (const frames of [64, 100, 32]) {
    const tiled = await runTo(await openOn(cramped(adapter, frames), spec, cpu, problem), problem, 40)
    assert.equal(tiled, whole)
  }
  const outcome = await rejection(openOn(cramped(adapter, 0), spec, cpu, problem))
  assert.match(outcome, /^Error: \d+ rows of bins, bands and losses are more than it takes$/)
})

onGpu('what fails goes on with the CPU: from a state that was read back, or from the start', async () => {
  const problem = newProblem(2, 37)
  const adapter = await thisAdapter()
  const whole = await runTo(openCpu(problem), problem, 120)
  for (const readBackMs of [0, 1e9]) {
    let opened = 0
    const open = (): Session => {
      opened++
      return openCpu(problem)
    }
    const fallback = { open, newState: () => newState(problem) }
    const session = new FallbackSession(await openOn(adapter, spec, cpu, problem), fallback, readBackMs)
    for (let at = 0; at < 50; ) {
      session.keep()
      at = (await session.advance(120)).at
    }
    assert.is(session.device, 'gpu')
    watched.lose()
    const rest = await runTo(session, problem, 120, undefined)
    assert.is(opened, 1)
    assert.equal([session.device, session.backend], ['cpu', 'wasm'])
    assert.match(session.why!, /failed: .*lost/)
    assert.ok(distance(rest.spectrogram, whole.spectrogram) < 1e-5)
  }
})

test.run()
