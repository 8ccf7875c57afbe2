/** How cost grows, as an SVG of small charts on logarithmic axes. */
import { unique } from '../quality/sound-tables.mjs'
import { duration, size } from './figures.mjs'

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT] = [430, 300, 62, 40, 34, 14]
const COLOURS = {
  torchaudio: '#c0392b',
  'librosa nnls': '#8e44ad',
  'pseudo-inverse': '#7f8c8d',
  'sgd, plain': '#1f6fb2',
  'sgd, auto': '#17a2b8',
  nnls: '#2e8b57',
  maxent: '#e08e0b',
}
/** SGD of a few iterations is stepped plainly. */
const nameOf = (who) =>
  who.replace(/^sgd, (\d+ iterations|an iteration)$/, 'sgd, plain').replace(/, (\d+ iterations|an iteration)$/, '')

const CHARTS = [
  { along: 'frames', key: 'ms', title: 'Time by frames (SGD: 20 iterations)', show: duration },
  { along: 'frames', key: 'bytes', title: "A process's peak memory by frames", show: size },
  { along: 'iterations', key: 'ms', title: 'Time by iterations, 947 frames', show: duration },
  { along: 'bins', isMarked: true, key: 'ms', title: 'Time by bins, 400 frames (SGD: an iteration)', show: duration },
  { along: 'bands', isMarked: true, key: 'ms', title: 'Time by bands, 400 frames (SGD: an iteration)', show: duration },
]

const round = (x) => Math.round(x * 10) / 10
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
const text = (x, y, words, more = '') => `<text x="${round(x)}" y="${round(y)}" ${more}>${escaped(words)}</text>`
const line = (x1, y1, x2, y2, colour) =>
  `<path d="M${round(x1)} ${round(y1)}L${round(x2)} ${round(y2)}" stroke="${colour}"/>`

/** From a logarithmic range to places, with its powers of ten, or 1, 2 and 5 times these where there are few. */
function scale(values, from, to) {
  const [low, high] = [Math.log10(Math.min(...values)), Math.log10(Math.max(...values))]
  const room = Math.max(high - low, 0.5)
  const at = (x) => from + ((Math.log10(x) - low) / room) * (to - from)
  const steps = high - low < 2 ? [1, 2, 5] : [1]
  const ticks = []
  for (let n = Math.floor(low); n <= high; n++) {
    for (const step of steps)
      if (Math.log10(step) + n >= low - 1e-9 && Math.log10(step) + n <= high + 1e-9) ticks.push(step * 10 ** n)
  }
  return { at, ticks }
}

const short = (x) => (x >= 10_000 ? `${x / 1000}k` : `${x}`)

/** @param isMarked whether the axis below has the sizes that were measured */
function chart(rows, { along, isMarked, key, title, show }, left, top) {
  const here = rows.filter((r) => r.along === along && r[key] > 0)
  if (here.length === 0) return []
  const x = scale(
    here.map((r) => r.at),
    left + LEFT,
    left + WIDTH - RIGHT,
  )
  const y = scale(
    here.map((r) => r[key]),
    top + HEIGHT - BOTTOM,
    top + TOP,
  )
  const out = [text(left + LEFT, top + 20, title, 'font-weight="bold"')]
  for (const tick of y.ticks) {
    out.push(line(left + LEFT, y.at(tick), left + WIDTH - RIGHT, y.at(tick), '#dddddd'))
    out.push(
      text(
        left + LEFT - 6,
        y.at(tick) + 4,
        show(tick)
          .replace(/\.0+(?= )/, '')
          .replace(/(\.\d)0(?= )/, '$1'),
        'text-anchor="end"',
      ),
    )
  }
  for (const tick of isMarked ? unique(here.map((r) => r.at)) : x.ticks) {
    out.push(line(x.at(tick), top + TOP, x.at(tick), top + HEIGHT - BOTTOM, '#eeeeee'))
    out.push(text(x.at(tick), top + HEIGHT - BOTTOM + 17, short(tick), 'text-anchor="middle"'))
  }
  out.push(text(left + (LEFT + WIDTH - RIGHT) / 2, top + HEIGHT - 6, along, 'text-anchor="middle" fill="#555555"'))
  for (const who of unique(here.map((r) => r.who))) {
    const points = here.filter((r) => r.who === who).toSorted((a, b) => a.at - b.at)
    const path = points.map((r, i) => `${i === 0 ? 'M' : 'L'}${round(x.at(r.at))} ${round(y.at(r[key]))}`).join('')
    const colour = COLOURS[nameOf(who)]
    out.push(`<path d="${path}" stroke="${colour}" stroke-width="2" fill="none"/>`)
    for (const r of points)
      out.push(`<circle cx="${round(x.at(r.at))}" cy="${round(y.at(r[key]))}" r="2.5" fill="${colour}"/>`)
  }
  return out
}

function legend(rows, left, top) {
  return unique(rows.map((r) => nameOf(r.who)))
    .filter((name) => COLOURS[name])
    .flatMap((name, i) => [
      `<path d="M${left + LEFT} ${top + 50 + 24 * i}h28" stroke="${COLOURS[name]}" stroke-width="3"/>`,
      text(left + LEFT + 38, top + 54 + 24 * i, name),
    ])
}

export function plot(rows) {
  const place = (i) => [(i % 2) * WIDTH, Math.floor(i / 2) * HEIGHT]
  const shapes = CHARTS.flatMap((of, i) => chart(rows, of, ...place(i)))
  const [width, height] = [2 * WIDTH, 3 * HEIGHT]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="DejaVu Sans, Verdana, Helvetica, Arial, sans-serif" font-size="11" fill="#222222" role="img">`,
    '<title>Time and memory by frames, iterations, bins and bands</title>',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...shapes,
    ...legend(rows, ...place(CHARTS.length)),
    '</svg>',
    '',
  ].join('\n')
}
