/**
 * npm run bench:float64 [-- iterations ...]: how far `sgd` is from the same iteration in float64 after equal counts
 * (default 3 000 and 20 000; 100 000 too on one setting): the example's speech on 54 settings, 45 to 947 frames of each,
 * six of which are looked at; and whether each step of float64 lowers the loss by less than the one before, which the
 * search for a stop goes by.
 */
import fs from 'node:fs'
import { InverseBarkScale } from '../dist/index.js'
import { inFloat64 } from './in-float64.mjs'
import { speechBands } from './speech.mjs'

const FRAMES = [45, 100, 400, 947]
/** Of so many frames also by the plain kernel, which takes its time. */
const MOST_PLAIN = 100
const PICKED = 6
/** What is run for longest. */
const LONG = { nFft: 1024, nBarks: 128, power: 2, barkScale: 'traunmuller' }
const LONGEST = 100_000
/** From where on jumps are made, and where rounding in float64 begins to show in the loss: parts of the bands, of the loss. */
const JUMP_FROM = 4096
const ROUNDED = { loss: 1e-20, decrease: 1e-10 }
const given = process.argv.slice(2).map(Number)
if (given.some((n) => !(Number.isSafeInteger(n) && n > 0))) throw new Error(`iterations: ${process.argv.slice(2)}`)
const counts = given.length > 0 ? given.sort((a, b) => a - b) : [3000, 20_000]
const sum = (values) => values.reduce((a, b) => a + b, 0)

/**
 * At each count and for each stepping: distance over the picked frames, that of the worst of them, and the report; and
 * at how many of the iterations from JUMP_FROM on the decrease was greater than at the one before.
 */
async function distances({ barkScale, ...setting }, frames, counts) {
  const problem = { nStft: setting.nFft / 2 + 1, nBarks: setting.nBarks, barkScale }
  const bark = await speechBands({ ...setting, barkScale }, frames)
  const solve = (maxIter, stepping) =>
    new InverseBarkScale({
      ...problem,
      maxIter,
      stepping,
      toleranceLoss: 0,
      toleranceChange: 0,
      onWarning() {},
    }).solveSync(bark)
  const { pick, exact } = inFloat64({ ...problem, bark }, solve(0).spectrogram.data, PICKED)
  const away = ({ spectrogram, report }) => {
    const ours = pick(spectrogram.data, problem.nStft)
    const off = exact.frames.map((frame, i) => sum(frame.map((x, f) => (x - ours[i][f]) ** 2)))
    const size = exact.frames.map((frame) => sum(frame.map((x) => x * x)))
    const worst = Math.max(...off.map((x, i) => (size[i] > 0 ? Math.sqrt(x / size[i]) : 0)))
    return { all: Math.sqrt(sum(off) / sum(size)), worst, report }
  }
  const bands = pick(bark.data, problem.nBarks)
  const watch = watchDecrease(sum(bands.map((frame) => sum(frame.map((x) => x * x)))) / bands.length)
  let done = 0
  return counts.map((count) => {
    for (; done < count; done++) watch.hear(exact.step(), done)
    const plain = frames <= MOST_PLAIN ? away(solve(count, 'plain')) : undefined
    return { auto: away(solve(count, 'auto')), plain, judged: watch.judged, rises: watch.rises }
  })
}

/** Counts the iterations at which a loss falls by more than at the one before, where that is not rounding. */
function watchDecrease(size) {
  const watch = { judged: 0, rises: 0, hear }
  let before = Number.NaN
  let last = Number.NaN
  function hear(loss, iteration) {
    const decrease = before - loss
    if (iteration > JUMP_FROM && before > ROUNDED.loss * size && last > ROUNDED.decrease * before) {
      watch.judged++
      if (decrease > last) watch.rises++
    }
    before = loss
    last = decrease
  }
  return watch
}

const shown = (runs) => {
  const most = (key) => Math.max(...runs.map((run) => run[key])).toExponential(1)
  return `${most('all')} (${most('worst')})`
}
const lines = [
  `| n_fft | bands | ${counts.map((n) => `${n} iterations | plain`).join(' | ')} | by the watch list to the end |`,
  `| --- | --- | ${counts.map(() => '--- | ---').join(' | ')} | --- |`,
]
const longCounts = counts.at(-1) < LONGEST ? [...counts, LONGEST] : counts
const long = []
const falls = new Map(FRAMES.map((frames) => [frames, { judged: 0, rises: 0 }]))
const isLong = (setting) => Object.keys(LONG).every((key) => setting[key] === LONG[key])
for (const nFft of [400, 1024, 2048]) {
  for (const nBarks of [24, 64, 128]) {
    const found = []
    for (const power of [1, 2])
      for (const barkScale of ['traunmuller', 'schroeder', 'wang'])
        for (const frames of FRAMES) {
          const setting = { nFft, nBarks, power, barkScale }
          const runs = await distances(setting, frames, isLong(setting) ? longCounts : counts)
          found.push(runs)
          if (isLong(setting)) long.push(`| ${frames} | ${runs.map(({ auto }) => shown([auto])).join(' | ')} |`)
          const { auto, judged, rises } = runs.at(-1)
          if (auto.report.stepping.jumped === 0) continue
          falls.get(frames).judged += judged
          falls.get(frames).rises += rises
        }
    const cells = counts.map((_, i) => {
      const at = found.map((runs) => runs[i])
      return `${shown(at.map(({ auto }) => auto))} | ${shown(at.flatMap(({ plain }) => plain ?? []))}`
    })
    const steppings = found.map((runs) => runs.at(-1).auto.report.stepping)
    const slow = steppings.filter(({ watched, jumped }) => watched > 0 && jumped === 0).length
    lines.push(`| ${nFft} | ${nBarks} | ${cells.join(' | ')} | ${slow} of ${found.length} |`)
    console.log(lines.at(-1))
  }
}
const command = ['npm run bench:float64', ...(given.length > 0 ? ['--', ...given] : [])].join(' ')
const text = `# sgd against float64

\`${command}\`: relative L2 between \`sgd\` (defaults, \`stepping: 'auto'\`) and the same iteration in float64, from the
same start; the worst of 24 runs (power 1 and 2, three scales, ${FRAMES.join(', ')} frames of speech), in brackets that of a
run's worst frame. Asked: 1e-6 (1e-5). Beside it \`stepping: 'plain'\`, the worst of the runs of up to ${MOST_PLAIN} frames.

${lines.join('\n')}

n_fft ${LONG.nFft}, ${LONG.nBarks} bands, power ${LONG.power}, ${LONG.barkScale}, by frames:

| frames | ${longCounts.map((n) => `${n} iterations`).join(' | ')} |
| --- |${' --- |'.repeat(longCounts.length)}
${long.join('\n')}

In the runs that jump, float64's loss (of the frames that are looked at, from iteration ${JUMP_FROM} on, down to
${ROUNDED.loss} of the bands' squares and a decrease of ${ROUNDED.decrease} of the loss, below which it is rounding) fell by more than
at the iteration before: ${[...falls].map(([frames, { judged, rises }]) => `${frames} frames ${rises} of ${judged}`).join(', ')}.
`
console.log(text)
fs.writeFileSync(new URL('results/float64.md', import.meta.url), text)
