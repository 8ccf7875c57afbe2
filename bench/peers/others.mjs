/** How much of the cores other programs took: a run is as quiet as this says, whoever started it. */
import fs from 'node:fs'

/** Others' share of a core from which on a measurement is not quiet. */
export const QUIET = 0.05
const TICK_MS = 10

function busyTicks() {
  const [, user, nice, system, , , irq, soft] = fs.readFileSync('/proc/stat', 'utf8').split('\n')[0].split(/\s+/)
  return [user, nice, system, irq, soft].reduce((sum, x) => sum + Number(x), 0)
}

/** Ticks of a process and of its children that have ended. */
function ticksOf(pid) {
  try {
    const fields = fs
      .readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')
    return fields.slice(11, 15).reduce((sum, x) => sum + Number(x), 0)
  } catch {
    return 0
  }
}

/** @returns a function that says what share of one core others took since; undefined where there is no /proc */
export function watchOthers() {
  if (!fs.existsSync('/proc/stat')) return () => undefined
  const family = () => [process.pid, ...childrenOf(process.pid)].reduce((sum, pid) => sum + ticksOf(pid), 0)
  const [start, busy, ours] = [performance.now(), busyTicks(), family()]
  return () => {
    const passed = (performance.now() - start) / TICK_MS
    return passed < 10 ? 0 : Math.max(0, busyTicks() - busy - (family() - ours)) / passed
  }
}

function childrenOf(pid) {
  try {
    const list = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
    return list === '' ? [] : list.split(' ')
  } catch {
    return []
  }
}
