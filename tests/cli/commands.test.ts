/** The commands, their options, their output. */
import fs from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { load } from '../../src/audio/index.ts'
import { BarkSpectrogram, InverseBarkScale } from '../../src/index.ts'
import { readNpy, writeNpy } from '../../src/npy.ts'
import { distance } from '../fixture.ts'
import { onGpu } from '../gpu-needs.ts'
import { execute, folder, program, root, unbark } from './unbark.ts'

const cwd = folder()
test.after(() => fs.rmSync(cwd, { recursive: true }))

const read = (file: string) => readNpy(fs.readFileSync(path.join(cwd, file)))
const speech = 'examples/speech.wav'
const quick = ['--n-fft', '1024', '--max-iter', '20']

test('bark and invert give what the classes give', async () => {
  const options = ['--n-fft', '512', '--hop-length', '200', '--n-barks', '40', '--f-min', '50', '--bark-scale', 'wang']
  const solver = [
    '--max-iter',
    '30',
    '--sgdargs.lr',
    '0.2',
    '--sgdargs.momentum',
    '0.8',
    '--sgdargs.nesterov',
    '--seed',
    '7',
  ]
  const made = await unbark(['bark', speech, '-o', 'b.npy', '--power', '1', ...options], { cwd })
  assert.is(made.code, 0, made.err)
  const { waveform, sampleRate } = await load(path.join(root, speech))
  const bank = { sampleRate, nBarks: 40, fMin: 50, barkScale: 'wang' } as const
  const bark = await new BarkSpectrogram({ ...bank, nFft: 512, hopLength: 200, power: 1 }).forward(waveform)
  assert.equal(read('b.npy'), bark)

  const sgdargs = { lr: 0.2, momentum: 0.8, nesterov: true }
  const inverse = new InverseBarkScale({ ...bank, nStft: 257, maxIter: 30, sgdargs, seed: 7 })
  const spectrogram = await inverse.forward(bark)
  assert.is((await unbark(['invert', 'b.npy', '-o', 's.npy', ...options, ...solver], { cwd })).code, 0)
  assert.equal(read('s.npy'), spectrogram)
  assert.is((await unbark(['invert', speech, '-o', 't.npy', '--power', '1', ...options, ...solver], { cwd })).code, 0)
  assert.equal(read('t.npy'), spectrogram)
})

test('exact solvers: what the class gives, and a line that says how exact', async () => {
  const { waveform, sampleRate } = await load(path.join(root, speech))
  const bark = await new BarkSpectrogram({ sampleRate, nFft: 1024 }).forward(waveform)
  for (const solver of ['nnls', 'maxent'] as const) {
    const { spectrogram, report } = await new InverseBarkScale({ nStft: 513, solver }).solve(bark)
    const args = ['invert', speech, '-o', 'e.npy', '--solver', solver, '--n-fft', '1024', '--json', '--plot', 'e.svg']
    const { code, out, err } = await unbark(args, { cwd })
    assert.is(code, 0, err)
    assert.equal(read('e.npy'), spectrogram)
    const answer = JSON.parse(out.toString())
    const { elapsedMs } = answer.report
    assert.equal(answer.report, { ...report, elapsedMs })
    const bands = solver === 'maxent' ? ', every band within \\d\\.\\d\\de-6' : ''
    const line = `${solver}: 103 frames in [\\d.]+ m?s \\(optimal, optimality \\d\\.\\d\\de-\\d${bands}, loss [\\d.e-]+\\)$`
    assert.match(err, new RegExp(line, 'm'))
    assert.equal(answer.warnings, [])
    // what exact solvers have no use for is not said of them
    const picture = fs.readFileSync(path.join(cwd, 'e.svg'), 'utf8')
    assert.match(picture, new RegExp(`${solver}: \\d+ passes at most, optimal`))
    assert.not.match(picture, /seed/)
  }
})

test('outputs beside the input, in a folder, on standard output', async () => {
  await unbark(['bark', speech], { cwd })
  assert.ok(fs.existsSync(path.join(cwd, 'examples/speech.bark.npy')))
  await unbark(['invert', speech, '--out-dir', 'some/where', ...quick], { cwd })
  assert.equal(read('some/where/speech.spec.npy').shape, [1, 513, 103])
  const piped = await unbark(['bark', speech, '-o', '-', '--n-fft', '1024'], { cwd })
  assert.equal(readNpy(piped.out).shape, [1, 128, 103])
  const back = await unbark(['invert', '-', ...quick], { cwd, input: piped.out })
  assert.equal(readNpy(back.out), read('some/where/speech.spec.npy'))
})

