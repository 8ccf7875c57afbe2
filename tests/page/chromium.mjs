/** What the page does in Chromium. */
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { fileURLToPath } from 'node:url'
import { decode } from 'fast-png'
import { decodeWav } from '../../dist/audio.js'
import { readNpy } from '../../dist/npy.js'
import { bands, corrupt, empty, silence, text, wav } from './files.mjs'
import { expect, Visit } from './visit.mjs'

const SOUNDS = fileURLToPath(new URL('../cli/sounds/', import.meta.url))
const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url))

/** Distinct colours of a panel as it is on the screen. */
async function colours(visit, id) {
  const { data, channels } = decode(await visit.page.locator(`#${id}`).screenshot())
  const found = new Set()
  for (let i = 0; i < data.length; i += channels) found.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2])
  return found.size
}

/** A panel that shows a spectrogram has hundreds of colours; an empty one has those of its letters. */
const PICTURE = 120

export async function firstVisit(browser, address) {
  const visit = await Visit.begin(browser, address)
  expect((await visit.settled()) === '', await visit.text('#trouble'))
  const seen = []
  for (const id of ['original', 'bark', 'inverted']) seen.push(await colours(visit, id))
  expect(Math.min(...seen) > PICTURE, `the panels have ${seen} colours`)
  expect(visit.asked.length >= 5 && !visit.asked.some((url) => url.includes('gpus-')), `it asked for ${visit.asked}`)
  const third = await visit.page.locator('#inverted').screenshot()
  await visit.page.click('[data-third="difference"]')
  await visit.page.waitForTimeout(300)
  const difference = await visit.page.locator('#inverted').screenshot()
  expect(!third.equals(difference), 'the difference looks like the spectrogram')
  expect((await visit.text('#legend-high')) === '+20 dB', await visit.text('#legend-high'))
  const distance = Number.parseFloat(await visit.figure('distance'))
  expect(distance > 1 && distance < 12, `log-spectral distance ${distance}`)
  await visit.end()
  return `three panels of ${seen.join(', ')} colours, distance ${distance} dB`
}

/** Drops a file on the page, as the system does; it comes by a field that the page does not have. */
async function drop(visit, file) {
  await visit.settled()
  await visit.page.evaluate(() => {
    const field = Object.assign(document.createElement('input'), { type: 'file', id: 'dropped', hidden: true })
    document.body.append(field)
  })
  await visit.page.setInputFiles('#dropped', file)
  await visit.unsettle()
  await visit.page.evaluate(() => {
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(document.querySelector('#dropped').files[0])
    performance.mark('dropped')
    document.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
  })
}

/** Milliseconds from the drop to the first mark of a name. */
const since = (visit, name) =>
  visit.page.evaluate((mark) => {
    const [first] = performance.getEntriesByName(mark)
    return Math.round(first.startTime - performance.getEntriesByName('dropped')[0].startTime)
  }, name)

export async function dropped(browser, address, sampleRate, limits) {
  const visit = await Visit.begin(browser, address)
  await drop(visit, wav(`half-minute-${sampleRate}.wav`, 30, sampleRate, 1))
  expect((await visit.settled()) === '', await visit.text('#trouble'))
  const [seen, heard] = [await since(visit, 'original drawn'), await since(visit, 'sound ready')]
  expect((await visit.text('#about')).startsWith(`half-minute-${sampleRate}.wav: 30.0 s`), await visit.text('#about'))
  await visit.end()
  const told = `first spectrogram after ${seen} ms, first sound after ${heard} ms`
  expect(seen < limits.seen && heard < limits.heard, told)
  return told
}

export async function solvers(browser, address) {
  const visit = await Visit.begin(browser, address)
  await visit.settled()
  const told = []
  for (const solver of ['nnls', 'sgd', 'maxent']) {
    const trouble = await visit.set('solver', solver)
    const [said, loss] = [await visit.figure('solver'), await visit.figure('loss')]
    expect(trouble === '' && said.startsWith(solver), `${solver}: ${trouble || said}`)
    expect(Number.parseFloat(loss) >= 0, `${solver}: loss ${loss}`)
    expect((await visit.text('#curve-text')).startsWith('from '), `${solver}: no curve`)
    told.push(`${solver} ${loss}`)
  }
  for (const [name, value] of [
    ['method', 'griffin-lim'],
    ['phase', 'random'],
    ['scale', 'wang'],
    ['filterbank', 'corrected'],
    ['power', '2'],
    ['bands', 40],
    ['nFft', 512],
    ['hop', 128],
    ['threads', 2],
  ]) {
    const trouble = await visit.set(name, value)
    expect(trouble === '', `${name} ${value}: ${trouble}`)
  }
  await visit.end()
  return `loss ${told.join(', ')}`
}

