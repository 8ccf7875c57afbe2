/**
 * What is tried in every place, with nothing that only some of them have: recorded runs, jumps, threads,
 * transforms, an abort. Each part gives a hash over the bits of its results; tests/everywhere/hash.json has what they are to be.
 */
import { fnv } from './fnv.mjs'

const plain = { toleranceLoss: 0, toleranceChange: 0, onWarning() {} }

/** Whole numbers by a congruential generator: no place has its own rounding in them. */
function noise(length) {
  let state = 1
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state >>> 8) / 2 ** 23 - 1
  })
}

function distance(a, b) {
  let off = 0
  let size = 0
  for (let i = 0; i < b.length; i++) {
    off += (a[i] - b[i]) ** 2
    size += b[i] ** 2
  }
  return Math.sqrt(off / (size || 1))
}

function insist(is, what) {
  if (!is) throw new Error(what)
}

/** The bark of the first run five times over: 145 frames, three blocks. Or as many times as are given. */
function several({ runs }, times = 5) {
  const { data, shape } = runs[0].bark
  const all = new Float32Array(times * data.length)
  for (let i = 0; i < times; i++) all.set(data, i * data.length)
  return { data: all, shape: [times, ...shape.slice(1)] }
}

/** Parts that need nothing but the calling thread. */
const here = {
  runs({ unbark, runs }) {
    return runs.map(({ name, options, seed, iterations, bark, expected }) => {
      const inverse = new unbark.InverseBarkScale({ ...options, ...plain, seed, maxIter: iterations })
      const { spectrogram, report } = inverse.solveSync(bark)
      const off = distance(spectrogram.data, expected.data)
      insist(off <= 1e-5, `${name}: relative L2 ${off} from upstream's result`)
      insist(report.iterations === iterations, `${name}: ${report.iterations} iterations, not ${iterations}`)
      return [spectrogram.data, report.loss ?? 0]
    })
  },
  stops({ unbark, runs }) {
    return runs.slice(0, 2).map(({ options, seed, bark }) => {
      const { report } = new unbark.InverseBarkScale({ ...options, seed }).solveSync(bark)
      return [report.stopReason, report.iterations, report.loss]
    })
  },
  stepping({ unbark, runs }) {
    // few frames go by the watch list to the end
    const cases = [
      { bark: several({ runs }), jumps: true },
      { bark: runs[0].bark, jumps: false },
    ]
    return cases.map(({ bark, jumps }) => {
      const inverse = new unbark.InverseBarkScale({ nStft: 513, ...plain, maxIter: 6000 })
      const { spectrogram, report } = inverse.solveSync(bark)
      const { watched, jumped } = report.stepping
      insist(jumps ? jumped > 0 : watched > 4096 && jumped === 0, `watched ${watched}, jumped ${jumped}`)
      return [spectrogram.data, report.loss]
    })
  },
  exact({ unbark, runs }) {
    return runs.flatMap(({ name, options, bark, expected }) =>
      ['nnls', 'maxent'].flatMap((solver) => {
        const inverse = new unbark.InverseBarkScale({ ...options, ...plain, solver })
        return [undefined, expected].map((init) => {
          const { spectrogram, report } = inverse.solveSync(bark, { init })
          insist(report.stopReason === 'optimal', `${solver}, ${name}: frames ${report.unsolved} at the bound`)
          return [spectrogram.data, report.iterations, report.loss ?? 0, report.optimality, report.bandError]
        })
      }),
    )
  },
  filterbanks({ unbark }) {
    return ['traunmuller', 'schroeder', 'wang'].map((barkScale) => [
      unbark.barkscaleFbanks({ nFreqs: 513, barkScale }).data,
      unbark.barkscaleFbanks({ nFreqs: 201, nBarks: 40, sampleRate: 44100, fMin: 50, barkScale }).data,
    ])
  },
  scales({ unbark }) {
    const hz = Float64Array.from({ length: 2000 }, (_, i) => i * 12.1)
    return ['traunmuller', 'schroeder', 'wang'].map((barkScale) => {
      const bark = unbark.hzToBark(hz, { barkScale })
      return [bark, unbark.barkToHz(bark, { barkScale }), unbark.hzToBark(1000, { barkScale })]
    })
  },
}

