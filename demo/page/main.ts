/** The page: what happens when something is opened, set, pointed at, played or saved. */
import { RANGE_DB } from '../../src/cli/plot/levels.ts'
import { Client } from './client.ts'
import { DIFFERENCE_DB, DIFFERENCE_PIXELS, LEVEL_PIXELS } from './colours.ts'
import { Comparison, PICTURE } from './comparison.ts'
import { Controls } from './controls.ts'
import { all, choice, find, make, save } from './dom.ts'
import { count, Figures } from './figures.ts'
import { open, send } from './files.ts'
import type { AxisName, Extent, File as Kind, News, PanelName, Source, Step, Third } from './messages.ts'
import { drawPicture } from './picture.ts'
import { type Heard, Player } from './player.ts'
import { Plot } from './plot.ts'
import { Recorder } from './record.ts'
import { contradiction, readSettings, writeSettings } from './settings.ts'
import { javascript, python } from './snippet.ts'
import { readWindow, WHOLE, writeWindow } from './window.ts'

const SOUNDS = ['speech', 'music', 'noise'] as const
type SoundName = (typeof SOUNDS)[number]
/** Milliseconds before a moved view is put into the address; browsers refuse many changes at once. */
const PAUSE = 300

const query = new URLSearchParams(location.search)
const { settings: asked, wrong } = readSettings(query)
const status = find('#status')
const progress = find<HTMLProgressElement>('#progress')
const cancel = find<HTMLButtonElement>('#cancel')

const client = new Client(hear, trouble)
const figures = new Figures()
const comparison = new Comparison()
const recorder = new Recorder()
const player = new Player(client, showPlayer)
const third = query.get('third')
const plot = new Plot(
  client,
  {
    window: readWindow(query.get('view')),
    axis: query.get('axis') === 'bark' ? 'bark' : 'hz',
    third: third === 'sound' || third === 'difference' ? third : 'inverted',
    channel: 0,
  },
  { moved: address, seek: (time) => player.seek(time * (plot.extent?.seconds ?? 0)), play: togglePlay },
)
const controls = new Controls(asked, () => run(), trouble)

let source: Source | undefined
let name = ''
/** Which of the page's own sounds it is. */
let bundled: SoundName | undefined
/** Counts what was begun, so that what was overtaken says nothing. */
let begun = 0
let warnings: string[] = []
/** Whether the steps that are told are those of a comparison. */
let isComparing = false

function trouble(text: string): void {
  find('#trouble').textContent = text
}

function busy(text: string): void {
  status.textContent = text
  cancel.disabled = false
}

function idle(text: string, part = 0): void {
  status.textContent = text
  progress.value = part
  cancel.disabled = true
}

/** Does a piece of work that may be overtaken or cancelled, and says how it ended. */
async function attempt(work: () => Promise<void>, done: () => string): Promise<void> {
  const own = ++begun
  isComparing = false
  trouble('')
  try {
    await work()
    if (own === begun) idle(done(), 1)
  } catch (error) {
    if (own !== begun) return
    if ((error as Error).name === 'AbortError') return idle('Cancelled')
    idle('')
    trouble(explained(error as Error))
  }
}

function explained({ name, message }: Error): string {
  if (name === 'CompileError') return `This browser lacks the WebAssembly that unbark needs (SIMD): ${message}`
  return message.replace(/^wav: /, '')
}

/** Opens what `get` gives and inverts it. */
async function openAs(title: string, get: () => Promise<Source>): Promise<void> {
  forget(title)
  await attempt(
    async () => {
      busy(`Reading ${title}`)
      const own = begun
      const found = await get()
      if (own !== begun) throw new DOMException('replaced', 'AbortError')
      source = found
      warnings = [...found.warnings]
      const settings = controls.settings
      controls.set(found.kind === 'bands' ? { ...settings, bands: found.bands! } : settings)
      controls.fit(found)
      describe()
      await invert()
    },
    () => 'Done',
  )
}

function forget(title: string): void {
  name = title
  source = undefined
  player.offer('original', undefined)
  player.offer('result', undefined)
  figures.clear()
  comparison.clear()
  plot.state.channel = 0
  plot.clear()
  plot.absent.original = plot.absent.bark = plot.absent.inverted = ''
  showPlayer()
  for (const button of all<HTMLButtonElement>('[data-sound]'))
    button.setAttribute('aria-pressed', String(button.dataset['sound'] === bundled))
  saves()
}