/** What is wrong is said beside the field's name, and made good by the next value. */
export async function wrongSettings(browser, address) {
  const visit = await Visit.begin(browser, address, '?hop=99999999&solver=magic&bands=40')
  await visit.settled()
  await visit.page.waitForFunction(() => document.querySelector('#trouble').textContent)
  const first = await visit.text('#trouble')
  expect(/Hop: expected an integer/.test(first) && /Solver: expected one of/.test(first), first)
  expect((await visit.page.inputValue('#field-bands')) === '40', 'what is right in the address is not taken')
  const told = []
  for (const [name, value, expected] of [
    ['bands', '', /^Bands: expected an integer from 1 to 1024, got nothing$/],
    ['hop', '2000', /^Hop: expected at most n_fft, 1024 samples, got 2000$/],
    ['hop', '1e99', /^Hop: expected an integer/],
  ]) {
    const trouble = await visit.set(name, value)
    expect(expected.test(trouble), `${name} ${value}: ${trouble}`)
    told.push(trouble)
  }
  await visit.set('bands', '40')
  expect((await visit.set('hop', '256')) === '', await visit.text('#trouble'))
  await visit.end()
  return `${told.length + 2} refused`
}

/** Chromium's own remarks on a GPU that a program imitates, or that is lost. */
export const GPU = /GPU stall due to ReadPixels|No available adapters|CONTEXT_LOST_WEBGL|A valid external Instance/i

export async function devices(browser, address) {
  const visit = await Visit.begin(browser, address, '?solver=sgd&maxIter=20&bands=40')
  await visit.settled()
  const told = []
  for (const [device, expected] of [
    ['cpu', /^wasm, \d+ threads?$/],
    ['gpu', /^web(gl2|gpu)$/],
    ['auto', /^wasm, \d+ threads?$/],
  ]) {
    const trouble = await visit.set('device', device)
    const backend = await visit.figure('backend')
    expect(trouble === '' && expected.test(backend), `${device}: ${trouble || backend}`)
    told.push(`${device} ${backend}`)
  }
  await visit.end({ allowed: GPU })
  return told.join('; ')
}

/** The context is taken away in the middle of a run; the next one finds a new one. */
export async function lostGpu(browser, address) {
  const visit = await Visit.begin(browser, address, '?bands=40&maxIter=1000000&device=gpu')
  await visit.settled()
  const [worker] = visit.page.workers()
  await worker.evaluate(() => {
    globalThis.contexts = []
    const real = OffscreenCanvas.prototype.getContext
    OffscreenCanvas.prototype.getContext = function (...args) {
      const context = real.apply(this, args)
      if (args[0] === 'webgl2') globalThis.contexts.push(context)
      return context
    }
  })
  await visit.unsettle()
  await visit.page.locator('#field-solver').selectOption('sgd')
  await visit.page.waitForFunction(
    () =>
      /[1-9]/.test(document.querySelector('[data-figure="iterations"]').textContent) &&
      /^Solving with sgd, [1-9]/.test(document.querySelector('#status').textContent),
  )
  await worker.evaluate(() => {
    for (const context of globalThis.contexts) context.getExtension('WEBGL_lose_context')?.loseContext()
  })
  const trouble = await visit.settled()
  expect(/lost/.test(trouble), `it says ${JSON.stringify(trouble)}`)
  expect(await visit.page.isDisabled('#cancel'), 'it can still be cancelled')
  const again = await visit.set('maxIter', 20)
  expect(
    again === '' && (await visit.figure('backend')) === 'webgl2',
    `then: ${again || (await visit.figure('backend'))}`,
  )
  await visit.end({ allowed: GPU })
  return `"${trouble}", and the next run is on the GPU again`
}

