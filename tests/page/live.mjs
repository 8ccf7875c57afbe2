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