async function invert(): Promise<void> {
  const { settings } = controls
  const problem = contradiction(settings)
  if (problem) throw new RangeError(problem)
  const own = begun
  await client.call('run', [settings])
  if (own !== begun) throw new DOMException('replaced', 'AbortError')
  snippets()
}

function run(): void {
  address()
  snippets()
  if (!source) return
  warnings = [...source.warnings]
  note(undefined)
  comparison.clear()
  attempt(invert, () => 'Done')
}

const STAGES: Record<string, string> = {
  reading: 'Reading',
  spectrogram: 'Making the spectrogram',
  bands: 'Making the bands',
  figures: 'Measuring',
  sound: 'Making sound',
}

function step({ stage, part, iteration, of, loss }: Step): void {
  if (!isComparing) figures.step({ stage, part, iteration, of, loss })
  if (cancel.disabled) busy('')
  const where = of > 0 ? `, ${count(iteration)} of ${count(of)}` : ''
  status.textContent = `${STAGES[stage] ?? `Solving with ${stage}`}${where}`
  progress.value = part
}

function hear(news: News): void {
  if (news.is === 'step') step(news.step)
  else if (news.is === 'shown') shown(news.panel, news.extent)
  else if (news.is === 'solved') {
    figures.solved(news.solved)
    const { adapter, why } = news.solved.report
    if (adapter) note(`GPU: ${adapter}`)
    note(why)
  } else if (news.is === 'sounded') {
    const { channels, samples, sampleRate } = news.sounded
    player.offer('result', { channels, samples, sampleRate })
    performance.mark('sound ready')
    figures.sounded(news.sounded)
    showPlayer()
    saves()
  } else if (news.is === 'likeness') figures.likeness(news.of, news.likeness)
  else if (news.is === 'row') comparison.put(news.row)
  else note(news.text)
}

function note(text: string | undefined): void {
  if (text && !warnings.includes(text)) warnings.push(text)
  find('#notes').textContent = warnings.join('\n')
}

function shown(panel: PanelName | 'sound', extent: Extent): void {
  plot.extent = extent
  if (panel === 'original' && source) {
    const { settings } = controls
    const channels = settings.channels === 'mix' ? 1 : source.channels
    player.offer('original', { channels, samples: source.length, sampleRate: source.sampleRate })
    player.offer('result', undefined)
    showPlayer()
  }
  if (source?.kind === 'bands') plot.absent.original = 'No original: the file has bands alone'
  channelsOf(extent.channels)
  saves()
  plot.refresh()
}

function channelsOf(channels: number): void {
  const select = find<HTMLSelectElement>('#channel')
  if (select.length !== channels)
    select.replaceChildren(
      ...Array.from({ length: channels }, (_, i) => make('option', { value: String(i), textContent: String(i + 1) })),
    )
  select.disabled = channels === 1
  plot.state.channel = Math.min(plot.state.channel, channels - 1)
  select.value = String(plot.state.channel)
}

/** Says what was opened, and what is done with its channels. */
function describe(): void {
  if (!source) return
  const { kind, channels, length, sampleRate, bands } = source
  const many = `${channels} channel${channels === 1 ? '' : 's'}`
  find('#about').textContent =
    kind === 'sound'
      ? `${name}: ${(length / sampleRate).toFixed(1)} s, ${count(sampleRate)} Hz, ${many}${mixing(channels)}`
      : `${name}: ${bands} bands, ${count(length)} frames${channels > 1 ? `, ${channels} items` : ''}; set what they were made with`
  find('#note-original').textContent = kind === 'bands' ? 'none' : ''
}

function mixing(channels: number): string {
  if (channels === 1) return ''
  return controls.settings.channels === 'mix' ? ', mixed down to one' : ', each by itself'
}

function snippets(): void {
  describe()
  if (!source) return
  find('#javascript').textContent = javascript(controls.settings, source, name)
  find('#python').textContent = python(controls.settings, source, name)
}

/** The whole state, so that a view can be shared. */
function addressNow(): string {
  const next = new URLSearchParams()
  if (bundled && bundled !== SOUNDS[0]) next.set('sound', bundled)
  writeSettings(controls.settings, next)
  const { axis, third, window } = plot.state
  if (axis !== 'hz') next.set('axis', axis)
  if (third !== 'inverted') next.set('third', third)
  const view = writeWindow(window)
  if (view) next.set('view', view)
  const text = next.toString().replaceAll('%2C', ',')
  return `${location.pathname}${text && `?${text}`}`
}

