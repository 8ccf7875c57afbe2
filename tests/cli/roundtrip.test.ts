/** `roundtrip`: the sound, the table, the document, the picture, and what is refused. */
import fs from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { decodeWav, encodeWav, load } from '../../src/audio/index.ts'
import { likeness } from '../../src/cli/quality.ts'
import { BarkSpectrogram, InverseBarkSpectrogram, Spectrogram } from '../../src/index.ts'
import { writeNpy } from '../../src/npy.ts'
import { execute, folder, program, root, unbark } from './unbark.ts'

const cwd = folder()
test.after(() => fs.rmSync(cwd, { recursive: true }))

const speech = 'examples/speech.wav'
const quick = ['--iterations', '8', '--n-fft', '512', '--n-barks', '40']
const at = (file: string): string => path.join(cwd, file)
const sound = (file: string) => decodeWav(fs.readFileSync(at(file)))
const files = () => (fs.readdirSync(cwd, { recursive: true }) as string[]).sort()

/** Two different channels of `samples` each. */
function write(file: string, samples: number, sampleRate: number): void {
  const data = Float32Array.from({ length: 2 * samples }, (_, i) => 0.3 * Math.sin(i * 0.11 * (1 + (i >> 13))))
  fs.writeFileSync(at(file), encodeWav({ waveform: { data, shape: [2, samples] }, sampleRate }))
}

test('every option arrives: sound and figures are those of the classes', async () => {
  const options = {
    nFft: 512,
    winLength: 500,
    hopLength: 120,
    nBarks: 40,
    power: 1,
    fMin: 40,
    barkScale: 'wang',
  } as const
  const how = { method: 'joint', solver: 'nnls', iterations: 9, phase: 'random', pitch: false, seed: 5 } as const
  const flags =
    '--n-fft 512 --win-length 500 --hop-length 120 --n-barks 40 --power 1 --f-min 40 --bark-scale wang --method joint ' +
    '--solver nnls --iterations 9 --phase random --no-pitch --seed 5 --band-tolerance 0.1 --threads 1 --device cpu'
  const { code, out, err } = await unbark(['roundtrip', speech, '-o', 'o.wav', '--json', ...flags.split(' ')], { cwd })
  assert.is(code, 0, err)
  const answer = JSON.parse(out.toString())

  const { waveform, sampleRate } = await load(path.join(root, speech))
  const bark = await new BarkSpectrogram({ ...options, sampleRate }).forward(waveform)
  const all = { ...options, ...how, bandTolerance: 0.1, threads: 1, sampleRate, length: waveform.shape[1] }
  const expected = await new InverseBarkSpectrogram(all).solve(bark)
  assert.equal(sound('o.wav'), { waveform: expected.waveform, sampleRate })

  const { nFft, winLength, hopLength, power } = options
  const spectrogram = new Spectrogram({ nFft, winLength, hopLength, power })
  const [original, again] = [await spectrogram.forward(waveform), await spectrogram.forward(expected.waveform)]
  const [channels, rows, frames] = original.shape as [number, number, number]
  const near = likeness(original.data, again.data, { channels, rows, frames }, 1)
  const { convergence, distanceDb, l1, floorDb, bandConvergence, report, times } = answer
  assert.equal({ convergence, distanceDb, l1 }, near)
  assert.equal([floorDb, bandConvergence], [100, expected.report.bandConvergence])
  const { elapsedMs, stages } = report
  assert.equal(report, { ...expected.report, elapsedMs, stages })
  for (const ms of Object.values(times) as number[]) assert.ok(ms > 0 && ms < 60000)
  assert.ok(elapsedMs <= times.sound)
})

test('defaults are those of bark and of the class', async () => {
  assert.is((await unbark(['roundtrip', speech, '-o', 'd.wav', '-q'], { cwd })).code, 0)
  const { waveform, sampleRate } = await load(path.join(root, speech))
  const options = { sampleRate, onWarning() {} }
  const bark = await new BarkSpectrogram(options).forward(waveform)
  const expected = await new InverseBarkSpectrogram({ ...options, length: waveform.shape[1] }).forward(bark)
  assert.equal(sound('d.wav'), { waveform: expected, sampleRate })
})

