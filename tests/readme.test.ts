/** The README's examples, run as they stand, on the built package. */
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { execute, folder, program } from './cli/unbark.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const readme = fs.readFileSync(`${root}README.md`, 'utf8')
const examples = [...readme.matchAll(/^```js\n(.*?)^```/gms)].map((match) => match[1]!)

test('there are examples', () => {
  assert.ok(examples.length >= 2)
})

for (const [i, example] of examples.entries()) {
  test(`example ${i + 1}: ${example.split('\n').find((line) => line && !line.startsWith('import'))}`, () => {
    const printed = execFileSync(process.execPath, ['--input-type=module', '-e', example], { cwd: root })
      .toString()
      .trim()
    // what a line is said to print stands behind it
    const expected = [...example.matchAll(/console\.log\(.*\) +\/\/ (.*)$/gm)].map((match) => match[1]!)
    assert.equal(printed === '' ? [] : printed.split('\n'), expected)
  })
}

test('the command lines work as they stand', async () => {
  const cwd = folder()
  const bin = path.join(cwd, 'bin')
  fs.mkdirSync(bin)
  fs.writeFileSync(path.join(bin, 'unbark'), `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`, {
    mode: 0o755,
  })
  const env = { ...process.env, PATH: `${bin}:${process.env['PATH']}` }
  const lines = [...readme.matchAll(/^unbark .*$/gm)].map(([line]) => line)
  assert.ok(lines.length >= 5)
  for (const line of lines) {
    const { code, err } = await execute('sh', ['-c', line], { cwd, env })
    assert.is(code, 0, `${line}\n${err}`)
  }
  fs.rmSync(cwd, { recursive: true })
})

test('every local link leads somewhere', () => {
  const docs = ['algorithms', 'benchmarks', 'torchaudio'].map((name) => `docs/${name}.md`)
  for (const file of ['README.md', ...docs, 'bench/README.md', 'bench/results/peers.md', 'CHANGELOG.md']) {
    const text = fs.readFileSync(root + file, 'utf8')
    for (const [, target] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
      const at = new URL(target!, `file://${root}${file}`)
      assert.ok(fs.existsSync(at), `${file}: ${target}`)
    }
  }
})

test('the section on speed stands between its two comments, and is made by the benchmark', () => {
  const parts = /<!-- speed: made by npm run bench:peers -->\n\n(.*?)\n\n<!-- \/speed -->/s.exec(readme)
  assert.ok(parts, 'the comments that bench/peers/readme.mjs writes between')
  assert.match(parts[1]!, /bench\/results\/peers\.md/)
})

test.run()