test('devices: what there is, and why something is not', async () => {
  const { devices } = JSON.parse((await unbark(['devices', '--json'], { cwd })).out.toString())
  assert.equal(devices[0], { device: 'cpu', backend: 'wasm', isAvailable: true })
  assert.equal(devices.map(({ backend }: { backend: string }) => backend).sort(), ['wasm', 'webgl2', 'webgpu'])
  for (const { isAvailable, adapter, why } of devices.slice(1)) assert.ok(isAvailable ? adapter : why)
  const lines = (await unbark(['devices'], { cwd })).out.toString().trim().split('\n')
  assert.is(lines.length, 3)
  assert.ok(lines.some((line) => /^gpu {2}webgl2 {2}not here - there is no WebGL here$/.test(line)))
})

onGpu('invert on a GPU', async () => {
  await unbark(['invert', speech, '-o', 'cpu.npy', '--device', 'cpu', ...quick], { cwd })
  const args = ['invert', speech, '-o', 'gpu.npy', '--device', 'gpu', '--json', ...quick]
  const { report } = JSON.parse((await unbark(args, { cwd })).out.toString())
  assert.equal([report.device, report.backend], ['gpu', 'webgpu'])
  assert.ok(distance(read('gpu.npy').data, read('cpu.npy').data) < 1e-5)
})

test('a pipe from one to the other', async () => {
  const line = `node ${program} bark ${speech} -o - --n-fft 1024 | node ${program} invert - -o p.npy ${quick.join(' ')}`
  const { code, err } = await execute('sh', ['-c', line], { cwd })
  assert.is(code, 0, err)
  assert.equal(read('p.npy').shape, [1, 513, 103])
})

test('several files, several at a time, one of them wrong', async () => {
  for (const name of ['a', 'b', 'c']) fs.copyFileSync(path.join(root, speech), path.join(cwd, `${name}.wav`))
  fs.writeFileSync(path.join(cwd, 'x.wav'), 'no sound')
  for (const jobs of ['1', '3']) {
    const args = [
      'invert',
      'a.wav',
      'b.wav',
      'x.wav',
      'c.wav',
      '--out-dir',
      `jobs${jobs}`,
      '--jobs',
      jobs,
      '--json',
      ...quick,
    ]
    const { code, out, err } = await unbark(args, { cwd })
    assert.is(code, 1)
    const answers = JSON.parse(out.toString())
    assert.equal(
      answers.map(({ file }: { file: string }) => file),
      ['a.wav', 'b.wav', 'x.wav', 'c.wav'],
    )
    assert.match(answers[2].error, /^x\.wav: /)
    assert.match(err, /^unbark: x\.wav: /m)
    assert.equal(fs.readdirSync(path.join(cwd, `jobs${jobs}`)).sort(), ['a.spec.npy', 'b.spec.npy', 'c.spec.npy'])
  }
  assert.equal(read('jobs3/a.spec.npy'), read('jobs1/c.spec.npy'))
})

test('--json: one document on standard output, all else on standard error', async () => {
  const { code, out, err } = await unbark(['invert', speech, '-o', 'j.npy', '--json', ...quick], { cwd })
  assert.is(code, 0)
  const answer = JSON.parse(out.toString())
  assert.equal([answer.file, answer.output, answer.sampleRate, answer.shape], [speech, 'j.npy', 16000, [1, 513, 103]])
  assert.equal([answer.report.iterations, answer.report.stopReason], [20, 'max-iter'])
  assert.ok(err.length > 0)
  const wrong = await unbark(['info', 'missing.wav', '--json'], { cwd })
  assert.is(wrong.code, 1)
  assert.is(JSON.parse(wrong.out.toString()).error, 'missing.wav: no such file or directory')
})

test('--quiet says nothing but errors', async () => {
  const { err } = await unbark(['invert', speech, '-o', 'q.npy', '-q', ...quick], { cwd })
  assert.is(err, '')
  const wrong = await unbark(['invert', 'missing.wav', '-q'], { cwd })
  assert.is(wrong.err, 'unbark: missing.wav: no such file or directory\n')
})