let addressTimer = 0
function address(): void {
  clearTimeout(addressTimer)
  addressTimer = setTimeout(() => history.replaceState(null, '', addressNow()), PAUSE)
}

function togglePlay(): void {
  if (player.isPlaying) player.stop()
  else player.play().catch((error: Error) => trouble(error.message))
}

const slider = find<HTMLInputElement>('#position')
const still = matchMedia('(prefers-reduced-motion: reduce)')
let drawn = 0

/** Shows where it is, for as long as it plays; four times a second where motion is not wanted. */
function showPlayer(): void {
  const { seconds, position, isPlaying } = player
  const play = find<HTMLButtonElement>('#play')
  const isAny = seconds > 0
  play.disabled = slider.disabled = !isAny
  play.textContent = isPlaying ? 'Pause' : 'Play'
  for (const radio of all<HTMLInputElement>('input[name="heard"]')) radio.disabled = !player.has(radio.value as Heard)
  slider.max = String(seconds || 1)
  slider.value = String(position)
  slider.setAttribute('aria-valuetext', `${position.toFixed(1)} of ${seconds.toFixed(1)} seconds`)
  find('#clock').textContent = `${position.toFixed(1)} / ${seconds.toFixed(1)} s`
  plot.cursor(isAny && plot.extent ? position / plot.extent.seconds : undefined, isPlaying)
  cancelAnimationFrame(drawn)
  if (!isPlaying) return
  if (still.matches) setTimeout(() => requestAnimationFrame(showPlayer), 250)
  else drawn = requestAnimationFrame(showPlayer)
}

function saves(): void {
  for (const button of all<HTMLButtonElement>('[data-save]')) {
    const kind = button.dataset['save']
    button.disabled = !plot.extent || (kind === 'wav' && !player.has('result'))
  }
  find<HTMLButtonElement>('#compare').disabled = !plot.extent
}

async function saveAs(kind: Kind | 'png'): Promise<void> {
  const stem = name.replace(/\.\w+$/, '') || 'sound'
  try {
    if (kind === 'png') {
      const last = find(`[data-third="${plot.state.third}"]`).textContent
      return save(await drawPicture(plot, { original: 'Original', bark: 'Bark bands', inverted: last }), `${stem}.png`)
    }
    const blob = await client.call('file', [kind])
    save(blob, kind === 'wav' ? `${stem}.unbark.wav` : `${stem}.${kind.slice('npy-'.length)}.npy`)
  } catch (error) {
    trouble((error as Error).message)
  }
}

/** The colours and what they stand for. */
function legend(): void {
  const canvas = find<HTMLCanvasElement>('#legend')
  const isDifference = plot.state.third === 'difference'
  const pixels = isDifference ? DIFFERENCE_PIXELS : LEVEL_PIXELS
  const image = new ImageData(canvas.width, canvas.height)
  const out = new Uint32Array(image.data.buffer)
  for (let i = 0; i < out.length; i++) out[i] = pixels[Math.floor(((i % canvas.width) * pixels.length) / canvas.width)]!
  canvas.getContext('2d')!.putImageData(image, 0, 0)
  const ends = isDifference
    ? [`−${DIFFERENCE_DB}`, 'equal', `+${DIFFERENCE_DB} dB`]
    : [`−${RANGE_DB}`, `−${RANGE_DB / 2}`, '0 dB']
  for (const [i, end] of ['low', 'middle', 'high'].entries()) find(`#legend-${end}`).textContent = ends[i]!
  find('#title-inverted').textContent = find(`[data-third="${plot.state.third}"]`).textContent
  find('#note-inverted').textContent = isDifference ? 'inverted − original, on its own colours' : ''
}

async function fetchSound(which: SoundName): Promise<void> {
  bundled = which
  const get = async (): Promise<Source> => {
    const response = await fetch(new URL(`sounds/${which}.wav`, document.baseURI))
    if (!response.ok) throw new Error(`sounds/${which}.wav: got status ${response.status}`)
    return open(client, await response.blob())
  }
  const opening = openAs(`${which}.wav`, get)
  address()
  await opening
}

