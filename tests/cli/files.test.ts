/** Files that are wrong, places that cannot be written, and interruptions: a sentence that begins with the file's name. */
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { encodeWav } from '../../src/audio/index.ts'
import { readNpy, writeNpy } from '../../src/npy.ts'
import { execute, folder, program, root, unbark } from './unbark.ts'

const cwd = folder()
test.after(() => fs.rmSync(cwd, { recursive: true }))
const at = (file: string): string => path.join(cwd, file)

const speech = fs.readFileSync(path.join(root, 'examples/speech.wav'))
const wav = (channels: number, samples: number, sampleRate: number, fill = 0.1): Uint8Array =>
  encodeWav({
    waveform: { data: new Float32Array(channels * samples).fill(fill), shape: [channels, samples] },
    sampleRate,
  })

/** A .npy header that promises more than any memory holds. */
const hugeNpy = writeNpy({ data: new Float32Array(1), shape: [1] })
hugeNpy.set(Buffer.from('(99999999999,), }        '), hugeNpy.indexOf('('.charCodeAt(0)))

/** A WAV header whose data chunk promises 4 GB. */
const hugeWav = Uint8Array.from(speech.subarray(0, 2048))
const dataAt = speech.indexOf('data')
new DataView(hugeWav.buffer).setUint32(dataAt + 4, 0xfffffff0, true)

const wrong: Record<string, [Uint8Array | string, RegExp]> = {
  'empty.wav': ['', /empty/],
  'text.wav': ['this is no sound, it is text\n', /text/],
  'half.wav': [speech.subarray(0, 30), /wav|header|truncated|bytes/i],
  'head.npy': [hugeNpy, /npy: expected/],
  'short.npy': [writeNpy({ data: new Float32Array(256), shape: [128, 2] }).subarray(0, 300), /npy: expected/],
  'empty.npy': [new Uint8Array([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]), /npy: expected/],
}

test('wrong files: exit 1, one sentence, no stack, at once', async () => {
  for (const [file, [bytes, message]] of Object.entries(wrong)) {
    fs.writeFileSync(at(file), bytes)
    for (const command of [['info'], ['bark'], ['invert', '--n-fft', '1024']]) {
      if (command[0] === 'bark' && file.endsWith('.npy')) continue
      const start = performance.now()
      const { code, err } = await unbark([...command, file, '-q'], { cwd })
      assert.is(code, 1, `${command[0]} ${file}`)
      assert.ok(err.startsWith(`unbark: ${file}: `) && err.trim().split('\n').length === 1, err)
      assert.match(err, message)
      assert.not.match(err, / {4}at /)
      assert.ok(performance.now() - start < 5000)
    }
  }
})

test('no file, a folder, a device, no sound', async () => {
  const say = async (args: string[]) => (await unbark([...args, '-q'], { cwd })).err
  assert.is(await say(['bark', 'missing.wav']), 'unbark: missing.wav: no such file or directory\n')
  assert.is(await say(['bark', 'examples']), 'unbark: examples: this is a directory\n')
  assert.is(await say(['info', '/dev/zero']), 'unbark: /dev/zero: this is a device, not a file\n')
  assert.is(
    await say(['bark', 'examples/speech.wav/x']),
    'unbark: examples/speech.wav/x: a part of the path is not a directory\n',
  )
  assert.match(await say(['bark', 'examples/README.md']), /^unbark: examples\/README\.md: .*text/)
})

test('--verbose says where an error comes from', async () => {
  const { err } = await unbark(['bark', 'missing.wav', '--verbose'], { cwd })
  assert.match(err, /^unbark: missing\.wav: no such file or directory\n.* {4}at /s)
})

