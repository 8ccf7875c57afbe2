/** `invert --audio`, and what `bark` writes beside its arrays so that it needs no options. */
import fs from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { decodeWav, load } from '../../src/audio/index.ts'
import { BarkSpectrogram, InverseBarkSpectrogram } from '../../src/index.ts'
import { readNpy, writeNpy } from '../../src/npy.ts'
import { execute, folder, program, root, unbark } from './unbark.ts'

const cwd = folder()
test.after(() => fs.rmSync(cwd, { recursive: true }))

const speech = 'examples/speech.wav'
const at = (file: string): string => path.join(cwd, file)
const sound = (file: string) => decodeWav(fs.readFileSync(at(file)))
const array = (file: string) => readNpy(fs.readFileSync(at(file)))
const beside = (file: string) => JSON.parse(fs.readFileSync(at(`${file}.json`), 'utf8'))
const silent = { onWarning() {} }
const short = ['--iterations', '8', '-q']
const setting = ['--n-fft', '512', '--hop-length', '120', '--n-barks', '40']

/** Runs a command that is to succeed. */
async function run(...args: string[]): Promise<string> {
  const { code, out, err } = await unbark(args, { cwd })
  assert.is(code, 0, `${args.join(' ')}\n${err}`)
  return out.toString()
}

/** What a command that is to fail says, and its exit code. */
async function fail(...args: string[]): Promise<[number | null, string]> {
  const { code, err } = await unbark(args, { cwd })
  assert.not.match(err, / {4}at /)
  return [code, err.split('\n')[0]!]
}

const others: Record<string, string[]> = {
  defaults: [],
  others: [
    ...setting,
    ...'--win-length 500 --pad 7 --window-fn kaiser --wkwargs.beta 8 --power 1 --normalized=frame_length'.split(' '),
    ...'--pad-mode constant --f-min 50 --f-max 7000 --bark-scale wang --filterbank corrected'.split(' '),
  ],
}

for (const [name, flags] of Object.entries(others)) {
  test(`${name}: what is written beside the bands makes them, and sound of them, again`, async () => {
    await run('bark', speech, '-o', 'o.npy', '-q', ...flags)
    const { length, ...options } = beside('o.npy')
    const { waveform, sampleRate } = await load(path.join(root, speech))
    assert.equal([length, options.sampleRate], [52640, sampleRate])
    // not one option is left to a default, which may change
    const all = ['nFft', 'winLength', 'hopLength', 'pad', 'windowFn', 'power', 'normalized', 'center', 'padMode']
    for (const option of [...all, 'nBarks', 'fMin', 'fMax', 'barkScale', 'filterbank'])
      assert.ok(option in options, option)
    assert.equal(array('o.npy'), await new BarkSpectrogram({ ...options, ...silent }).forward(waveform))

    const inverse = new InverseBarkSpectrogram({ ...options, length, iterations: 8, ...silent })
    await run('invert', 'o.npy', '--audio', 'o.wav', ...short)
    assert.equal(sound('o.wav'), { waveform: await inverse.forward(array('o.npy')), sampleRate })
    // the sound file with the options says the same
    await run('invert', speech, '--audio', 'p.wav', ...flags, ...short)
    assert.equal(sound('p.wav'), sound('o.wav'))
  })
}

test('without the file the options come from the command line', async () => {
  await run('bark', speech, '-o', 'b.npy', '-q', ...setting)
  await run('invert', 'b.npy', '--audio', 'with.wav', ...short)
  fs.copyFileSync(at('b.npy'), at('bare.npy'))
  const needed = 'unbark: bare.npy: --n-fft is needed to make sound of a .npy file'
  assert.equal(await fail('invert', 'bare.npy', '--audio', 'x.wav', ...short), [2, needed])
  await run('invert', 'bare.npy', '--audio', 'without.wav', '--length', '52640', ...setting, ...short)
  assert.equal(sound('without.wav'), sound('with.wav'))
  await run('invert', 'bare.npy', '--audio', 'fewest.wav', '--sample-rate', '8000', ...setting, ...short)
  const { sampleRate, waveform } = sound('fewest.wav')
  assert.equal([sampleRate, waveform.shape], [8000, [1, (array('b.npy').shape[2]! - 1) * 120]])
})

test('a spectrogram takes the options beside its bands too', async () => {
  await run('invert', 'b.npy', '-o', 'with.spec.npy', '-q', '--solver', 'maxent')
  await run('invert', 'bare.npy', '-o', 'without.spec.npy', '-q', '--solver', 'maxent', ...setting)
  assert.equal(array('with.spec.npy'), array('without.spec.npy'))
  assert.match(
    await run('invert', 'b.npy', '--compare', '-q', '--max-iter', '20'),
    /^b\.npy: 439 frames, 40 bands -> 257 bins/,
  )
})