function openFile(file: File): void {
  bundled = undefined
  plot.state.window = WHOLE
  openAs(file.name, () => open(client, file))
  address()
}

async function record(): Promise<void> {
  const button = find<HTMLButtonElement>('#record')
  if (recorder.isRecording) return recorder.stop()
  trouble('')
  try {
    button.textContent = 'Stop'
    button.setAttribute('aria-pressed', 'true')
    const buffer = await recorder.record((seconds) => {
      status.textContent = `Recording, ${seconds.toFixed(1)} s`
    })
    bundled = undefined
    plot.state.window = WHOLE
    openAs('recording.wav', () => send(client, buffer))
    address()
  } catch (error) {
    trouble((error as Error).message)
    status.textContent = ''
  } finally {
    button.textContent = 'Record'
    button.setAttribute('aria-pressed', 'false')
  }
}

function compare(): void {
  comparison.clear()
  attempt(
    async () => {
      isComparing = true
      await client.call('compare', [controls.settings, { ...plot.request(), ...PICTURE }])
    },
    () => 'Compared',
  )
}

async function copy(text: string, button: HTMLButtonElement): Promise<void> {
  const before = button.dataset['label'] ?? button.textContent
  button.dataset['label'] = before
  button.textContent = await navigator.clipboard.writeText(text).then(
    () => 'Copied',
    () => 'Not allowed',
  )
  setTimeout(() => {
    button.textContent = before
  }, 1500)
}

function listen(): void {
  const input = find<HTMLInputElement>('#file')
  find('#choose').addEventListener('click', () => input.click())
  input.addEventListener('change', () => {
    const [file] = input.files ?? []
    if (file) openFile(file)
    input.value = ''
  })
  for (const button of all<HTMLButtonElement>('[data-sound]'))
    button.addEventListener('click', () => {
      plot.state.window = WHOLE
      fetchSound(button.dataset['sound'] as SoundName)
    })
  find('#record').addEventListener('click', record)
  cancel.addEventListener('click', () => {
    begun++
    idle('Cancelled')
    client.call('cancel', []).then(() => performance.mark('worker stopped'))
  })
  const veil = find('#veil')
  document.addEventListener('dragover', (event) => {
    event.preventDefault()
    veil.classList.add('shown')
  })
  document.addEventListener('dragleave', (event) => {
    if (!event.relatedTarget) veil.classList.remove('shown')
  })
  document.addEventListener('drop', (event) => {
    event.preventDefault()
    veil.classList.remove('shown')
    const file = event.dataTransfer?.files[0]
    if (file) openFile(file)
  })
  choice<AxisName>('axis', (axis) => {
    plot.state.axis = axis
    plot.refresh()
    address()
  })(plot.state.axis)
  choice<Third>('third', (third) => {
    plot.state.third = third
    legend()
    plot.refresh()
    address()
  })(plot.state.third)
  find('#channel').addEventListener('change', (event) => {
    plot.state.channel = Number((event.target as HTMLSelectElement).value)
    plot.refresh()
  })
  find('#play').addEventListener('click', togglePlay)
  for (const radio of all<HTMLInputElement>('input[name="heard"]'))
    radio.addEventListener('change', () => player.hear(radio.value as Heard))
  slider.addEventListener('input', () => player.seek(Number(slider.value)))
  for (const button of all<HTMLButtonElement>('[data-save]'))
    button.addEventListener('click', () => saveAs(button.dataset['save'] as Kind | 'png'))
  find('#compare').addEventListener('click', compare)
  for (const button of all<HTMLButtonElement>('[data-copy]'))
    button.addEventListener('click', () => copy(find(`#${button.dataset['copy']}`).textContent, button))
  find<HTMLButtonElement>('#share').addEventListener('click', ({ currentTarget }) =>
    copy(new URL(addressNow(), location.href).href, currentTarget as HTMLButtonElement),
  )
}

function start(): void {
  listen()
  legend()
  if (typeof WebAssembly === 'undefined') {
    trouble('This browser has no WebAssembly, or it is switched off; unbark computes with nothing else.')
    return
  }
  // the page is on the screen first
  requestAnimationFrame(() => setTimeout(first))
}

async function first(): Promise<void> {
  await fetchSound(SOUNDS.find((which) => which === query.get('sound')) ?? SOUNDS[0])
  if (wrong.length > 0) trouble(`In the address: ${wrong.join('; ')}`)
}

start()
