/** The exact solvers on the CPU. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { testConformance } from './exact-conformance.ts'
import { testInvariance } from './exact-invariance.ts'
import { type ExactSolver, libraryOn } from './exact-report.ts'
import { bankOf, banks, mixed, startFor } from './oracle/problems.ts'

/** 10 000 and more where there is time for it. */
const stream = Number(process.env['FUZZ_RUNS'] ?? 700)

for (const solver of ['nnls', 'maxent'] satisfies ExactSolver[]) {
  const solve = libraryOn({ device: 'cpu', threads: 1 })
  testConformance(test, solver, solve, { each: 2, stream })
  testInvariance(test, solver, solve)

  test(`${solver}: two threads give the bits of one`, async () => {
    const options = banks[6]!
    const bank = bankOf(options)
    const bark = mixed(bank, 1501)
    for (const init of [undefined, startFor(bank, bark)]) {
      const call = init ? { init } : {}
      const one = await solve(solver, options, bark, call)
      const two = await libraryOn({ device: 'cpu', threads: 2 })(solver, options, bark, call)
      const off = one.spectrogram.data.filter((x, i) => !Object.is(x, two.spectrogram.data[i])).length
      assert.is(off, 0, `${off} values differ`)
      assert.equal({ ...two, spectrogram: 0, frames: 0 }, { ...one, spectrogram: 0, frames: 0 }, 'what the report says')
    }
  })
}

test.run()