test('where both say something else, an error names both', async () => {
  await run('invert', 'b.npy', '--audio', 'same.wav', ...setting, ...short)
  assert.equal(sound('same.wav'), sound('with.wav'))
  const end = 'leave the option out, or take the file away'
  for (const [flags, told] of [
    [['--n-fft', '1024'], `--n-fft 1024 is given, and b.npy.json says nFft 512; ${end}`],
    [['--no-center'], `--no-center is given, and b.npy.json says center true; ${end}`],
    [['--length', '52000'], `--length 52000 is given, and b.npy.json says length 52640; ${end}`],
    [['--sample-rate', '8000'], `--sample-rate 8000 is given, and b.npy.json says sampleRate 16000; ${end}`],
  ] as const) {
    assert.equal(await fail('invert', 'b.npy', '--audio', 'x.wav', ...flags, ...short), [2, `unbark: ${told}`])
  }
  const bins = 'unbark: --n-stft 513 is given, and b.npy.json says nFft 512, which has 257 bins'
  assert.equal(await fail('invert', 'b.npy', '-o', 'x.npy', '--n-stft', '513', '-q'), [2, bins])
  assert.not.ok(fs.existsSync(at('x.wav')) || fs.existsSync(at('x.npy')))
})

test('a file beside other bands than its own', async () => {
  const say = async (shape: number[]): Promise<[number | null, string]> => {
    const data = new Float32Array(shape.reduce((a, b) => a * b)).fill(1)
    fs.writeFileSync(at('b.npy'), writeNpy({ data, shape }))
    return await fail('invert', 'b.npy', '--audio', 'x.wav', ...short)
  }
  const bands = 'it has 20 bands, and b.npy.json says nBarks 40; correct that file, or take it away'
  assert.equal(await say([20, 439]), [1, `unbark: b.npy: ${bands}`])
  const length = 'length: expected a number from 5880 to 5999 for 50 frames, got 52640'
  assert.equal(await say([40, 50]), [1, `unbark: b.npy.json: ${length}`])
})

