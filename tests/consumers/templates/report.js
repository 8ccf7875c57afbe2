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