export async function badFiles(browser, address) {
  const visit = await Visit.begin(browser, address)
  await visit.settled()
  const told = []
  for (const [file, expected] of [
    [corrupt(), /expected .*, got/],
    [empty(), /empty file/],
    [text(), /expected sound that this browser can decode/],
    [await bands('flat.npy', [12]), /expected bands of shape/],
  ]) {
    const trouble = await visit.choose(file)
    expect(expected.test(trouble), `${file}: ${JSON.stringify(trouble)}`)
    expect(await visit.page.isDisabled('#cancel'), `${file}: it can still be cancelled`)
    expect(await visit.page.isDisabled('#play'), `${file}: something can be played`)
    told.push(trouble)
  }
  expect((await visit.choose(`${EXAMPLES}speech.wav`)) === '', await visit.text('#trouble'))
  await visit.end()
  return told.join('; ')
}

export async function oddSounds(browser, address) {
  const visit = await Visit.begin(browser, address)
  await visit.settled()
  const told = []
  for (const [what, file, expected] of [
    ['silence', silence(), /1 channel$/],
    ['8 channels', wav('eight.wav', 3, 44100, 8), /8 channels, mixed down to one$/],
    ['192 kHz', wav('fast.wav', 3, 192000, 1), /192 000 Hz/],
  ]) {
    const trouble = await visit.choose(file)
    const about = await visit.text('#about')
    expect(trouble === '' && expected.test(about), `${what}: ${trouble || about}`)
    expect(await visit.page.isEnabled('[data-save="wav"]'), `${what}: no sound`)
    told.push(`${what} ${await visit.figure('convergence')}`)
  }
  for (const kind of ['mp3', 'flac', 'ogg']) {
    const trouble = await visit.choose(`${SOUNDS}tone.${kind}`)
    expect(trouble === '', `${kind}: ${trouble}`)
    told.push(`${kind} ${(await visit.text('#about')).replace(/^[^:]*: /, '')}`)
  }
  expect((await visit.choose(wav('eight.wav', 3, 44100, 8))) === '', 'eight channels again')
  expect((await visit.set('channels', 'all')) === '', await visit.text('#trouble'))
  expect((await visit.page.locator('#channel option').count()) === 8, 'no choice of 8 channels')
  const before = await visit.page.locator('#original').screenshot()
  await visit.page.selectOption('#channel', '7')
  await visit.page.waitForTimeout(300)
  expect(!before.equals(await visit.page.locator('#original').screenshot()), 'channel 8 looks like channel 1')
  await visit.end()
  return `convergence: ${told.join(', ')}; 8 channels each by itself`
}

export async function npyIn(browser, address) {
  const visit = await Visit.begin(browser, address)
  await visit.settled()
  const trouble = await visit.choose(await bands('made.npy', [1, 40, 0]))
  expect(trouble === '', trouble)
  expect((await visit.page.inputValue('#field-bands')) === '40', 'the number of bands is not the array’s')
  expect(await visit.page.isEnabled('#field-rate'), 'the sample rate cannot be set')
  expect(await visit.page.isDisabled('input[value="original"]'), 'there is an original to hear')
  expect((await colours(visit, 'inverted')) > PICTURE, 'nothing is to be seen')
  const about = await visit.text('#about')
  await visit.end()
  return about
}

/** The rest of a minute's run is ended; how soon the page says so, and the worker stops. */
export async function cancel(browser, address) {
  const visit = await Visit.begin(browser, address, '?maxIter=1000000&threads=1&device=cpu')
  await visit.settled()
  await visit.unsettle()
  await visit.page.locator('#field-solver').selectOption('sgd')
  await visit.page.waitForFunction(() => /sgd, [1-9]/.test(document.querySelector('#status').textContent))
  const ms = await cancelled(visit)
  expect(ms.said < 100 && ms.stopped < 100, `said after ${ms.said} ms, stopped after ${ms.stopped} ms`)
  expect((await visit.set('solver', 'maxent')) === '', await visit.text('#trouble'))
  await visit.end()
  return `said after ${ms.said} ms, stopped after ${ms.stopped} ms`
}

/** Presses cancel; until the page says so, and until the worker has nothing more to do and answers. */
const cancelled = (visit) =>
  visit.page.evaluate(async () => {
    const status = document.querySelector('#status')
    const start = performance.now()
    performance.clearMarks()
    document.querySelector('#cancel').click()
    await new Promise(requestAnimationFrame)
    const said = status.textContent === 'Cancelled' ? performance.now() - start : Infinity
    const stopped = () => performance.getEntriesByName('worker stopped')[0]
    while (!stopped()) await new Promise((resolve) => setTimeout(resolve, 5))
    return { said: Math.round(said), stopped: Math.round(stopped().startTime - start) }
  })

