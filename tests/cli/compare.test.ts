/** `invert --compare`: the table, the document, the files and the picture. */
import fs from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { encodeWav, load } from '../../src/audio/index.ts'
import { bandFit, likeness } from '../../src/cli/quality.ts'
import { BarkScale, BarkSpectrogram, Spectrogram } from '../../src/index.ts'
import { readNpy, writeNpy } from '../../src/npy.ts'
import { folder, root, unbark } from './unbark.ts'

const cwd = folder()
test.after(() => fs.rmSync(cwd, { recursive: true }))

const speech = 'examples/speech.wav'
const quick = ['--compare', '--n-fft', '1024', '--max-iter', '20']
const read = (file: string) => readNpy(fs.readFileSync(path.join(cwd, file)))
const compare = (file: string, ...more: string[]) => unbark(['invert', file, ...quick, ...more], { cwd })
const files = () => (fs.readdirSync(cwd, { recursive: true }) as string[]).sort()

test('the figures are those of the spectrograms, and the spectrograms those of each solver', async () => {
  const options = ['--power', '1', '--n-barks', '64', '--f-min', '40', '--bark-scale', 'wang', '--seed', '3']
  const { code, out, err } = await compare(speech, ...options, '--json', '--out-dir', 'all')
  assert.is(code, 0, err)
  const answer = JSON.parse(out.toString())
  assert.equal([answer.file, answer.shape, answer.floorDb], [speech, [1, 513, 103], 100])
  assert.equal(fs.readdirSync(path.join(cwd, 'all')).sort(), ['speech.maxent.npy', 'speech.nnls.npy', 'speech.sgd.npy'])

  const { waveform } = await load(path.join(root, speech))
  const bank = { nBarks: 64, fMin: 40, barkScale: 'wang' } as const
  const original = await new Spectrogram({ nFft: 1024, power: 1 }).forward(waveform)
  const bark = await new BarkSpectrogram({ ...bank, nFft: 1024, power: 1 }).forward(waveform)
  const names = ['sgd', 'nnls', 'maxent']
  for (const [i, solver] of names.entries()) {
    const found = answer.solvers[i]
    assert.equal([found.solver, found.report.solver, found.output], [solver, solver, `all/speech.${solver}.npy`])
    const { data } = read(found.output)
    const bands = await new BarkScale({ ...bank, nStft: 513 }).forward({ data, shape: [1, 513, 103] })
    const { loss, worstBand, convergence, distanceDb, l1 } = found
    assert.equal({ loss, worstBand }, bandFit(bark.data, bands.data, { channels: 1, rows: 64, frames: 103 }))
    const layout = { channels: 1, rows: 513, frames: 103 }
    assert.equal({ convergence, distanceDb, l1 }, likeness(original.data, data, layout, 1))
    assert.ok(found.elapsedMs > 0 && found.elapsedMs <= found.report.elapsedMs)

    const alone = ['invert', speech, '-o', 'alone.npy', ...quick.slice(1), ...options, '--solver', solver]
    assert.is((await unbark(alone, { cwd })).code, 0)
    assert.equal(read('alone.npy').data, data)
  }
})