test('the result has the rate, the channels and the length of its input', async () => {
  for (const [samples, rate] of [
    [4096, 44100],
    [4097, 8000],
    [5003, 192000],
    [300, 16000],
  ] as const) {
    write('two.wav', samples, rate)
    const { code, err } = await unbark(['roundtrip', 'two.wav', '-o', 'two.out.wav', '-q', ...quick], { cwd })
    assert.is(code, 0, err)
    const { waveform, sampleRate } = sound('two.out.wav')
    assert.equal([sampleRate, waveform.shape], [rate, [2, samples]])
    // channels are not mixed up: each is nearest to its own
    const original = sound('two.wav').waveform.data
    const energy = (data: Float32Array): number => data.reduce((sum, x) => sum + x * x, 0)
    if (samples > 4000) {
      const [first, second] = [waveform.data.subarray(0, samples), waveform.data.subarray(samples)]
      assert.ok(Math.abs(energy(first) / energy(original.subarray(0, samples)) - 1) < 0.5)
      assert.ok(first.some((x, i) => x !== second[i]))
    }
  }
})

test('a table on standard output that says what its columns are', async () => {
  const { code, out } = await unbark(['roundtrip', speech, '-o', 't.wav', '-q', ...quick], { cwd })
  assert.is(code, 0)
  const lines = out.toString().split('\n')
  assert.is(lines[0], 'examples/speech.wav: 3.3 s at 16000 Hz, 206 frames, 40 bands')
  const [head, row] = lines.slice(2, 4).map((line) => line.split(/ {2,}/))
  assert.equal(head, ['method', 'time', 'bands', 'convergence', 'distance', 'rel. L1'])
  assert.match(row!.join(' '), /^joint [\d.]+ m?s 0\.\d{4} 0\.\d{3} \d+\.\d dB 0\.\d{3}$/)
  for (const name of head!.slice(1)) assert.match(out.toString(), new RegExp(`^${name} +\\S`, 'm'))
  assert.match(out.toString(), /magnitudes [\d.]+ m?s, phases [\d.]+ m?s, pitch [\d.]+ m?s,\n +8 iterations [\d.]+ m?s/)
  assert.match(out.toString(), /a floor 100 dB below the original's loudest/)
  assert.match(out.toString(), /\n\nwritten: t\.wav\n$/)
  assert.ok(lines.every((line) => line.length <= 80 && !line.endsWith(' ')))
})

test('standard input and output: the sound there, the table on standard error', async () => {
  const before = files()
  const input = fs.readFileSync(path.join(root, speech))
  const { code, out, err } = await unbark(['roundtrip', '-', ...quick], { cwd, input })
  assert.equal([code, files()], [0, before])
  assert.equal(decodeWav(out).waveform.shape, [1, 52640])
  assert.match(err, /^standard input: 3\.3 s at 16000 Hz, /m)
})

test('several files, several at a time, one of them wrong', async () => {
  for (const name of ['a', 'b']) fs.copyFileSync(path.join(root, speech), at(`${name}.wav`))
  fs.writeFileSync(at('x.wav'), 'no sound')
  for (const jobs of ['1', '2']) {
    const line = `"${process.execPath}" "${program}" roundtrip [abx].wav --out-dir jobs${jobs} --jobs ${jobs} --json --plot svg`
    const { code, out, err } = await execute('sh', ['-c', `${line} ${quick.join(' ')} --no-pitch`], { cwd })
    assert.is(code, 1)
    const answers = JSON.parse(out.toString())
    assert.equal(
      answers.map(({ file, error }: { file: string; error?: string }) => [file, error !== undefined]),
      [
        ['a.wav', false],
        ['b.wav', false],
        ['x.wav', true],
      ],
    )
    assert.match(err, /^unbark: x\.wav: .* WAV, mp3, flac and ogg \(Vorbis\) are read$/m)
    const made = ['a.roundtrip.svg', 'a.roundtrip.wav', 'b.roundtrip.svg', 'b.roundtrip.wav']
    assert.equal(fs.readdirSync(at(`jobs${jobs}`)).sort(), made)
  }
  assert.equal(sound('jobs2/a.roundtrip.wav'), sound('jobs1/b.roundtrip.wav'))
})

test('the picture holds original, bands and result on one axis', async () => {
  const args = ['roundtrip', speech, '-o', 'p.wav', '--plot', 'p.svg', '-q', ...quick, '--no-pitch']
  const { code, out } = await unbark(args, { cwd })
  assert.is(code, 0)
  assert.match(out.toString(), /\nwritten: p\.wav, p\.svg\n$/)
  const text = fs.readFileSync(at('p.svg'), 'utf8')
  const words = [...text.matchAll(/>([^<]+)<\/text>/g)].map(([, word]) => word!)
  const titles = ['Original', 'Bark, 40 bands', 'Result']
  assert.equal(
    words.filter((word) => titles.includes(word)),
    titles,
  )
  assert.is(words.filter((word) => word === 'Time (s)').length, 1)
  assert.is(words.filter((word) => /^257 bins .* the peak of the Hz panels$/.test(word)).length, 2)
  const caption = words.join(' ').replaceAll('\u00a0', ' ')
  assert.match(caption, /joint from maxent \(phase pghi, pitch false\): 8 iterations, band convergence 0\.\d+/)
})

test('bands alone are no sound, and what to do is said', async () => {
  fs.writeFileSync(at('bands.npy'), writeNpy({ data: new Float32Array(40), shape: [20, 2] }))
  const { code, err } = await unbark(['roundtrip', 'bands.npy', '-q'], { cwd })
  assert.is(code, 1)
  const told = 'expected sound, got a NumPy array; unbark invert bands.npy --audio makes sound of bands'
  assert.is(err, `unbark: bands.npy: ${told}\n`)
})

test('wrong sounds: exit 1, and one sentence of what is wrong and what to do', async () => {
  const wav = (samples: number, fill: number): Uint8Array =>
    encodeWav({ waveform: { data: new Float32Array(samples).fill(fill), shape: [samples] }, sampleRate: 16000 })
  const whole = fs.readFileSync(path.join(root, speech))
  const short = 'waveform: expected more than 200 samples for reflect padding of --n-fft 400'
  const wrong: Record<string, [Uint8Array, string]> = {
    'empty.wav': [new Uint8Array(0), 'wav: expected a WAV file, got an empty file'],
    'text.wav': [
      Buffer.from('some words\n'),
      'wav: expected a WAV file, got text; WAV, mp3, flac and ogg (Vorbis) are read',
    ],
    'header.wav': [
      whole.subarray(0, 30),
      'wav: expected 16 bytes in chunk "fmt ", got 10; the file is cut short or damaged',
    ],
    'none.wav': [wav(0, 0), 'waveform: expected at least 1 sample, got 0; there is no sound in it'],
    'one.wav': [wav(1, 0.1), `${short}, got 1; give a smaller --n-fft, or --pad-mode constant`],
    'brief.wav': [wav(200, 0.1), `${short}, got 200; give a smaller --n-fft, or --pad-mode constant`],
    'nan.wav': [
      wav(4000, Number.NaN),
      'waveform: expected finite values, got NaN at [0, 0]; replace the others first (unbark info counts them)',
    ],
  }
  for (const [file, [bytes, told]] of Object.entries(wrong)) {
    fs.writeFileSync(at(file), bytes)
    const { code, out, err } = await unbark(['roundtrip', file, '-o', 'no.wav', '-q'], { cwd })
    assert.equal([code, out.length, err], [1, 0, `unbark: ${file}: ${told}\n`])
  }
  assert.not.ok(fs.existsSync(at('no.wav')))
  // what the sentence says helps
  for (const args of [
    ['one.wav', '--pad-mode', 'constant'],
    ['brief.wav', '--n-fft', '200'],
  ]) {
    assert.is((await unbark(['roundtrip', ...args, '-o', 'yes.wav', '-q', '--iterations', '8'], { cwd })).code, 0)
  }
  assert.equal(sound('yes.wav').waveform.shape, [1, 200])
})

test('a file that is cut short gives as much as there is, with a warning', async () => {
  fs.writeFileSync(at('cut.wav'), fs.readFileSync(path.join(root, speech)).subarray(0, 9001))
  const { code, out, err } = await unbark(['roundtrip', 'cut.wav', '-o', 'c.wav', '--json', ...quick], { cwd })
  assert.is(code, 0)
  assert.match(err, /^warning: cut\.wav: wav: the data chunk promises 105280 bytes, the file holds \d+/m)
  const { samples } = JSON.parse(out.toString())
  assert.equal(sound('c.wav').waveform.shape, [1, samples])
})

test('silence stays silent', async () => {
  const waveform = { data: new Float32Array(8000), shape: [1, 8000] }
  fs.writeFileSync(at('silent.wav'), encodeWav({ waveform, sampleRate: 16000 }))
  const { code, out } = await unbark(['roundtrip', 'silent.wav', '-o', 's.wav', '-q', ...quick], { cwd })
  assert.is(code, 0)
  assert.match(out.toString(), /^joint .* 0\.0000 +0\.000 +0\.0 dB +0\.000$/m)
  assert.ok(sound('s.wav').waveform.data.every((x) => x === 0))
})

test('Ctrl-C ends it and leaves nothing behind', async () => {
  const before = files()
  let isKilled = false
  const args = [
    'roundtrip',
    speech,
    '-o',
    'ended.wav',
    '--iterations',
    '100000',
    '--n-fft',
    '1024',
    '--hop-length',
    '64',
  ]
  const { code, out } = await unbark(args, {
    cwd,
    onErr(_, kill) {
      if (!isKilled) setTimeout(() => kill('SIGINT'), 500)
      isKilled = true
    },
  })
  assert.equal([code, out.length, files()], [130, 0, before])
})

const usage: [string[], RegExp][] = [
  [['-o', speech], /^unbark: examples\/speech\.wav: the result would replace its input; give another --output\n/],
  [['-o', 'x.mp3'], /^unbark: --output: expected a file that ends in \.wav, got x\.mp3\n/],
  [['-o', 'x.wav', '--plot', 'x.gif'], /^unbark: --plot: expected a file that ends in \.png or \.svg/],
  [['-o', '-', '--json'], /^unbark: --json: standard output is taken by the result/],
  [['other.wav', '-o', 'x.wav'], /^unbark: --output: expected one input with it, or --out-dir/],
  [['--method', 'sgd'], /^unbark: --method: expected "joint" or "griffin-lim", got "sgd"/],
  [['--solver', 'lbfgs'], /^unbark: --solver: expected "maxent" or "nnls" or "sgd", got "lbfgs"/],
  [['--phase', '0'], /^unbark: --phase: expected "pghi" or "random" or "zero", got "0"/],
  [['--iterations', '-1'], /^unbark: --iterations: expected an integer from 0 to 100000, got -1/],
  [['--band-tolerance', '2'], /^unbark: --band-tolerance: expected a number from 0 to 1, got 2/],
  [['--hop-length', '401'], /^unbark: --hop-length: expected an integer from 1 to 400, got 401/],
  [['--pitch'], /^unbark: --pitch: no such option/],
  [['--device', 'gpu'], /^unbark: --device: .* expected "auto" or "cpu", got "gpu"/],
  [['--max-iter', '3'], /^unbark: --max-iter: no such option/],
]

for (const [more, message] of usage) {
  test(`exit 2: roundtrip ${more.join(' ')}`, async () => {
    const before = files()
    const { code, err } = await unbark(['roundtrip', speech, ...more], { cwd })
    assert.match(err, message)
    assert.equal([code, err.includes('    at '), files()], [2, false, before])
  })
}

test.run()