/** Ten minutes of stereo: whole, cancelled on the way, and what memory its process takes at most. */
export async function tenMinutes(browser, address) {
  const file = wav('ten-minutes.wav', 600, 44100, 2)
  const visit = await Visit.begin(browser, address)
  await visit.settled()
  const session = await browser.newBrowserCDPSession()
  const start = performance.now()
  const trouble = await visit.choose(file, 150_000)
  expect(trouble === '', trouble)
  const seconds = ((performance.now() - start) / 1000).toFixed(0)
  const peak = await peakMegabytes(session)
  for (let i = 0; i < 8; i++) await visit.page.click('[data-zoom="time-in"]')
  expect((await colours(visit, 'original')) > PICTURE, 'zoomed in, nothing is to be seen')
  const answers = []
  for (const stage of [/Making sound, [1-9]/, /Solving with nnls, [1-9]/]) {
    await visit.unsettle()
    if (stage.source.includes('nnls')) await visit.page.selectOption('#field-solver', 'nnls')
    else await visit.page.fill('#field-iterations', '31')
    await visit.page.waitForFunction(
      ({ source }) => new RegExp(source).test(document.querySelector('#status').textContent),
      { source: stage.source },
    )
    const { said, stopped } = await cancelled(visit)
    answers.push(`${said} and ${stopped} ms`)
    expect(said < 100 && stopped < 100, `cancelled after ${said} ms, stopped after ${stopped} ms`)
  }
  await visit.end()
  fs.rmSync(file)
  return `${seconds} s in all, peak memory of the process ${peak} MB; cancel is said and done after ${answers.join(', ')}`
}