test('info: sound and arrays', async () => {
  const sound = await unbark(['info', speech], { cwd })
  assert.match(
    sound.out.toString(),
    /^examples\/speech\.wav: WAV sound\n {2}rate {6}16000 Hz\n {2}channels {2}1\n {2}length {4}3\.3 s, 52640 samples\n/,
  )
  const decibels = { data: Float32Array.from({ length: 60 }, (_, i) => -80 + i), shape: [3, 20] }
  fs.writeFileSync(path.join(cwd, 'db.npy'), writeNpy(decibels))
  const array = await unbark(['info', 'db.npy'], { cwd })
  assert.match(array.out.toString(), /shape {3}3 x 20\n {2}range {3}-80\.00 to -21\.00\n {2}looks like decibels/)
  const both = JSON.parse((await unbark(['info', speech, 'db.npy', '--json'], { cwd })).out.toString())
  assert.equal(
    both.map((x: { kind: string; decibels?: boolean }) => [x.kind, x.decibels]),
    [
      ['wav', undefined],
      ['npy', true],
    ],
  )
})

test('mp3, flac and ogg', async () => {
  for (const kind of ['mp3', 'flac', 'ogg']) {
    const file = path.join(root, 'tests/cli/sounds', `tone.${kind}`)
    const { code, out, err } = await unbark(['info', file, '--json'], { cwd })
    assert.is(code, 0, err)
    const { sampleRate, seconds, max } = JSON.parse(out.toString())
    assert.equal([sampleRate, seconds > 0.45 && seconds < 0.6, max > 0.11 && max < 0.15], [16000, true, true], kind)
  }
  const opus = await unbark(['info', path.join(root, 'tests/cli/sounds/opus.ogg')], { cwd })
  assert.match(opus.err, /opus\.ogg: this is Opus; of ogg files those with Vorbis are read\n$/)
})

test('without a decoder the package to install is named', async () => {
  const bare = path.join(cwd, 'bare')
  fs.cpSync(path.join(root, 'dist'), path.join(bare, 'dist'), { recursive: true })
  fs.mkdirSync(path.join(bare, 'node_modules'))
  fs.writeFileSync(path.join(bare, 'package.json'), '{ "type": "module" }')
  for (const name of ['cac', 'fast-png', 'fflate', 'iobuffer', 'yocto-spinner', 'yoctocolors']) {
    fs.symlinkSync(path.join(root, 'node_modules', name), path.join(bare, 'node_modules', name))
  }
  for (const [kind, name] of [
    ['mp3', 'mpg123-decoder'],
    ['flac', '@wasm-audio-decoders/flac'],
    ['ogg', '@wasm-audio-decoders/ogg-vorbis'],
  ]) {
    const file = path.join(root, `tests/cli/sounds/tone.${kind}`)
    const { code, err } = await execute(process.execPath, [path.join(bare, 'dist/cli.js'), 'info', file], { cwd })
    assert.is(code, 1)
    assert.is(
      err,
      `unbark: ${file}: ${kind} files are read by the package ${name}; install it with npm install ${name}\n`,
    )
  }
})

test('warnings are said once, and kept in the JSON', async () => {
  const { code, out, err } = await unbark(['bark', speech, '-o', 'w.npy', '--n-fft', '64', '--json'], { cwd })
  assert.is(code, 0)
  assert.match(err, /^warning: examples\/speech\.wav: filterbank: \d+ of 128 bands cover no bin/m)
  assert.is(JSON.parse(out.toString()).warnings.length, 1)
})

