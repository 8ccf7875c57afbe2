/**
 * Tries the page in browsers, built as `npm start` builds it and served at a path of its own under its own policy:
 *
 *     npm run test:page [-- firefox | cancel | ...]
 */
import fs from 'node:fs'
import { gzipSync } from 'node:zlib'
import { buildPage, SITE } from '../../demo/build.mjs'
import { serve } from '../../demo/serve.mjs'
import { insistOn } from '../everywhere/places/pages.mjs'
import { Tally } from '../everywhere/tally.mjs'
import * as checks from './chromium.mjs'
import { firefox } from './firefox.mjs'
import * as live from './live.mjs'
import { CHROMIUM, launch } from './visit.mjs'

/** Milliseconds from a drop on; what has nearly three times the samples may take longer. */
const PROMISED = { seen: 1000, heard: 2000 }
const ALLOWED = { seen: 2000, heard: 5000 }
/** Other work on the machine can hold a page up; a page that is slow by itself is so each time. */
const TRIES = 3

const tally = new Tally(process.argv.slice(2), false)
const check = (name, act) =>
  tally.place(name, async () => {
    for (let tries = TRIES; ; tries--) {
      try {
        return await act()
      } catch (error) {
        if (
          tries === 1 ||
          !/^(long tasks|first spectrogram|said after|cancelled after|\d+ underruns)/.test(error.message)
        )
          throw error
      }
    }
  })

await buildPage()
await tally.place('weight', () => {
  // what is for live.html, and for a GPU, nobody loads who looks at the page
  const files = fs.readdirSync(SITE).filter((name) => /\.\w+$/.test(name) && !/^(gpus-|live|bark-stream)/.test(name))
  const kilobytes = files.reduce((sum, name) => sum + gzipSync(fs.readFileSync(`${SITE}/${name}`)).length, 0) / 1024
  if (kilobytes >= 150) throw new Error(`${kilobytes.toFixed(1)} KB gzip, 150 are promised`)
  return `${kilobytes.toFixed(1)} KB gzip`
})

/** A fake microphone, and sound without a click. */
const ARGUMENTS = ['--use-fake-device-for-media-stream', '--autoplay-policy=no-user-gesture-required']
const served = await serve({ at: '/some/path/' })
let opening
const browser = () => {
  insistOn(CHROMIUM, 'chromium libvulkan1')
  opening ??= launch(ARGUMENTS)
  return opening
}
const on = (name, act, ...more) => check(`Chromium, ${name}`, async () => act(await browser(), served.address, ...more))

await on('first visit', checks.firstVisit)
await on('drop of 30 s at 16 kHz', checks.dropped, 16000, PROMISED)
await on('drop of 30 s at 44.1 kHz', checks.dropped, 44100, ALLOWED)
await on('each solver and setting', checks.solvers)
await on('wrong settings', checks.wrongSettings)
await on('each device', checks.devices)
await on('lost GPU', checks.lostGpu)
await on('cancel', checks.cancel)
await on('bad files', checks.badFiles)
await on('odd sounds', checks.oddSounds)
await on('bands from a .npy', checks.npyIn)
await on('microphone', checks.microphone)
await on('microphone refused', checks.refusedMicrophone)
await on('playing', checks.playing)
await on('looking', checks.looking)
await on('saving', checks.saving)
await on('comparing', checks.comparing)
await on('snippet', checks.snippet)
await on('keyboard', checks.keyboard)
await on('accessibility, light', checks.accessible, {})
await on('accessibility, dark, no motion', checks.accessible, { colorScheme: 'dark', reducedMotion: 'reduce' })
await on('accessibility, phone', checks.accessible, {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
  deviceScaleFactor: 2,
})
await on('no WebAssembly', checks.noWebAssembly)
await on('ten minutes of stereo', checks.tenMinutes)
await on('live', live.played)
await on('live, faders', live.faders)
await (await opening)?.close()
served.end()
await firefox(tally)
process.exitCode = tally.end() ? 0 : 1
