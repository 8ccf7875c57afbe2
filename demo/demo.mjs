/** npm run demo: real speech to bands and back to sound by the command line; then every method, and every solver. */
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'

const SPEECH = 'examples/speech.wav'
const SETTING = '--n-fft 1024 --hop-length 256 --n-barks 40'
const METHODS = [
  ['joint', ''],
  ['joint, no pitch', '--no-pitch'],
  ['griffin-lim, maxent', '--method griffin-lim'],
  ['griffin-lim, nnls', '--method griffin-lim --solver nnls'],
  ['griffin-lim, sgd, random', '--method griffin-lim --solver sgd --phase random'],
]

/** What the command line says on standard output. */
function unbark(command) {
  return execFileSync(process.execPath, ['dist/cli.js', ...command.split(' ')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
    .toString()
    .trimEnd()
}

function row([name, options]) {
  const output = `demo/out/${name.replaceAll(/\W+/g, '-')}.wav`
  const command = `roundtrip ${SPEECH} -o ${output} --quiet --json ${SETTING} ${options}`.trim()
  const { bandConvergence, convergence, distanceDb, times } = JSON.parse(unbark(command))
  const figures = [bandConvergence.toFixed(4), convergence.toFixed(3), `${distanceDb.toFixed(1)} dB`]
  return [name, `${times.sound.toFixed(0)} ms`, ...figures, output]
}

function table(rows) {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((cells) => cells[i].length)))
  const isLeft = (i) => i === 0 || i === widths.length - 1
  const pad = (cell, i) => (isLeft(i) ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))
  return rows.map((cells) => cells.map(pad).join('  ').trimEnd()).join('\n')
}

fs.mkdirSync('demo/out', { recursive: true })
const trip = `roundtrip ${SPEECH} -o demo/out/out.wav --plot demo/out/out.png ${SETTING}`
console.log(`$ unbark ${trip}\n\n${unbark(`${trip} --quiet`)}\n`)

const head = ['method', 'time', 'bands', 'convergence', 'distance', 'sound']
console.log(`The same by other methods\n\n${table([head, ...METHODS.map(row)])}\n`)

const compare = `invert ${SPEECH} --compare --n-fft 1024 --out-dir demo/out --plot demo/out/solvers.png`
// what its columns mean is left to the command itself
const [, solvers] = unbark(`${compare} --quiet`).split('\n\n')
console.log(`$ unbark ${compare}\n\n${solvers}`)
