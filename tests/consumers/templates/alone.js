import { InverseBarkScale } from 'unbark'
import { hash, noise, onGpu, tell } from './report.js'

/** The page that wants the inverse and nothing else. */
tell(async () => {
  const bark = { data: noise(40 * 130), shape: [40, 130] }
  const hashes = []
  const threads = []
  const options = { nStft: 201, nBarks: 40, maxIter: 200 }
  let cpu
  for (const asked of [1, 2]) {
    const inverse = new InverseBarkScale({ ...options, threads: asked })
    const { spectrogram, report } = await inverse.solve(bark)
    inverse.dispose()
    hashes.push(await hash(spectrogram))
    threads.push(report.threads)
    cpu = spectrogram
  }
  return { hashes, threads, gpu: await onGpu(InverseBarkScale, options, bark, cpu) }
})
