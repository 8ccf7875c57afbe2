/** What both pages need: input that is the same everywhere, a hash, and telling what came out. */

/** Numbers from 0 to 1, without Math.sin, whose bits belong to the engine. */
export function noise(length) {
  let state = 1
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  })
}

export async function hash({ data }) {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The same on a GPU: by which backend, and how near. */
export async function onGpu(InverseBarkScale, options, bark, { data }) {
  try {
    const { spectrogram, report } = await new InverseBarkScale({ ...options, device: 'gpu' }).solve(bark)
    let off = 0
    let size = 0
    for (let i = 0; i < data.length; i++) {
      off += (spectrogram.data[i] - data[i]) ** 2
      size += data[i] ** 2
    }
    return `${report.backend}, ${off <= 1e-10 * size ? 'within 1e-5' : Math.sqrt(off / size)}`
  } catch (error) {
    return String(error)
  }
}

/** Onto the page where there is one, else onto the terminal. */
export async function tell(work) {
  let result
  try {
    result = await work()
  } catch (error) {
    result = { error: String(error?.stack ?? error) }
  }
  const text = JSON.stringify(result)
  if (!globalThis.document) return console.log(text)
  document.body.textContent = text
  document.title = 'done'
}
