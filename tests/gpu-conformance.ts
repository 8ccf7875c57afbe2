/** The suite that every backend has to pass, on a GPU; and that it has been one. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { InverseBarkScale } from '../src/index.ts'
import { gpuBackend } from './place.ts'
import { testConformance } from './sgd-conformance.ts'

test('what follows runs on the backend that is meant', async () => {
  const inverse = new InverseBarkScale({ nStft: 65, nBarks: 20, maxIter: 9, device: 'gpu' })
  const { report } = await inverse.solve({ data: new Float32Array(60).fill(1), shape: [20, 3] })
  assert.equal([report.device, report.backend], ['gpu', gpuBackend])
})

testConformance(test, { device: 'gpu' })

test.run()
