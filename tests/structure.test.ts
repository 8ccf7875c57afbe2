/** Arrows between files point one way: index -> classes -> drivers -> backend interface <- backends. */
import fs from 'node:fs'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const root = new URL('../src/', import.meta.url).pathname

/** Every file of src/ with the files and packages that it imports; types count where `types` is true. */
function imports(types: boolean): Map<string, string[]> {
  const files = fs.readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  return new Map(
    files
      .filter((file) => !file.startsWith('generated'))
      .map((file) => {
        const text = fs.readFileSync(root + file, 'utf8')
        const found = [
          ...text.matchAll(/^(?:import|export)(?<type> type)?[^'"]*? from '(?<from>[^']+)'|^import '(?<bare>[^']+)'/gm),
        ]
        return [
          file,
          found
            .filter(({ groups }) => types || !groups!['type'])
            .map(({ groups }) => groups!['from'] ?? groups!['bare']!)
            .map((from) => (from.startsWith('.') ? path.join(path.dirname(file), from) : from)),
        ]
      }),
  )
}

const all = imports(true)
const everything = [...all].flatMap(([from, targets]) => targets.map((to) => [from, to] as const))
/** Those of the library, without the command line's. */
const arrows = everything.filter(([from]) => !from.startsWith('cli/'))

test('every relative import is a file', () => {
  for (const [from, to] of everything) {
    if (to.endsWith('.ts') && !to.startsWith('generated')) assert.ok(fs.existsSync(root + to), `${from} -> ${to}`)
  }
})

test('no cycles', () => {
  const values = imports(false)
  const done = new Set<string>()
  const visit = (file: string, trail: string[]): void => {
    assert.not.ok(trail.includes(file), [...trail, file].join(' -> '))
    if (done.has(file)) return
    for (const to of values.get(file) ?? []) visit(to, [...trail, file])
    done.add(file)
  }
  for (const file of values.keys()) visit(file, [])
})

test('only core.ts meets WebAssembly, and the one package that the library holds', () => {
  for (const [from, to] of arrows) {
    if (to === 'generated/worker.ts') assert.is(from, 'backends/wasm/solve-crew.ts')
    else if (to === 'generated/joint-worker.ts') assert.is(from, 'backends/wasm/joint-crew.ts')
    else if (to === 'generated/gpu-js.js') assert.is(from, 'backends/gpu/gpu-js.ts')
    else if (to.startsWith('generated')) assert.is(from, 'backends/wasm/core.ts')
    else if (!to.endsWith('.ts')) assert.equal([from, to], ['backends/wasm/core.ts', '@assemblyscript/loader'])
  }
})

test('backends know no class, no driver and no option, and not each other; beside them is the choice, met by choose.ts', () => {
  const below = (file: string): string | undefined => /^backends\/(\w+)\//.exec(file)?.[1]
  for (const [from, to] of arrows) {
    if (from.startsWith('backends/') && from !== 'backends/choose.ts' && !to.startsWith('backends/')) {
      if (to.endsWith('.ts') && !to.startsWith('generated'))
        assert.ok(
          ['backend.ts', 'columns.ts', 'joint.ts', 'stft.ts', 'tensor.ts', 'turn.ts'].includes(to),
          `${from} -> ${to}`,
        )
    }
    if (below(from) && to.startsWith('backends/')) assert.is(below(to), below(from), `${from} -> ${to}`)
    if (to.startsWith('backends/') && !from.startsWith('backends/')) assert.is(to, 'backends/choose.ts', from)
  }
})

test('what GPUs need is loaded for them alone', () => {
  const values = [...imports(false)].flatMap(([from, targets]) => targets.map((to) => [from, to] as const))
  const isTheirs = (file: string): boolean =>
    /^backends\/(gpu\/|(gpus|adapters|pace|paces|fallback-session)\.ts$)/.test(file)
  for (const [from, to] of values) if (isTheirs(to)) assert.ok(isTheirs(from), `${from} -> ${to}`)
  for (const file of ['auto.ts', 'devices.ts'])
    assert.match(fs.readFileSync(`${root}backends/${file}`, 'utf8'), /await import\('\.\/gpus\.ts'\)/)
})

test('the driver sees sessions, not frames', () => {
  assert.equal(all.get('sgd-driver.ts')!.sort(), ['backend.ts', 'report.ts', 'sgd-search.ts', 'steps.ts'])
})

test('files and sound know no transform', () => {
  for (const [from, to] of arrows) {
    if (!from.startsWith('audio/') && from !== 'npy.ts') continue
    assert.ok(
      to.startsWith('audio/') || ['bytes.ts', 'looks-like.ts', 'options.ts', 'tensor.ts', 'turn.ts'].includes(to),
      `${from} -> ${to}`,
    )
  }
})

test('the command line takes the library by its entries, and nothing takes the command line', () => {
  const entries = ['index.ts', 'audio/index.ts', 'npy.ts', 'options.ts', 'tensor.ts', 'generated/version.ts']
  for (const [from, to] of everything) {
    if (!from.startsWith('cli/')) assert.not.ok(to.startsWith('cli/'), `${from} -> ${to}`)
    else if (to.endsWith('.ts') && !to.startsWith('cli/')) assert.ok(entries.includes(to), `${from} -> ${to}`)
    else if (!to.endsWith('.ts')) assert.ok(/^(node:|cac$|fast-png$|yocto-spinner$)/.test(to), `${from} -> ${to}`)
  }
})

test('index.ts is a list', () => {
  const text = fs.readFileSync(`${root}index.ts`, 'utf8')
  assert.not.match(text, /^(const|function|class|let|import)\b/m)
  assert.ok(!arrows.some(([, to]) => to === 'index.ts'))
})

test.run()