/** Parts with turns of the event loop, or with workers. */
const beside = {
  async threads({ unbark, runs, workerUrl }) {
    const bark = several({ runs })
    const results = []
    for (const sgdargs of [undefined, { lr: 0.05, momentum: 0.8, weightDecay: 0.02, nesterov: true }]) {
      for (const threads of [1, 2]) {
        const inverse = new unbark.InverseBarkScale({ nStft: 513, ...plain, maxIter: 120, sgdargs, threads, workerUrl })
        const { spectrogram, report } = await inverse.solve(bark)
        inverse.dispose()
        insist(report.threads === threads, `${report.threads} threads, not ${threads}: ${report.why}`)
        results.push(fnv([spectrogram.data, report.loss]))
      }
    }
    insist(results[0] === results[1] && results[2] === results[3], `one and two threads differ: ${results}`)
    return results
  },
  async 'exact threads'({ unbark, runs, workerUrl }) {
    const bark = several({ runs }, 60)
    return Promise.all(
      ['nnls', 'maxent'].map(async (solver) => {
        const results = []
        for (const threads of [1, 2]) {
          const inverse = new unbark.InverseBarkScale({ nStft: 513, solver, threads, workerUrl })
          const { spectrogram, report } = await inverse.solve(bark)
          inverse.dispose()
          insist(report.threads === threads, `${report.threads} threads, not ${threads}: ${report.why}`)
          results.push(fnv([spectrogram.data, report.loss]))
        }
        insist(results[0] === results[1], `${solver}: one and two threads differ: ${results}`)
        return results
      }),
    )
  },
  async sound({ unbark }) {
    const waveform = { data: noise(2 * 8000), shape: [2, 8000] }
    const results = []
    for (const [nFft, power] of [
      [400, 2],
      [512, 1],
      [367, null],
    ])
      results.push((await new unbark.Spectrogram({ nFft, power }).forward(waveform)).data)
    const spectrogram = await new unbark.Spectrogram({ nFft: 1024, windowFn: 'hamming' }).forward(waveform)
    results.push((await new unbark.BarkScale({ nStft: 513 }).forward(spectrogram)).data)
    results.push((await new unbark.BarkSpectrogram({ nFft: 1024, nBarks: 64 }).forward(waveform)).data)
    return results
  },
  async back({ unbark }) {
    const results = []
    for (const [nFft, hopLength, power] of [
      [400, 200, 2],
      [367, 61, 1],
      [512, 128, 3],
    ]) {
      const bins = Math.floor(nFft / 2) + 1
      const spectrogram = { data: noise(bins * 70).map(Math.abs), shape: [bins, 70] }
      const griffinLim = new unbark.GriffinLim({ nFft, hopLength, power, nIter: 8, seed: 5 })
      results.push((await griffinLim.forward(spectrogram)).data)
      const complex = { data: noise(bins * 140), shape: [bins, 70, 2] }
      results.push((await new unbark.InverseSpectrogram({ nFft, hopLength }).forward(complex)).data)
    }
    return results
  },
  async joint({ unbark, workerUrl }) {
    const results = []
    for (const [nFft, hopLength, nBarks, power] of [
      [256, 64, 24, 1],
      [200, 100, 80, 2],
      [225, 50, 20, 0.7],
    ]) {
      const options = { sampleRate: 8000, nFft, hopLength, nBarks, power, onWarning() {} }
      // a tone that glides, in noise
      const hiss = noise(20000)
      const data = hiss.map((x, i) => x / 8 + ((i * (140 + ((i >> 8) % 50))) % 8000) / 8000 - 0.5)
      const bark = await new unbark.BarkSpectrogram(options).forward({ data, shape: [data.length] })
      const same = []
      for (const threads of [1, 2]) {
        const url = workerUrl?.replace('worker.js', 'joint-worker.js')
        const inverse = new unbark.InverseBarkSpectrogram({ ...options, iterations: 12, threads, workerUrl: url })
        const { waveform, report } = await inverse.solve(bark)
        inverse.dispose()
        insist(report.threads === threads, `${report.threads} threads, not ${threads}: ${report.why}`)
        same.push(fnv([waveform.data, report.bandConvergence]))
      }
      insist(same[0] === same[1], `one and two threads differ: ${same}`)
      results.push(same[0])
    }
    return results
  },
  async abort({ unbark, runs, workerUrl }) {
    for (const threads of [1, 2]) {
      const inverse = new unbark.InverseBarkScale({ nStft: 513, ...plain, maxIter: 1e9, threads, workerUrl })
      const controller = new AbortController()
      const reason = new Error('enough')
      let start = 0
      setTimeout(() => {
        start = performance.now()
        controller.abort(reason)
      }, 100)
      const outcome = await inverse.solve(several({ runs }), { signal: controller.signal }).catch((error) => error)
      const ms = performance.now() - start
      inverse.dispose()
      insist(outcome === reason, `an abort gave ${outcome}`)
      insist(ms < 250, `an abort took ${ms} ms`)
    }
    return []
  },
}

