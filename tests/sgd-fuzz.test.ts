/** Random small problems by watch list and jumps, against the iteration in float64. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { InverseBarkScale, type Solved } from '../src/index.ts'
import { type BankOptions, bankOf, kinds, problem, tensorOf } from './oracle/problems.ts'
import { random } from './oracle/random.ts'
import { columns, SgdRun } from './oracle/sgd.ts'

/** 2 000 and more where there is time for it. */
const count = Math.min(2000, Number(globalThis.process?.env?.['FUZZ_RUNS'] ?? 60))

/** With fewer bins than bands all stays plain. */
const banks: BankOptions[] = [
  { nStft: 65, nBarks: 20 },
  { nStft: 33, nBarks: 1 },
  { nStft: 67, nBarks: 21, sampleRate: 8000 },
  { nStft: 101, nBarks: 30, fMin: 300, fMax: 3400 },
  { nStft: 65, nBarks: 2, barkScale: 'schroeder' },
  { nStft: 129, nBarks: 40, barkScale: 'wang', filterbank: 'corrected' },
  { nStft: 65, nBarks: 40 },
  { nStft: 67, nBarks: 60, sampleRate: 8000 },
]

/** Kinds of frames whose values float32 squares hold. */
const sensible = kinds.filter((kind) => kind !== '1e30' && kind !== '1e-30')

/** How far a problem's frames are from float64's, relative to the loudest, and how they were stepped. */
function solveOne(seed: number): { name: string; off: number; stepping: { watched: number; jumped: number } } {
  const r = random(seed)
  const options = banks[seed % banks.length]!
  const bank = bankOf(options)
  const time = 5 + r.below(90)
  const momentum = [0.5, 0.8, 0.9, 0.9, 0.9, 0.94, 0.949, 0.99][r.below(8)]!
  const lr = 10 ** (0.3 - 2.8 * r.uniform())
  const maxIter = 1000 + r.below(r.uniform() < 0.5 ? 3000 : 9000)
  const name = `seed ${seed}: ${bank.nBins} x ${bank.nBands}, ${time} frames, ${maxIter} iterations, lr ${lr}, ${momentum}`
  const problems = Array.from({ length: time }, (_, t) =>
    problem(sensible[(seed + t) % sensible.length]!, bank, 7e6 + 100 * seed + t),
  )
  const bark = tensorOf({ bank, problems })
  const rest = { sgdargs: { lr, momentum }, seed, threads: 1, toleranceLoss: 0, toleranceChange: 0, onWarning() {} }
  const run = (maxIter: number): Solved => new InverseBarkScale({ ...options, ...rest, maxIter }).solveSync(bark)
  const start = columns(run(0).spectrogram.data, bank.nBins, time)
  const { spectrogram, report } = run(maxIter)
  const picked = [0, 1, 2, 3, 4].map((i) => Math.floor((i * time) / 5))
  const exactly = new SgdRun(
    { bank, lr, momentum },
    picked.map((t) => problems[t]!.bark),
    picked.map((t) => start[t]!),
    time,
  )
  for (let i = 0; i < maxIter; i++) exactly.step()
  const result = columns(spectrogram.data, bank.nBins, time)
  let off = 0
  picked.forEach((t, i) => {
    const exact = exactly.frames[i]!
    const size = Math.hypot(...exact)
    off = Math.max(off, Math.hypot(...exact.map((x, f) => x - result[t]![f]!)) / (size || 1))
  })
  return { name, off, stepping: report.stepping! }
}

test(`${count} random problems`, () => {
  let [watched, jumped] = [0, 0]
  for (let seed = 1; seed <= count; seed++) {
    const { name, off, stepping } = solveOne(seed)
    // plain steps are float32's own, which a long run at a large rate takes far from float64's
    if (stepping.watched === 0) continue
    assert.ok(off < 1e-4, `${name}: ${off} from float64 (${JSON.stringify(stepping)})`)
    watched++
    if (stepping.jumped > 0) jumped++
  }
  assert.ok(watched > count / 4 && jumped > count / 10, `of ${count} ${watched} watched, ${jumped} jumped`)
})

test.run()
