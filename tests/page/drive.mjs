/** Uses the page in a frame, as a visitor does: its own sound, a file, another solver, cancel, a file that is none. */
const frame = document.querySelector('iframe')
const heard = []

const find = (selector) => frame.contentDocument.querySelector(selector)
const text = (selector) => find(selector).textContent

async function until(what, test) {
  const end = performance.now() + 15_000
  while (!test()) {
    if (performance.now() > end) throw new Error(`${what}: not after 15 s; ${text('#status')} ${text('#trouble')}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

function listen() {
  const own = frame.contentWindow
  for (const name of ['log', 'warn', 'error']) own.console[name] = (...words) => heard.push(words.join(' '))
  own.addEventListener('error', (event) => heard.push(event.message))
  own.addEventListener('unhandledrejection', (event) => heard.push(String(event.reason)))
  own.document.addEventListener('securitypolicyviolation', (event) => heard.push(`policy: ${event.violatedDirective}`))
}

function choose(file) {
  const transfer = new DataTransfer()
  transfer.items.add(file)
  find('#file').files = transfer.files
  find('#file').dispatchEvent(new Event('change'))
}

function set(name, value) {
  find(`#field-${name}`).value = value
  find(`#field-${name}`).dispatchEvent(new Event('input'))
}

/** Whether a panel has many colours. */
function isDrawn(id) {
  const { width, height } = find(`#${id}`)
  const { data } = find(`#${id}`).getContext('2d').getImageData(0, 0, width, height)
  const pixels = new Set(new Uint32Array(data.buffer))
  return pixels.size > 100
}

const done = () => text('#status') === 'Done'

async function drive() {
  const at = location.search.slice(1)
  frame.src = at
  await new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }))
  listen()
  await until('its own sound', done)
  for (const id of ['original', 'bark', 'inverted']) if (!isDrawn(id)) throw new Error(`${id} is empty`)
  const bytes = await (await fetch(`${at}sounds/music.wav`)).arrayBuffer()
  choose(new File([bytes], 'chosen.wav'))
  await until('a file', () => done() && text('#about').startsWith('chosen.wav'))
  const first = text('[data-figure="distance"]')
  set('solver', 'sgd')
  await until('sgd', () => done() && text('[data-figure="solver"]').startsWith('sgd'))
  const second = text('[data-figure="distance"]')
  if (first === second) throw new Error(`both solvers are ${first} from the original`)
  if (find('#play').disabled || find('[data-save="wav"]').disabled) throw new Error('no sound')
  set('maxIter', '1000000')
  await until('a long run', () => /sgd, [1-9]/.test(text('#status')))
  find('#cancel').click()
  await until('cancel', () => text('#status') === 'Cancelled')
  choose(new File(['no sound at all'], 'notes.wav'))
  await until('a file that is none', () => /expected sound/.test(text('#trouble')))
  return `maxent ${first}, sgd ${second}, "${text('#trouble')}"`
}

const outcome = await drive().then(
  (said) => ({ said, heard }),
  (error) => ({ failure: error.message, heard }),
)
await fetch('/outcome', { method: 'POST', body: JSON.stringify(outcome) })
