/** The command line of bench:peers. */
import fs from 'node:fs'
import { parseArgs } from 'node:util'
import { partNames } from './parts.mjs'

export function parseArguments(args) {
  const flag = { type: 'boolean', default: false }
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { full: flag, quick: flag, fresh: flag, report: flag, part: { type: 'string', multiple: true } },
  })
  const unknown = values.part?.find((name) => !partNames.includes(name))
  if (unknown !== undefined) throw new RangeError(`--part: expected one of ${partNames.join(', ')}, got ${unknown}`)
  const missing = positionals.find((file) => !fs.existsSync(file))
  if (missing !== undefined) throw new RangeError(`file: expected a sound file, got ${missing}, which is not there`)
  const mode = values.quick ? 'quick' : values.full ? 'full' : 'default'
  return { mode, files: positionals, fresh: values.fresh, report: values.report, parts: values.part ?? partNames }
}