const usage: [string[], RegExp][] = [
  [
    ['play', speech],
    /^unbark: play: expected a command, one of invert, roundtrip, bark, info, devices\nunbark --help shows/,
  ],
  [['bark'], /^unbark: bark: expected a file, or - for standard input/],
  [['bark', speech, '--n-bark', '3'], /^unbark: --n-bark: no such option \(did you mean --n-barks\?\)/],
  [
    ['bark', speech, '--n-barks', '0'],
    /^unbark: --n-barks: expected an integer from 1 to 65536, got 0\nunbark bark --help shows/,
  ],
  [['bark', speech, '--n-barks', 'many'], /^unbark: --n-barks: expected an integer from 1 to 65536, got "many"/],
  [['bark', speech, '--n-barks'], /^unbark: --n-barks: expected a value, <count>\n/],
  [['bark', speech, '--window-fn', 'sine'], /^unbark: --window-fn: expected "hann" or /],
  [['bark', speech, '--power', '-1'], /^unbark: --power: expected a finite number > 0, got -1/],
  [['bark', speech, '--n-fft', '3', '--n-fft', '4'], /^unbark: --n-fft: expected once, got 3 and 4/],
  [['invert', speech, '--sgdargs.lr', '-1'], /^unbark: --sgdargs\.lr: expected a finite number >= 0, got -1/],
  [['invert', speech, '--sgdargs.rate', '1'], /^unbark: --sgdargs\.rate: no such option\n/],
  [['invert', speech, '--sgdargs.nesterov'], /^unbark: --sgdargs\.nesterov: expected momentum above 0/],
  [['invert', speech, '--solver', 'lbfgs'], /^unbark: --solver: expected "sgd" or "nnls" or "maxent", got "lbfgs"/],
  [['invert', speech, '--seed', '-1'], /^unbark: --seed: expected an integer >= 0, got -1/],
  [['invert', speech, '--device', 'tpu'], /^unbark: --device: expected "auto" or "cpu" or "gpu", got "tpu"/],
  [['devices', speech], /^unbark: devices: expected no file, got /],
  [['invert', speech, '--n-stft', '513'], /--n-stft is for \.npy files; give --n-fft with sound/],
  [['invert', speech, '--sample-rate', '8000'], /--sample-rate is for \.npy files/],
  [['invert', speech, '-o', 'x.npy', '--out-dir', 'y'], /^unbark: --output and --out-dir: expected one of the two/],
  [['invert', speech, 'b.wav', '-o', 'x.npy'], /^unbark: --output: expected one input with it/],
  [['invert', 'a.wav', 'examples/../a.wav', '--out-dir', 'y'], /two results would go there/],
  [['invert', speech, '-o', speech], /the result would replace its input/],
  [['invert', speech, '--plot', 'x.gif'], /^unbark: --plot: expected a file that ends in \.png or \.svg, got x\.gif/],
  [['invert', speech, '--json', '-o', '-'], /^unbark: --json: standard output is taken by the result/],
  [['bark', speech, '-o', ''], /^unbark: --output: expected a value, <file>, got ""/],
  [['bark', speech, '--f-max', ''], /^unbark: --f-max: expected a value, <Hz>, got ""/],
  [['bark', speech, '--json=x'], /^unbark: --json: expected no value, got "x"/],
  [['bark', '-dash.wav'], /^unbark: -d: no such option; put -- before files that begin with a dash/],
  [['bark', speech, '-o', 'a.png', '--plot', './a.png'], /^unbark: \.\/a\.png: two results would go there/],
  [['invert', speech, '--constructor', 'x'], /^unbark: --constructor: no such option/],
  [['invert', speech, '--jobs', '0'], /^unbark: --jobs: expected an integer from 1 to 256, got 0/],
]

for (const [args, message] of usage) {
  test(`exit 2: ${args.join(' ')}`, async () => {
    const { code, out, err } = await unbark(args, { cwd })
    assert.match(err, message)
    assert.equal([code, err.includes('    at ')], [2, false])
    // with --json the error is a document, else standard output stays empty
    if (args.includes('--json')) assert.ok(err.includes(JSON.parse(out.toString()).error))
    else assert.is(out.length, 0)
  })
}

test('a .npy file needs --n-stft or --n-fft', async () => {
  fs.writeFileSync(path.join(cwd, 'bands.npy'), writeNpy({ data: new Float32Array(40), shape: [20, 2] }))
  const { code, err } = await unbark(['invert', 'bands.npy'], { cwd })
  assert.is(code, 2)
  assert.match(err, /^unbark: bands\.npy: --n-stft or --n-fft is needed to invert a \.npy file\n/m)
  assert.is((await unbark(['invert', 'bands.npy', '--n-stft', '65'], { cwd })).code, 0)
  assert.equal(read('bands.spec.npy').shape, [65, 2])
})

test('names are taken as they are typed', async () => {
  for (const name of ['1e3', '007', '0x10', '-out.npy']) {
    assert.is((await unbark(['bark', speech, '-q', `--output=${name}`], { cwd })).code, 0)
    assert.ok(fs.existsSync(path.join(cwd, name)), name)
  }
  fs.copyFileSync(path.join(root, speech), path.join(cwd, '-dash.wav'))
  const { code } = await unbark(['bark', '-q', '--out-dir', '2024.10', '--', '-dash.wav'], { cwd })
  assert.equal([code, fs.existsSync(path.join(cwd, '2024.10/-dash.bark.npy'))], [0, true])
})

