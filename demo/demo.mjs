/** npm run demo: the README's example on real speech; then all solvers side by side, by the command line. */
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { load } from '../dist/audio.js'
import { BarkScale, BarkSpectrogram, InverseBarkScale, Spectrogram } from '../dist/index.js'
import { writeNpy } from '../dist/npy.js'

const { waveform, sampleRate } = await load('examples/speech.wav')
const bark = await new BarkSpectrogram({ sampleRate, nFft: 1024 }).forward(waveform)

const inverse = new InverseBarkScale({ nStft: 1024 / 2 + 1 })
const { spectrogram, report } = await inverse.solve(bark, { onProgress: showProgress })

/** One line that is written over, on a terminal only. */
function showProgress({ iteration, of, loss, leftMs }) {
  if (!process.stderr.isTTY) return
  const left = leftMs === null ? '' : `, at most ${(leftMs / 1000).toFixed(1)} s left`
  process.stderr.write(`\r\x1b[Kiteration ${iteration} of ${of}, loss ${loss?.toPrecision(3)}${left}`)
  if (leftMs === 0) process.stderr.write('\r\x1b[K')
}

/** || |a|^1/2 - |b|^1/2 || / || |b|^1/2 ||: how far the magnitudes are apart. */
function convergence(a, b) {
  let off = 0
  let size = 0
  for (let i = 0; i < b.length; i++) {
    off += (Math.sqrt(a[i]) - Math.sqrt(b[i])) ** 2
    size += b[i]
  }
  return Math.sqrt(off / size)
}

const original = await new Spectrogram({ nFft: 1024 }).forward(waveform)
const again = await new BarkScale({ nStft: 513 }).forward(spectrogram)

fs.mkdirSync('demo/out', { recursive: true })
fs.writeFileSync('demo/out/bark.npy', writeNpy(bark))
fs.writeFileSync('demo/out/spectrogram.npy', writeNpy(spectrogram))
const command = 'invert examples/speech.wav --n-fft 1024 --compare --out-dir demo/out --plot demo/out/speech.png'
const stdio = ['ignore', 'pipe', 'inherit']
const table = execFileSync(process.execPath, ['dist/cli.js', ...command.split(' ')], { stdio })
const isSame = fs.readFileSync('demo/out/speech.sgd.npy').equals(fs.readFileSync('demo/out/spectrogram.npy'))

const seconds = waveform.shape[1] / sampleRate
const perFrame = (1e6 * report.elapsedMs) / report.iterations / bark.shape.at(-1)
console.log(`examples/speech.wav   ${seconds.toFixed(1)} s at ${sampleRate} Hz, ${waveform.shape[0]} channel
Bark spectrogram      [${bark.shape}], power
spectrogram           [${spectrogram.shape}]
stopped               after ${report.iterations} iterations (${report.stopReason}), loss ${report.loss.toPrecision(3)}
took                  ${(report.elapsedMs / 1000).toFixed(2)} s on the ${report.device}: ${perFrame.toFixed(0)} ns a frame and iteration
magnitudes            ${(100 * convergence(spectrogram.data, original.data)).toFixed(1)} % from the original's
their Bark bands      ${(100 * convergence(again.data, bark.data)).toFixed(3)} % from those given

written               demo/out/bark.npy, demo/out/spectrogram.npy

All solvers, by       unbark ${command}
(sgd has given ${isSame ? 'the same bits' : 'OTHER BITS'} there)

${table}`)