/** Runs the parts on a library that is there: `{ hashes, failures }`, by the names of the parts. */
export async function check(unbark, { runs, workerUrl }) {
  const outcome = checkSync(unbark, runs)
  for (const [name, part] of Object.entries(beside)) {
    try {
      outcome.hashes[name] = fnv(await part({ unbark, runs, workerUrl }))
    } catch (error) {
      outcome.failures.push(`${name}: ${error?.message ?? error}`)
    }
  }
  return outcome
}

/** The parts that an AudioWorklet can run. */
export function checkSync(unbark, runs) {
  const outcome = { hashes: {}, failures: [] }
  for (const [name, part] of Object.entries(here)) {
    try {
      outcome.hashes[name] = fnv(part({ unbark, runs }))
    } catch (error) {
      outcome.failures.push(`${name}: ${error?.message ?? error}`)
    }
  }
  return outcome
}

/**
 * Single frames by the exact solvers, as they come in a worklet: each the same as among the others, and what one takes,
 * by a clock of milliseconds.
 */
export function singleFrames(unbark, runs) {
  const { data, shape } = runs[0].bark
  const [nBarks, frames] = shape.slice(-2)
  const out = { data: new Float32Array(513), shape: [513, 1] }
  const one = { data: new Float32Array(nBarks), shape: [nBarks, 1] }
  return ['maxent', 'nnls'].map((solver) => {
    const inverse = new unbark.InverseBarkScale({ nStft: 513, solver })
    const whole = inverse.solveSync({ data: data.subarray(0, nBarks * frames), shape: [nBarks, frames] }).spectrogram
    let count = 0
    const start = Date.now()
    for (; Date.now() - start < 200; count++) {
      const t = count % frames
      for (let k = 0; k < nBarks; k++) one.data[k] = data[k * frames + t]
      inverse.solveSync(one, { out })
      if (count >= frames) continue
      for (let f = 0; f < 513; f++)
        insist(out.data[f] === whole.data[f * frames + t], `${solver}: frame ${t} differs alone`)
    }
    return `a frame by ${solver} ${((1000 * (Date.now() - start)) / count).toFixed(0)} us`
  })
}

/** The library at a URL, and the milliseconds from before its import to the result of a small problem. */
export async function first(url) {
  const start = performance.now()
  const unbark = await import(url)
  const inverse = new unbark.InverseBarkScale({ nStft: 513, maxIter: 200, toleranceLoss: 0, toleranceChange: 0 })
  await inverse.solve({ data: new Float32Array(128 * 20).fill(1), shape: [128, 20] })
  return { unbark, first: performance.now() - start }
}

/** The runs of fixture.mjs with numbers in place of text. */
export function decode(fixture) {
  const tensor = ({ base64, shape }) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
    return { data: new Float32Array(bytes.buffer), shape }
  }
  return fixture.map((run) => ({ ...run, bark: tensor(run.bark), expected: tensor(run.expected) }))
}

/** All of it: what a place reports. */
export async function everything(url, fixture, workerUrl) {
  const { unbark, first: ms } = await first(url)
  const outcome = await check(unbark, { runs: decode(fixture), workerUrl })
  return { ...outcome, first: ms }
}