test('unusual sounds: a clear sentence or a right answer', async () => {
  const sounds: Record<string, [Uint8Array, number | RegExp]> = {
    'one.wav': [wav(1, 1, 16000), /^unbark: one\.wav: waveform: expected more than 200 samples for reflect padding/],
    'none.wav': [wav(1, 0, 16000), /^unbark: none\.wav: waveform: expected at least 1 sample, got 0/],
    'nan.wav': [
      wav(1, 4000, 16000, Number.NaN),
      /^unbark: nan\.wav: waveform: expected finite values, got NaN at \[0, 0\]/,
    ],
    'eight.wav': [wav(8, 4000, 16000), 8],
    'fast.wav': [wav(2, 9600, 192000), 2],
  }
  for (const [file, [bytes, expected]] of Object.entries(sounds)) {
    fs.writeFileSync(at(file), bytes)
    const info = await unbark(['info', file, '--json'], { cwd })
    assert.is(info.code, 0)
    const { code, err } = await unbark(['invert', file, '-q', '--max-iter', '5'], { cwd })
    if (typeof expected === 'number') {
      assert.is(code, 0, err)
      assert.is(readNpy(fs.readFileSync(at(file.replace('.wav', '.spec.npy')))).shape[0], expected)
    } else {
      assert.is(code, 1)
      assert.match(err, expected)
    }
  }
})

test('a data chunk that promises too much is read as far as it goes, with a warning', async () => {
  fs.writeFileSync(at('huge.wav'), hugeWav)
  const { code, out } = await unbark(['info', 'huge.wav', '--json'], { cwd })
  const answer = JSON.parse(out.toString())
  assert.equal([code, answer.samples, answer.warnings.length], [0, (2048 - dataAt - 8) / 2, 1])
})

test('an array that does not fit', async () => {
  fs.writeFileSync(at('flat.npy'), writeNpy({ data: new Float32Array(4), shape: [4] }))
  fs.writeFileSync(at('bad.npy'), writeNpy({ data: new Float32Array(8).fill(Number.NaN), shape: [4, 2] }))
  const invert = (...args: string[]) => unbark(['invert', ...args, '--n-fft', '64', '-q'], { cwd })
  assert.match((await invert('flat.npy')).err, /^unbark: flat\.npy: bark\.shape: expected \[\.\.\., bands/)
  assert.match((await invert('bad.npy')).err, /^unbark: bad\.npy: bark: expected finite values, got NaN at \[0, 0\]/)
  assert.match((await invert('bad.npy', '--n-barks', '9')).err, /^unbark: bad\.npy: bark\.shape: expected 9 bands/)
})

test('places that cannot be written', async () => {
  const bark = (output: string) => unbark(['bark', 'examples/speech.wav', '-q', '-o', output], { cwd })
  for (const [output, message] of [
    ['no/where.npy', 'no/where.npy: no such file or directory'],
    ['examples', 'examples: this is a directory'],
    ['examples/speech.wav/x.npy', 'examples/speech.wav/x.npy: a part of the path is not a directory'],
    [`${'x'.repeat(300)}.npy`, `${'x'.repeat(300)}.npy: the name is too long`],
  ] as const) {
    const { code, err } = await bark(output)
    assert.equal([code, err], [1, `unbark: ${message}\n`])
  }
  assert.equal(
    fs.readdirSync(at('.')).filter((name) => name.includes('.part')),
    [],
  )
})

test('a full disk leaves nothing behind', async () => {
  if (fs.existsSync('/dev/full')) {
    const { code, err } = await unbark(['bark', 'examples/speech.wav', '-q', '-o', '/dev/full'], { cwd })
    assert.equal([code, err], [1, 'unbark: /dev/full: no space left on the device\n'])
  }
  const disk = at('disk')
  fs.mkdirSync(disk)
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]).status !== 0) {
    console.error('NOT TRIED: a small tmpfs, which takes the right to mount')
    return
  }
  try {
    fs.writeFileSync(path.join(disk, 'x.npy'), 'what was there')
    const { code, err } = await unbark(['bark', 'examples/speech.wav', '-q', '-o', 'disk/x.npy'], { cwd })
    assert.equal([code, err], [1, 'unbark: disk/x.npy: no space left on the device\n'])
    assert.equal(fs.readdirSync(disk), ['x.npy'])
    assert.is(fs.readFileSync(path.join(disk, 'x.npy'), 'utf8'), 'what was there')
  } finally {
    spawnSync('umount', [disk])
  }
})

