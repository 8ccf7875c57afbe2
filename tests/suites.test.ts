import fs from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { suites } from './suites.ts'

test('every test file is in the list', () => {
  const files = fs.readdirSync(new URL('.', import.meta.url), { recursive: true, encoding: 'utf8' })
  const names = files.filter((file) => file.endsWith('.test.ts')).map((file) => file.replace('.test.ts', ''))
  assert.equal(Object.keys(suites).sort(), names.sort())
})

test.run()
