import { BarkSpectrogram, InverseBarkScale, Spectrogram } from 'unbark'
import { hash, noise, onGpu, tell } from './report.js'

/** Sound to Bark bands and back, on one thread and on two. */
tell(async () => {
  const sound = { data: noise(200 * 150), shape: [200 * 150] }
  const spectrogram = await new Spectrogram().forward(sound)
  const bark = await new BarkSpectrogram({ nBarks: 40 }).forward(sound)
  const hashes = [await hash(spectrogram), await hash(bark)]
  const threads = []
  const options = { nStft: 201, nBarks: 40, maxIter: 200 }
  let cpu
  for (const asked of [1, 2]) {
    const inverse = new InverseBarkScale({ ...options, threads: asked })
    const solved = await inverse.solve(bark)
    inverse.dispose()
    hashes.push(await hash(solved.spectrogram))
    threads.push(solved.report.threads)
    cpu = solved.spectrogram
  }
  return { hashes, threads, gpu: await onGpu(InverseBarkScale, options, bark, cpu) }
})