test('no permission', async () => {
  fs.writeFileSync(at('secret.wav'), speech, { mode: 0o000 })
  const way = { cwd, ...(process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}) }
  fs.chmodSync(cwd, 0o755)
  const [command, args] = [process.execPath, [program, 'info', 'secret.wav', '-q']]
  const tried = await execute(command, ['-e', `fs.accessSync(${JSON.stringify(program)})`], way).catch(() => undefined)
  if (tried?.code !== 0) {
    console.error('NOT TRIED: a file without permission, since another user cannot reach this folder')
    return
  }
  const { code, err } = await execute(command, args, way)
  assert.equal([code, err], [1, 'unbark: secret.wav: permission denied\n'])
  const write = await execute(command, [program, 'bark', 'examples/speech.wav', '-q'], way)
  assert.equal([write.code, write.err], [1, 'unbark: examples/speech.bark.npy: permission denied\n'])
})

test('an output that is there is replaced, with its mode, and a link stays a link', async () => {
  fs.writeFileSync(at('kept.npy'), 'old', { mode: 0o640 })
  fs.chmodSync(at('kept.npy'), 0o640)
  fs.symlinkSync('kept.npy', at('link.npy'))
  assert.is((await unbark(['bark', 'examples/speech.wav', '-q', '-o', 'link.npy'], { cwd })).code, 0)
  assert.is(readNpy(fs.readFileSync(at('kept.npy'))).shape.length, 3)
  assert.ok(fs.lstatSync(at('link.npy')).isSymbolicLink())
  assert.is(fs.statSync(at('kept.npy')).mode & 0o777, 0o640)
})

test('no input is replaced, by whatever name its result has', async () => {
  fs.copyFileSync(at('examples/speech.wav'), at('own.wav'))
  fs.symlinkSync('own.wav', at('other.npy'))
  fs.symlinkSync('.', at('here'))
  for (const output of ['other.npy', 'here/own.wav', at('own.wav')]) {
    const { code, err } = await unbark(['bark', 'own.wav', '-q', '-o', output], { cwd })
    assert.is(code, 2)
    assert.match(err, /the result would replace its input/)
  }
  assert.equal(fs.readFileSync(at('own.wav')), speech)
})

test('a full standard output, and a folder where none can be made', async () => {
  const line = `"${process.execPath}" "${program}" bark examples/speech.wav -q -o - > /dev/full`
  const full = await execute('sh', ['-c', line], { cwd })
  assert.equal([full.code, full.err], [1, 'unbark: standard output: no space left on the device\n'])
  const { code, err } = await unbark(['bark', 'examples/speech.wav', '--out-dir', '/proc/no/where', '-q'], { cwd })
  assert.is(code, 1)
  assert.match(err, /^unbark: \/proc\/no: no such file or directory\n/)
})

test('a read that never comes back is ended by a signal', async () => {
  assert.is(spawnSync('mkfifo', [at('pipe')]).status, 0)
  const start = performance.now()
  const line = `"${process.execPath}" "${program}" info pipe -q & sleep 0.7; kill -INT $!; wait $!`
  await execute('bash', ['-c', line], { cwd })
  assert.ok(performance.now() - start < 6000)
})

test('Ctrl-C: exit 130, no half-written file', async () => {
  const long = ['--n-fft', '1024', '--max-iter', '100000000', '--tolerance-loss', '0', '--tolerance-change', '0']
  for (const extra of [[], ['--jobs', '2']]) {
    fs.cpSync(at('examples/speech.wav'), at('again.wav'))
    const files =
      extra.length > 0
        ? ['examples/speech.wav', 'again.wav', '--out-dir', 'cut']
        : ['examples/speech.wav', '-o', 'cut.npy']
    let killed = 0
    const { code, err } = await unbark(['invert', ...files, ...long, ...extra], {
      cwd,
      onErr(_, kill) {
        if (killed === 0) setTimeout(() => kill('SIGINT'), 500)
        killed ||= performance.now()
      },
    })
    assert.is(code, 130, err)
    assert.ok(performance.now() - killed < 5000)
    assert.not.ok(fs.existsSync(at('cut.npy')))
    assert.equal(fs.existsSync(at('cut')) ? fs.readdirSync(at('cut')) : [], [])
    assert.equal(
      fs.readdirSync(cwd).filter((name) => name.endsWith('.part')),
      [],
    )
  }
})

test.run()
