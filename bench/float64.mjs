/**
 * npm run bench:float64 [-- iterations ...]: how far `sgd` is from the same iteration in float64 after equal counts
 * (default 3 000 and 20 000): the example's speech on 54 settings, 45 to 947 frames of each, six of which are looked at.
 */
import fs from 'node:fs'
import { load } from '../dist/audio.js'
import { BarkSpectrogram, barkscaleFbanks, InverseBarkScale } from '../dist/index.js'
import { readBank } from '../tests/oracle/bank.ts'
import { columns, SgdRun } from '../tests/oracle/sgd.ts'

const FRAMES = [45, 100, 400, 947]
const PICKED = 6
const given = process.argv.slice(2).map(Number)
if (given.some((n) => !(Number.isSafeInteger(n) && n > 0))) throw new Error(`iterations: ${process.argv.slice(2)}`)
const counts = given.length > 0 ? given.sort((a, b) => a - b) : [3000, 20_000]
const { waveform } = await load(new URL('../examples/speech.wav', import.meta.url))

/** The speech's bands over and over. */
async function bands({ nFft, nBarks, power, barkScale }, time) {
  const transform = new BarkSpectrogram({ nFft, hopLength: nFft / 2, nBarks, power, barkScale, onWarning() {} })
  const { data, shape } = await transform.forward(waveform)
  const have = shape.at(-1)
  const at = (i) => data[Math.floor(i / time) * have + ((i % time) % have)]
  return { data: Float32Array.from({ length: nBarks * time }, (_, i) => at(i)), shape: [nBarks, time] }
}

/** At each count: distance over the picked frames, that of the worst of them, and how the run was stepped. */
async function distances(setting, time) {
  const { nFft, nBarks, barkScale } = setting
  const nStft = nFft / 2 + 1
  const bark = await bands(setting, time)
  const solve = (maxIter) => {
    const fixed = { nStft, nBarks, barkScale, maxIter, toleranceLoss: 0, toleranceChange: 0, onWarning() {} }
    return new InverseBarkScale(fixed).solveSync(bark)
  }
  const picked = Array.from({ length: PICKED }, (_, i) => Math.floor(((i + 0.5) * time) / PICKED))
  const pick = (data, rows) => {
    const all = columns(data, rows, time)
    return picked.map((t) => all[t])
  }
  const bank = readBank(barkscaleFbanks({ nFreqs: nStft, nBarks, barkScale, onWarning() {} }).data, nStft, nBarks)
  const start = pick(solve(0).spectrogram.data, nStft)
  const exact = new SgdRun({ bank, lr: 0.1, momentum: 0.9 }, pick(bark.data, nBarks), start, time)
  let done = 0
  return counts.map((count) => {
    for (; done < count; done++) exact.step()
    const { spectrogram, report } = solve(count)
    const ours = pick(spectrogram.data, nStft)
    const off = exact.frames.map((frame, i) => frame.reduce((sum, x, f) => sum + (x - ours[i][f]) ** 2, 0))
    const size = exact.frames.map((frame) => frame.reduce((sum, x) => sum + x * x, 0))
    const sum = (values) => values.reduce((a, b) => a + b, 0)
    const worst = Math.max(...off.map((x, i) => (size[i] > 0 ? Math.sqrt(x / size[i]) : 0)))
    return { all: Math.sqrt(sum(off) / sum(size)), worst, watchedToTheEnd: report.stepping.watched > 2944 }
  })
}

const show = (x) => x.toExponential(1)
const lines = [
  `| n_fft | bands | ${counts.map((n) => `${n} iterations`).join(' | ')} | by the watch list to the end |`,
  `| --- | --- | ${counts.map(() => '---').join(' | ')} | --- |`,
]
for (const nFft of [400, 1024, 2048]) {
  for (const nBarks of [24, 64, 128]) {
    const found = []
    for (const power of [1, 2])
      for (const barkScale of ['traunmuller', 'schroeder', 'wang'])
        for (const time of FRAMES) found.push(await distances({ nFft, nBarks, power, barkScale }, time))
    const worst = counts.map((_, i) => {
      const most = (key) => Math.max(...found.map((run) => run[i][key]))
      return `${show(most('all'))} (${show(most('worst'))})`
    })
    const slow = found.filter((run) => run.at(-1).watchedToTheEnd).length
    lines.push(`| ${nFft} | ${nBarks} | ${worst.join(' | ')} | ${slow} of ${found.length} |`)
    console.log(lines.at(-1))
  }
}
const text = `# sgd against float64

\`npm run bench:float64\`: relative L2 between \`sgd\` (defaults, \`stepping: 'auto'\`) and the same iteration in float64, from the
same start; the worst of 24 runs (power 1 and 2, three scales, ${FRAMES.join(', ')} frames of speech), in brackets that of a
run's worst frame. Asked: 1e-6 (1e-5).

${lines.join('\n')}
`
fs.writeFileSync(new URL('results/float64.md', import.meta.url), text)
