/** @libraz/libsonare from the folder that it was installed into; one thread, mel bands of its own. */
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const timed = (run, shapeOf) => {
  const start = performance.now()
  const result = run()
  return { ms: performance.now() - start, result: shapeOf(result) }
}

export async function load(folder) {
  const entry = path.join(folder, 'node_modules/@libraz/libsonare/dist/analysis.js')
  const sonare = await import(pathToFileURL(entry).href)
  await sonare.init()
  const spectrum = ({ power, nBins, nFrames }) => ({ data: power, shape: [nBins, nFrames] })
  const mel = ({ bands, ...options }) => ({
    melPower: bands.data,
    nMels: bands.shape[0],
    nFrames: bands.shape[1],
    ...options,
  })
  const calls = {
    mel: ({ waveform, ...options }) =>
      timed(
        () => sonare.melSpectrogram({ samples: waveform.data, ...options }),
        ({ power, nMels, nFrames }) => ({ data: power, shape: [nMels, nFrames] }),
      ),
    solve: (args) => timed(() => sonare.melToStft(mel(args)), spectrum),
    sound: (args) =>
      timed(
        () => sonare.melToAudio(mel(args)),
        (data) => ({ data, shape: [data.length] }),
      ),
    griffin_lim: ({ magnitudes, ...options }) =>
      timed(
        () =>
          sonare.griffinLim({
            magnitude: magnitudes.data,
            nBins: magnitudes.shape[0],
            nFrames: magnitudes.shape[1],
            ...options,
          }),
        (data) => ({ data, shape: [data.length] }),
      ),
  }
  return { calls }
}
