/** The worklet of BarkStream, offline, as sound needs a click and a device. */
const options = { sampleRate: 16000, nFft: 256, hopLength: 64, nBarks: 24, power: 1, iterations: 4 }
const FRAMES = 200

/** Frames one after the other, by a congruential generator. */
export function barkFrames() {
  let state = 1
  return Float32Array.from({ length: options.nBarks * FRAMES }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state >>> 8) / 2 ** 24
  })
}

function expected(BarkStream, frames) {
  const stream = new BarkStream(options)
  const out = []
  for (let i = 0; i < frames.length; i += options.nBarks)
    out.push(...stream.push(frames.subarray(i, i + options.nBarks)))
  return [...out, ...stream.flush()]
}

/** What a place reports: the events, and whether the samples are those of a BarkStream. */
export async function playLive(BarkStream, frames) {
  const samples = expected(BarkStream, frames)
  const context = new OfflineAudioContext(2, samples.length + 16000, options.sampleRate)
  await context.audioWorklet.addModule('/dist/bark-stream-worklet.js')
  const node = new AudioWorkletNode(context, 'bark-stream', {
    numberOfInputs: 0,
    outputChannelCount: [2],
    processorOptions: options,
  })
  const events = []
  const hears = {}
  const come = Object.fromEntries(
    ['state', 'ended'].map((type) => [type, new Promise((resolve) => (hears[type] = resolve))]),
  )
  node.port.onmessage = ({ data }) => {
    events.push(data.message ?? data.type)
    hears[data.type]?.(data)
  }
  node.onprocessorerror = () => events.push('the processor threw')
  node.connect(context.destination)
  node.port.postMessage(new Float32Array(options.nBarks - 1))
  node.port.postMessage({ type: 'stop' })
  node.port.postMessage(frames.slice(0, options.nBarks))
  node.port.postMessage(frames.slice(options.nBarks))
  node.port.postMessage({ type: 'end' })
  // nothing is heard while it renders, which takes no time
  node.port.postMessage({ type: 'state' })
  await come.state
  const sound = await context.startRendering()
  const { played, underruns } = await come.ended
  const [left, right] = [sound.getChannelData(0), sound.getChannelData(1)]
  const late = left.findIndex((x) => x !== 0) - samples.findIndex((x) => x !== 0)
  const isSame = samples.every((x, i) => x === left[late + i] && x === right[late + i])
  return { events, played, underruns, isSame, wanted: samples.length }
}