test('a table on standard output that says what its columns are; no file but those asked for', async () => {
  const before = files()
  const { code, out } = await compare(speech, '-q')
  assert.is(code, 0)
  assert.equal(files(), before)
  const text = out.toString()
  const lines = text.split('\n')
  assert.is(lines[0], 'examples/speech.wav: 103 frames, 128 bands -> 513 bins')
  const [head, ...rows] = lines.slice(2, 6).map((line) => line.split(/ {2,}/))
  assert.equal(head, ['solver', 'time', 'steps', 'loss', 'worst band', 'convergence', 'distance', 'rel. L1'])
  assert.equal(
    rows.map(([solver]) => solver),
    ['sgd', 'nnls', 'maxent'],
  )
  assert.is(rows[0]![2], '20')
  for (const row of rows) {
    assert.match(row[1]!, /^\d+(\.\d)? m?s$/)
    assert.match(row[6]!, /^\d+\.\d dB$/)
    assert.ok(row.slice(2).every((cell) => Number.parseFloat(cell) > 0))
  }
  // every heading has its line, and nothing is wider than a terminal
  for (const name of head!.slice(1)) assert.match(text, new RegExp(`^${name} +[a-z]`, 'm'))
  assert.match(text, /sgd, which ended after 20 \(max-iter\)/)
  assert.match(text, /a floor 100 dB below the original's loudest/)
  assert.ok(lines.every((line) => line.length <= 80 && !line.endsWith(' ')))
})

test('maxent meets every band, and comes nearest to the original', async () => {
  const [sgd, nnls, maxent] = JSON.parse((await compare(speech, '--json')).out.toString()).solvers
  assert.ok(maxent.worstBand < 1e-5 && sgd.worstBand > 1)
  assert.ok(nnls.loss < 1e-6 && maxent.loss < 1e-6 && sgd.loss > 1)
  for (const name of ['convergence', 'distanceDb', 'l1']) {
    assert.ok(maxent[name] < nnls[name] && nnls[name] < sgd[name], name)
  }
})

test('bands without a sound have no original to be near to', async () => {
  assert.is((await unbark(['bark', speech, '-o', 'b.npy', '--n-fft', '1024'], { cwd })).code, 0)
  const { out } = await compare('b.npy')
  assert.match(out.toString(), /^solver +time +steps +loss +worst band$/m)
  assert.not.match(out.toString(), /distance/)
  const ofBands = JSON.parse((await compare('b.npy', '--json')).out.toString())
  const ofSound = JSON.parse((await compare(speech, '--json')).out.toString())
  for (const [i, { elapsedMs, report, ...figures }] of ofBands.solvers.entries()) {
    const { solver, loss, worstBand } = ofSound.solvers[i]
    assert.equal(figures, { solver, loss, worstBand })
    assert.is(report.solver, solver)
  }
})

test('the picture holds the original, the bands and every solver', async () => {
  const svg = await compare(speech, '--plot', 'svg')
  assert.is(svg.code, 0, svg.err)
  assert.match(svg.out.toString(), /\nwritten: examples\/speech\.compare\.svg\n$/)
  const text = fs.readFileSync(path.join(cwd, 'examples/speech.compare.svg'), 'utf8')
  const words = [...text.matchAll(/>([^<]+)<\/text>/g)].map(([, word]) => word!)
  const titles = ['Original', 'Bark, 128 bands', 'sgd', 'nnls', 'maxent']
  assert.equal(
    words.filter((word) => titles.includes(word)),
    titles,
  )
  assert.is(text.match(/<image /g)!.length, 5)
  assert.is(words.filter((word) => /^513 bins .* the peak of the Hz panels$/.test(word)).length, 4)
  const caption = words.join(' ').replaceAll('\u00a0', ' ')
  assert.match(caption, /sgd \(seed 0, max-iter 20\): 20 iterations, max-iter, loss .* dB, relative L1/)
  assert.match(caption, /maxent: \d+ passes at most, optimal, loss .* dB, relative L1/)
  const png = await compare('b.npy', '--plot', 'b.png', '--json')
  assert.is(JSON.parse(png.out.toString()).plot, 'b.png')
  assert.equal([...fs.readFileSync(path.join(cwd, 'b.png')).subarray(1, 4)], [...Buffer.from('PNG')])
})

test('several channels, standard input, a folder for results', async () => {
  const samples = Float32Array.from({ length: 16000 }, (_, i) => 0.3 * Math.sin(i * 0.11 * (1 + (i >> 13))))
  const sound = encodeWav({ waveform: { data: samples, shape: [2, 8000] }, sampleRate: 8000 })
  fs.writeFileSync(path.join(cwd, 'two.wav'), sound)
  const two = await compare('two.wav')
  assert.match(two.out.toString(), /^two\.wav: 16 frames, 2 channels, 128 bands -> 513 bins\n/)
  const before = files()
  const piped = await unbark(['invert', '-', ...quick], { cwd, input: sound })
  assert.equal([piped.code, files()], [0, before])
  assert.match(piped.out.toString(), /^standard input: 16 frames, 2 channels/)
  await unbark(['invert', '-', ...quick, '--out-dir', 'piped'], { cwd, input: sound })
  assert.equal(read('piped/standard-input.maxent.npy').shape, [2, 513, 16])
})

test('silence, no frames, no iterations', async () => {
  const silent = encodeWav({ waveform: { data: new Float32Array(8000), shape: [1, 8000] }, sampleRate: 16000 })
  fs.writeFileSync(path.join(cwd, 'silent.wav'), silent)
  const text = (await compare('silent.wav', '--plot', 'silent.png')).out.toString()
  assert.match(text, /^sgd .* infinite +infinite dB +infinite$/m)
  assert.match(text, /^maxent .* 0 +0 +0\.000 +0\.0 dB +0\.000$/m)
  const { solvers } = JSON.parse((await compare('silent.wav', '--json')).out.toString())
  assert.equal([solvers[0].convergence, solvers[2].convergence], [null, 0])

  fs.writeFileSync(path.join(cwd, 'none.npy'), writeNpy({ data: new Float32Array(0), shape: [20, 0] }))
  const none = await compare('none.npy', '--plot', 'none.svg')
  assert.is(none.code, 0, none.err)
  assert.match(none.out.toString(), /^none\.npy: 0 frames, 20 bands -> 513 bins\n/)
  const start = await unbark(['invert', 'b.npy', ...quick.slice(0, 3), '--max-iter', '0', '--json'], { cwd })
  const [sgd] = JSON.parse(start.out.toString()).solvers
  assert.equal([sgd.report.loss, sgd.loss > 1], [null, true])
})

test('several files: a table each, and one that is wrong does not stop the others', async () => {
  const { code, out, err } = await unbark(['invert', 'b.npy', 'missing.npy', 'two.wav', ...quick], { cwd })
  assert.is(code, 1)
  assert.match(err, /^unbark: missing\.npy: no such file or directory\n/m)
  assert.match(out.toString(), /^b\.npy: [\s\S]*\n\ntwo\.wav: /)
  assert.is(out.toString().match(/^maxent /gm)!.length, 2)
})

test('Ctrl-C ends it and leaves nothing behind', async () => {
  const before = files()
  const endless = ['--max-iter', '100000000', '--tolerance-loss', '0', '--tolerance-change', '0', '--plot', 'cut.png']
  let isKilled = false
  const { code, out } = await unbark(['invert', speech, '--compare', '--n-fft', '1024', ...endless], {
    cwd,
    onErr(_, kill) {
      if (!isKilled) setTimeout(() => kill('SIGINT'), 500)
      isKilled = true
    },
  })
  assert.equal([code, out.length, files()], [130, 0, before])
})

const usage: [string[], RegExp][] = [
  [['--solver', 'maxent'], /^unbark: --solver: --compare takes every solver; leave one of the two out\n/],
  [['-o', 'x.npy'], /^unbark: --output: --compare has a spectrogram of every solver; --out-dir keeps them all\n/],
  [['b.npy', '--jobs', '2'], /^unbark: --jobs: --compare takes file by file/],
  [['--max-iter', '-3'], /^unbark: --max-iter: expected /],
  [['--compare=yes'], /^unbark: --compare: expected no value, got "yes"/],
  [['--plot', 'x.gif'], /^unbark: --plot: expected a file that ends in \.png or \.svg/],
  [['--out-dir', 'y', '--plot', 'y/speech.nnls.npy.svg', '../two.wav'], /^unbark: --plot: expected png or svg alone/],
]

for (const [more, message] of usage) {
  test(`exit 2: --compare ${more.join(' ')}`, async () => {
    const before = files()
    const compared = more.some((arg) => arg.startsWith('--compare')) ? [] : ['--compare']
    const { code, out, err } = await unbark(['invert', speech, ...compared, ...more], { cwd })
    assert.match(err, message)
    assert.equal([code, out.length, files()], [2, 0, before])
  })
}

test.run()