test('a file that is written by hand needs no more than is not a default', async () => {
  const data = Float32Array.from({ length: 2 * 40 * 30 }, (_, i) => 1 + (i % 7))
  fs.writeFileSync(at('model.npy'), writeNpy({ data, shape: [2, 40, 30] }))
  fs.writeFileSync(at('model.npy.json'), '{ "sampleRate": 22050, "nFft": 512, "hopLength": 128 }')
  await run('invert', 'model.npy', '--audio', 'model.wav', ...short)
  const options = { sampleRate: 22050, nFft: 512, hopLength: 128, nBarks: 40, iterations: 8, ...silent }
  const waveform = await new InverseBarkSpectrogram(options).forward({ data, shape: [2, 40, 30] })
  assert.equal(sound('model.wav'), { waveform, sampleRate: 22050 })
  for (const [text, told] of [
    ['{ "nFft": ', /^unbark: model\.npy\.json: expected options of BarkSpectrogram as JSON \(/],
    ['[1]', /^unbark: model\.npy\.json: expected options of BarkSpectrogram as JSON, \{ "nFft": 1024, \.\.\. \}$/],
    ['{ "speaker": "Ann" }', /^unbark: model\.npy\.json: .*speaker/],
    ['{ "nFft": "512" }', /^unbark: model\.npy\.json: nFft: expected an integer from 1 to 65536, got "512"$/],
    ['{ "nFft": 512, "length": 1.5 }', /^unbark: model\.npy\.json: length: expected an integer >= 1, got 1\.5$/],
  ] as const) {
    fs.writeFileSync(at('model.npy.json'), text)
    const [code, line] = await fail('invert', 'model.npy', '--audio', 'x.wav', ...short)
    assert.is(code, 1)
    assert.match(line, told)
  }
})

test('bands of any leading dimensions, where one is more than 1 at most', async () => {
  const write = (shape: number[]): void => {
    const data = new Float32Array(shape.reduce((a, b) => a * b)).fill(1)
    fs.writeFileSync(at('lead.npy'), writeNpy({ data, shape }))
  }
  for (const [lead, channels] of [
    [[], 1],
    [[1, 1], 1],
    [[1, 3], 3],
  ] as const) {
    write([...lead, 40, 20])
    await run('invert', 'lead.npy', '--audio', 'lead.wav', ...setting, ...short)
    assert.equal(sound('lead.wav').waveform.shape, [channels, 19 * 120])
  }
  write([2, 2, 40, 20])
  const told = 'unbark: lead.npy: bark.shape: expected [channels, bands, time] of sound, got batches of [2, 2]'
  assert.equal(await fail('invert', 'lead.npy', '--audio', 'x.wav', ...setting, ...short), [1, told])
  const empty = writeNpy({ data: new Float32Array(0), shape: [40, 0] })
  fs.writeFileSync(at('lead.npy'), empty)
  const none = 'unbark: lead.npy: bark: expected at least one frame, got none'
  assert.equal(await fail('invert', 'lead.npy', '--audio', 'x.wav', ...setting, ...short), [1, none])
})

test('through a pipe: no file is beside, the options are given again', async () => {
  const [node, flags] = [`"${process.execPath}" "${program}"`, setting.join(' ')]
  const before = fs.readdirSync(cwd).sort()
  const line = `${node} bark ${speech} -o - ${flags} | ${node} invert - --audio - ${flags} --length 52640 --iterations 8`
  const { code, out, err } = await execute('sh', ['-c', line], { cwd })
  assert.is(code, 0, err)
  assert.equal(decodeWav(out), sound('with.wav'))
  await run('bark', speech, '-o', '/dev/null', '-q')
  assert.equal(fs.readdirSync(cwd).sort(), before)
  assert.not.ok(fs.existsSync('/dev/null.json'))
})

test('NumPy reads the array as before, and a line says where the options are', async () => {
  const { code, out, err } = await unbark(['bark', speech, '-o', 'n.npy', '--json', '--n-fft', '512'], { cwd })
  assert.is(code, 0)
  assert.is(JSON.parse(out.toString()).options, 'n.npy.json')
  assert.match(err, /^examples\/speech\.wav -> n\.npy {2}1 x 128 x 206, options in n\.npy\.json$/m)
  fs.mkdirSync(at('taken'))
  fs.copyFileSync(at(speech), at('taken/n.npy.json'))
  const taken = 'unbark: taken/n.npy.json: the result would replace its input; give another --output'
  assert.equal(await fail('bark', 'taken/n.npy.json', '-o', 'taken/n.npy'), [2, taken])
})

test('several files, a folder, a picture, and a document', async () => {
  await run('bark', speech, '-o', 'one.npy', '-q', ...setting)
  await run('bark', speech, '-o', 'two.npy', '-q', ...setting)
  const args = ['invert', 'one.npy', 'two.npy', '--audio', 'wav', '--out-dir', 'all', '--plot', 'svg', '--json']
  const answers = JSON.parse(await run(...args, '--jobs', '2', ...short))
  const { output, plot, sampleRate, shape, report } = answers[1]
  assert.equal([output, plot, sampleRate, shape], ['all/two.sound.wav', 'all/two.sound.svg', 16000, [1, 52640]])
  assert.equal([report.method, report.iterations], ['joint', 8])
  const names = ['one.sound.svg', 'one.sound.wav', 'two.sound.svg', 'two.sound.wav']
  assert.equal(fs.readdirSync(at('all')).sort(), names)
  const words = fs.readFileSync(at('all/one.sound.svg'), 'utf8')
  assert.match(words, />Bark, 40 bands<[\s\S]*>Result<[\s\S]*>Time \(s\)</)
  assert.not.match(words, />Original</)
  const { err } = await unbark(['invert', 'one.npy', '--audio', 'said.wav', '--iterations', '8'], { cwd })
  const said =
    /^one\.npy -> said\.wav {2}3\.3 s of sound in [\d.]+ m?s \(joint, 8 iterations, band convergence 0\.\d+\)$/m
  assert.match(err, said)
})

const usage: [string[], RegExp][] = [
  [['--iterations', '8'], /^unbark: --iterations: expected --audio with it$/],
  [['--no-pitch'], /^unbark: --no-pitch: expected --audio with it$/],
  [['--audio', 'x.wav', '--max-iter', '9'], /^unbark: --max-iter: sound has no use for it; leave it or --audio out$/],
  [['--audio', 'x.wav', '--sgdargs.lr', '9'], /^unbark: --sgdargs: sound has no use for it/],
  [['--audio', 'x.wav', '--compare'], /^unbark: --compare and --audio: expected one of the two$/],
  [
    ['--audio', 'x.wav', '-o', 'x.npy'],
    /^unbark: --output: with --audio the result is sound, and goes where that says$/,
  ],
  [['--audio', 'x.flac'], /^unbark: --audio: expected a file that ends in \.wav, got x\.flac$/],
  [['--audio', 'x.wav', '--out-dir', 'y'], /^unbark: --audio: expected wav alone with --out-dir$/],
  [['--audio', 'x.wav', 'two.npy'], /^unbark: --audio: expected wav alone with several inputs$/],
  [['--audio', speech], /^unbark: examples\/speech\.wav: the result would replace its input/],
  [['--audio', 'x.wav', '--n-stft', '513'], /^unbark: --n-stft: expected --n-fft with --audio$/],
  [['--audio', 'x.wav', '--length', '9'], /^unbark: examples\/speech\.wav: --length is for \.npy files/],
  [['--audio', 'x.wav', '--length', '0'], /^unbark: --length: expected an integer >= 1, got 0$/],
  [['--audio', '-', '--json'], /^unbark: --json: standard output is taken by the result/],
]

for (const [more, message] of usage) {
  test(`exit 2: invert ${more.join(' ')}`, async () => {
    const [code, line] = await fail('invert', speech, ...more, '-q')
    assert.match(line, message)
    assert.is(code, 2)
  })
}

test.run()