/** The peak of the largest process of the browser. */
async function peakMegabytes(session) {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  const peaks = processInfo.map(({ id }) => {
    const [, kilobytes = 0] = /VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${id}/status`, 'utf8')) ?? []
    return Math.round(kilobytes / 1024)
  })
  return Math.max(...peaks)
}

export async function microphone(browser, address) {
  const visit = await Visit.begin(browser, address, '', { permissions: ['microphone'] })
  await visit.settled()
  await visit.page.click('#record')
  await visit.page.waitForFunction(() => /Recording, 1\.\d s/.test(document.querySelector('#status').textContent))
  await visit.page.click('#record')
  await visit.page.waitForFunction(() => /^recording/.test(document.querySelector('#about').textContent))
  expect((await visit.settled()) === '', await visit.text('#trouble'))
  const about = await visit.text('#about')
  expect((await colours(visit, 'inverted')) > PICTURE, 'nothing is to be seen')
  await visit.end()
  return about
}

export async function refusedMicrophone(browser, address) {
  const visit = await Visit.begin(browser, address)
  await visit.settled()
  await visit.page.click('#record')
  await visit.page.waitForFunction(() => document.querySelector('#trouble').textContent)
  const said = await visit.text('#trouble')
  expect(/microphone/i.test(said), said)
  await visit.end()
  return said
}

export async function noWebAssembly(browser, address) {
  const visit = await Visit.begin(browser, address, '', {}, () => {
    delete globalThis.WebAssembly
  })
  await visit.page.waitForFunction(() => document.querySelector('#trouble').textContent)
  const said = await visit.text('#trouble')
  expect(/no WebAssembly/.test(said), said)
  await visit.end()
  return said
}

export async function playing(browser, address) {
  const visit = await Visit.begin(browser, address)
  await visit.settled()
  const clock = async () => Number.parseFloat(await visit.text('#clock'))
  await visit.page.click('#play')
  await visit.page.waitForFunction(() => Number.parseFloat(document.querySelector('#clock').textContent) > 0.3)
  const before = await clock()
  await visit.page.check('input[value="original"]')
  const after = await clock()
  expect(
    (await visit.text('#play')) === 'Pause' && after >= before && after < before + 0.8,
    `A at ${after} s, B was at ${before} s`,
  )
  const place = () => visit.page.locator('.cursor').evaluate((line) => line.style.transform)
  const first = await place()
  await visit.page.waitForTimeout(200)
  expect(first !== (await place()), 'the cursor stands still')
  await visit.page.click('#play')
  const paused = await clock()
  await visit.page.waitForTimeout(200)
  expect((await clock()) === paused && (await visit.text('#play')) === 'Play', 'it goes on after Pause')
  await visit.page.locator('#position').fill('3')
  await visit.page.click('#play')
  await visit.page.waitForFunction(() => document.querySelector('#play').textContent === 'Play')
  expect((await clock()) >= 3.2, `it ends at ${await clock()} s`)
  // a click on a panel goes there
  const { width } = await visit.page.locator('#bark').boundingBox()
  await visit.page.locator('#bark').click({ position: { x: 52 + (width - 52) / 2, y: 40 } })
  expect(Math.abs((await clock()) - 1.65) < 0.15, `a click in the middle goes to ${await clock()} s`)
  await visit.end()
  return `A/B at ${before} and ${after} s`
}

export async function looking(browser, address) {
  const visit = await Visit.begin(browser, address)
  await visit.settled()
  const read = (name) => visit.text(`[data-read="${name}"]`)
  const box = await visit.page.locator('#original').boundingBox()
  await visit.page.mouse.move(box.x + 52 + (box.width - 52) / 2, box.y + box.height / 2)
  await visit.page.waitForFunction(() => document.querySelector('[data-read="difference"]').textContent !== '–')
  const [hz, time] = [Number.parseFloat(await read('hz')), Number.parseFloat(await read('time'))]
  expect(Math.abs(hz - 4000) < 60 && Math.abs(time - 1.65) < 0.05, `the middle reads ${hz} Hz at ${time} s`)
  const levels = []
  for (const name of ['original', 'bark', 'inverted']) levels.push(await read(name))
  expect(
    levels.every((level) => /^(−\d+\.\d|0\.0) dB$/.test(level)),
    `levels ${levels}`,
  )
  await visit.page.click('[data-axis="bark"]')
  for (let i = 0; i < 3; i++) await visit.page.click('[data-zoom="time-in"]')
  await visit.page.click('[data-zoom="frequency-in"]')
  await visit.page.click('[data-third="sound"]')
  await visit.set('bands', 40)
  await visit.page.waitForTimeout(500)
  const url = visit.page.url()
  for (const part of ['axis=bark', 'third=sound', 'bands=40', 'view=0.'])
    expect(url.includes(part), `${part} is not in ${url}`)
  const shot = await visit.page.locator('#inverted').screenshot()
  await visit.page.goto(url)
  await visit.settled()
  await visit.page.waitForTimeout(500)
  expect(shot.equals(await visit.page.locator('#inverted').screenshot()), 'the address gives another view')
  // panning by dragging
  const before = await visit.page.url()
  await visit.page.mouse.move(box.x + 300, box.y + 50)
  await visit.page.mouse.down()
  await visit.page.mouse.move(box.x + 200, box.y + 50, { steps: 5 })
  await visit.page.mouse.up()
  await visit.page.waitForTimeout(500)
  expect(visit.page.url() !== before, 'dragging does not pan')
  await visit.end()
  return `${levels.join(', ')} at ${hz} Hz; the address restores the view`
}

export async function saving(browser, address) {
  const visit = await Visit.begin(browser, address)
  await visit.settled()
  const told = []
  const saved = async (kind) => {
    const coming = visit.page.waitForEvent('download')
    await visit.page.click(`[data-save="${kind}"]`)
    const download = await coming
    told.push(download.suggestedFilename())
    return fs.readFileSync(await download.path())
  }
  const { waveform, sampleRate } = decodeWav(await saved('wav'))
  expect(waveform.shape.join() === '1,52640' && sampleRate === 16000, `sound of ${waveform.shape} at ${sampleRate} Hz`)
  expect(readNpy(await saved('npy-inverted')).shape.join() === '1,513,206', 'the inverted spectrogram’s shape')
  expect(readNpy(await saved('npy-bark')).shape.join() === '1,80,206', 'the bands’ shape')
  const { width, height } = decode(await saved('png'))
  expect(width === 2400 && height > 1000, `a picture of ${width} x ${height}`)
  await visit.end()
  return told.join(', ')
}

export async function comparing(browser, address) {
  const visit = await Visit.begin(browser, address)
  await visit.settled()
  await visit.unsettle()
  await visit.page.click('#compare')
  expect((await visit.settled()) === '', await visit.text('#trouble'))
  const rows = await visit.page
    .locator('tbody tr')
    .evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.textContent)))
  const distances = rows.map((cells) => Number.parseFloat(cells.at(-1)))
  expect(rows.length === 3 && distances.every((distance) => distance > 0), JSON.stringify(rows))
  const pictures = await visit.page
    .locator('.shot')
    .evaluateAll((all) => all.map((canvas) => canvas.toDataURL().length))
  expect(
    pictures.every((length) => length > 10_000),
    `pictures of ${pictures} letters`,
  )
  await visit.end()
  return rows.map((cells) => `${cells[0]} ${cells.at(-1)}`).join(', ')
}

/** The JavaScript on the page, in Node: the same losses. */
export async function snippet(browser, address) {
  const visit = await Visit.begin(browser, address, '?solver=sgd&maxIter=300&bands=40&power=2&scale=schroeder')
  await visit.settled()
  const code = await visit.text('#javascript')
  const python = await visit.text('#python')
  const loss = await visit.figure('loss')
  await visit.end()
  const program = `${code}\nconsole.log(report.loss.toPrecision(3), wav.length > 100_000)`
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd: EXAMPLES })
    .toString()
    .trim()
  expect(printed === `${Number(loss.replace('−', '-')).toPrecision(3)} true`, `Node says ${printed}, the page ${loss}`)
  for (const part of [
    'InverseBarkScale(n_stft=513, n_barks=40',
    'bark_scale="schroeder", max_iter=300',
    'n_fft=1024, hop_length=256',
  ])
    expect(python.includes(part), `${part} is not in\n${python}`)
  return `loss ${loss} in both`
}

/** axe-core on the page as it is after a run, with every solver's row filled. */
export async function accessible(browser, address, options) {
  const visit = await Visit.begin(browser, address, '', options)
  await visit.settled()
  await visit.page.click('#compare')
  await visit.page.waitForFunction(() => document.querySelector('#status').textContent === 'Compared')
  const audited = await visit.audit()
  const { wide, motion } = await visit.page.evaluate(() => ({
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    motion: [...document.querySelectorAll('button')].filter(
      (button) => getComputedStyle(button).transitionDuration !== '0s',
    ).length,
  }))
  expect(wide <= 0, `the page is ${wide} pixels too wide`)
  if (options.reducedMotion) expect(motion === 0, `${motion} buttons still move`)
  await visit.end({ longTasks: true })
  return audited
}

/** All that there is to press is reached by Tab, and the page is used with keys alone. */
export async function keyboard(browser, address) {
  const visit = await Visit.begin(browser, address)
  await visit.settled()
  const wanted = await visit.page.evaluate(
    () =>
      [...document.querySelectorAll('button, select, input:not([type="file"]), [tabindex="0"]')]
        .filter((element) => !element.disabled && !(element.type === 'radio' && !element.checked))
        .map((element, i) => {
          element.dataset.stop = String(i)
          return i
        }).length,
  )
  const stops = new Set()
  for (let i = 0; i < wanted + 10; i++) {
    await visit.page.keyboard.press('Tab')
    const stop = await visit.page.evaluate(() => document.activeElement?.dataset.stop)
    if (stop !== undefined) stops.add(stop)
  }
  expect(stops.size === wanted, `${stops.size} of ${wanted} stops`)
  const focus = (selector) => visit.page.focus(selector)
  await focus('#plot')
  for (const key of ['ArrowRight', 'ArrowUp', '+', ']', 'Shift+ArrowRight', 'Shift+ArrowUp', 'Enter'])
    await visit.page.keyboard.press(key)
  await visit.page.waitForFunction(() => document.querySelector('[data-read="difference"]').textContent !== '–')
  await visit.page.waitForTimeout(500)
  expect(visit.page.url().includes('view='), 'keys do not zoom')
  expect(Number.parseFloat(await visit.text('#clock')) > 1, 'Enter does not seek')
  await visit.page.keyboard.press(' ')
  await visit.page.waitForFunction(() => document.querySelector('#play').textContent === 'Pause')
  await focus('#play')
  await visit.page.keyboard.press('Enter')
  await visit.page.waitForFunction(() => document.querySelector('#play').textContent === 'Play')
  await focus('[data-sound="noise"]')
  await visit.page.keyboard.press('Enter')
  await visit.page.waitForFunction(() => document.querySelector('#about').textContent.startsWith('noise.wav'))
  await visit.settled()
  await visit.end()
  return `${wanted} stops; read, zoomed, panned, sought, played`
}
