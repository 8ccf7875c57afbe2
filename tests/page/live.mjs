/** What the page of the worklet does in Chromium. */
import { expect, Visit } from './visit.mjs'

/** Seconds that are played without an underrun. */
const SECONDS = 10

export async function played(browser, address) {
  const visit = await Visit.begin(browser, address, 'live.html')
  const number = async (id) => Number.parseFloat(await visit.text(id))
  await visit.page.click('#play')
  await visit.page.waitForFunction(
    (seconds) => Number.parseFloat(document.querySelector('#played').textContent) >= seconds,
    SECONDS,
    { timeout: 3000 * SECONDS },
  )
  const [seconds, underruns] = [await number('#played'), await number('#underruns')]
  expect((await visit.text('#trouble')) === '', await visit.text('#trouble'))
  await visit.page.click('#play')
  await visit.end()
  expect(underruns === 0, `${underruns} underruns in ${seconds} s`)
  return `${seconds} s without an underrun`
}

export async function faders(browser, address) {
  const visit = await Visit.begin(browser, address, 'live.html')
  const { page } = visit
  const states = () => page.$$eval('#faders input', (all) => all.map((fader) => fader.getAttribute('aria-valuetext')))
  await page.click('#play')
  await page.waitForFunction(() => Number.parseFloat(document.querySelector('#played').textContent) > 0.5)
  await page.click('[data-faders="telephone"]')
  const off = (await states()).filter((state) => state === 'off').length
  expect(off > 5 && off < 30, `${off} bands are off`)
  await page.click('[data-faders="flat"]')
  await page.focus('#faders input')
  await page.keyboard.press('ArrowDown')
  expect((await states())[0] === '-1 dB', (await states())[0])
  await page.click('[data-sound="music"]')
  await page.waitForFunction(() => {
    const seconds = Number.parseFloat(document.querySelector('#played').textContent)
    return seconds > 1 && seconds < 3
  })
  const audited = await visit.audit()
  await page.click('#play')
  await page.setViewportSize({ width: 390, height: 844 })
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(wide <= 0, `the page is ${wide} pixels too wide`)
  expect((await visit.text('#trouble')) === '', await visit.text('#trouble'))
  await visit.end({ longTasks: true })
  return `${off} of 40 bands off, ${audited}`
}
