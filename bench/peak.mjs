/** The most memory that this process has had, in bytes. */
import fs from 'node:fs'

const STATUS = '/proc/self/status'

export function peak() {
  // Linux hands maxRSS on to children, whose own peak it then hides
  if (!fs.existsSync(STATUS)) return process.resourceUsage().maxRSS * 1024
  return Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync(STATUS, 'utf8'))[1]) * 1024
}
