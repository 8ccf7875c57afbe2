import fs from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { alone, elsewhere, quick, sound, suites } from './suites.ts'

test('every test file is in the list', () => {
  const files = fs.readdirSync(new URL('.', import.meta.url), { recursive: true, encoding: 'utf8' })
  const names = files.filter((file) => file.endsWith('.test.ts')).map((file) => file.replace('.test.ts', ''))
  assert.equal(Object.keys(suites).sort(), names.sort())
})

test('what is said of suites is said of such as there are, and one thing of each', () => {
  const named = [...quick, ...sound, ...alone, ...elsewhere]
  assert.is(new Set(named).size, named.length)
  assert.equal(
    named.filter((name) => !(name in suites)),
    [],
  )
})

test.run()