test('standard input with a folder for results, and among several files', async () => {
  const input = fs.readFileSync(path.join(root, speech))
  assert.is((await unbark(['bark', '-', '-q', '--out-dir', 'in'], { cwd, input })).code, 0)
  assert.ok(fs.existsSync(path.join(cwd, 'in/standard-input.bark.npy')))
  const args = ['bark', '-', 'a.wav', 'b.wav', '--jobs', '2', '--out-dir', 'mixed', '--json']
  const answers = JSON.parse((await unbark(args, { cwd, input })).out.toString())
  assert.equal(
    answers.map(({ error }: { error?: string }) => error),
    [undefined, undefined, undefined],
  )
})

test('one file that lacks an option does not stop the others', async () => {
  const args = ['invert', 'a.wav', 'bands.npy', 'b.wav', '--out-dir', 'lacking', '--max-iter', '5', '--json']
  for (const jobs of ['1', '2']) {
    const { code, out } = await unbark([...args, '--jobs', jobs], { cwd })
    const answers = JSON.parse(out.toString())
    assert.equal(
      [code, answers.length, answers[1].error],
      [2, 3, 'bands.npy: --n-stft or --n-fft is needed to invert a .npy file'],
    )
  }
})

test('a mono mp3 is one channel, and a flac that is cut short warns', async () => {
  const sounds = path.join(root, 'tests/cli/sounds')
  const mono = JSON.parse((await unbark(['info', path.join(sounds, 'tone.mp3'), '--json'], { cwd })).out.toString())
  assert.is(mono.channels, 1)
  const flac = fs.readFileSync(path.join(sounds, 'tone.flac'))
  fs.writeFileSync(path.join(cwd, 'cut.flac'), flac.subarray(0, flac.length * 0.9))
  const { code, out } = await unbark(['info', 'cut.flac', '--json'], { cwd })
  assert.is(code, 0)
  assert.match(JSON.parse(out.toString()).warnings[0], /^cut\.flac: it is damaged or cut short; \d+ of 8000 samples/)
})

test('pictures of one band and of no frames', async () => {
  for (const [name, shape] of [
    ['one', [1, 9]],
    ['none', [20, 0]],
  ] as const) {
    const [rows, time] = shape
    fs.writeFileSync(
      path.join(cwd, `${name}.npy`),
      writeNpy({ data: new Float32Array(rows * time).fill(1), shape: [rows, time] }),
    )
    const { code, err } = await unbark(
      ['invert', `${name}.npy`, '--n-stft', '33', '--max-iter', '5', '--plot', 'svg'],
      { cwd },
    )
    assert.is(code, 0, err)
    assert.match(fs.readFileSync(path.join(cwd, `${name}.spec.svg`), 'utf8'), /Frame/)
  }
})

test('help everywhere, and a version', async () => {
  for (const args of [
    ['--help'],
    ['-h'],
    ['bark', '--help'],
    ['invert', '-h'],
    ['roundtrip', '-h'],
    ['info', '--help'],
  ]) {
    const { code, out, err } = await unbark(args, { cwd })
    assert.equal([code, err], [0, ''])
    assert.match(out.toString(), /Examples:\n/)
    assert.ok(
      out
        .toString()
        .split('\n')
        .every((line) => line.length <= 120 && !line.endsWith(' ')),
    )
  }
  assert.match((await unbark(['--version'], { cwd })).out.toString(), /^unbark\/\d+\.\d+\.\d+ /)
  const none = await unbark([], { cwd })
  assert.equal([none.code, none.out.length, none.err.includes('Usage:')], [2, 0, true])
})

test('the examples of the help work as they stand', async () => {
  const bin = path.join(cwd, 'bin')
  fs.mkdirSync(bin)
  fs.writeFileSync(path.join(bin, 'unbark'), `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`, {
    mode: 0o755,
  })
  const env = { ...process.env, PATH: `${bin}:${process.env['PATH']}` }
  let count = 0
  for (const command of ['bark', 'invert', 'roundtrip', 'info']) {
    const help = (await unbark([command, '--help'], { cwd })).out.toString()
    for (const [, line] of help.slice(help.indexOf('Examples:')).matchAll(/^ {2}\$ (.*)$/gm)) {
      const { code, err } = await execute('sh', ['-c', line!], { cwd, env })
      assert.is(code, 0, `${line}\n${err}`)
      count++
    }
  }
  assert.ok(count >= 14)
})

test.run()
