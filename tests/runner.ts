/**
 * Runs suites in uvu, more strictly than uvu does: a suite without tests, a forgotten `run()`, and tests lost to a
 * throwing hook or to a rejection with something that is no Error all fail. The same file runs in Node, Deno, Bun and
 * pages, so suites are listed rather than searched for.
 */
export type Suites = Record<string, () => Promise<unknown>>

export interface Count {
  passed: number
  failed: number
  skipped: number
}

type Result = [errors: string | true, ran: number, skipped: number, total: number]
type Run = () => Promise<Result>
type Uvu = { UVU_DEFER: number; UVU_INDEX: number; UVU_QUEUE: [string, ...Run[]][] }

const uvu = globalThis as unknown as Uvu

export async function runSuites(suites: Suites): Promise<Count> {
  uvu.UVU_DEFER = 1 // before uvu loads: suites queue, nothing runs by itself
  const { exec } = await import('uvu')
  const count: Count = { passed: 0, failed: 0, skipped: 0 }
  const lose = (name: string, what: string): void => {
    count.failed++
    console.error(`FAIL ${name}: ${what}`)
  }
  for (const [name, load] of Object.entries(suites)) {
    uvu.UVU_INDEX = uvu.UVU_QUEUE.push([name]) - 1
    await load()
    const [, ...runs] = uvu.UVU_QUEUE[uvu.UVU_INDEX]!
    if (runs.length === 0) lose(name, 'no suite called run()')
    uvu.UVU_QUEUE[uvu.UVU_INDEX] = [name, ...runs.map((run) => counted(name, run, count, lose))]
  }
  await exec()
  if (count.passed === 0) lose('run', 'no test ran')
  return count
}

/** A suite's run that adds to the count; uvu's total is without what is skipped. */
function counted(name: string, run: Run, count: Count, lose: (name: string, what: string) => void): Run {
  return async () => {
    const result = await run()
    const [errors, ran, skipped, total] = result
    count.passed += ran
    count.skipped += skipped
    count.failed += total - ran
    if (total === 0) lose(name, 'no tests')
    else if (errors === true && ran !== total) console.error(`FAIL ${name}: ${total - ran} tests lost`)
    if (skipped > 0) console.error(`SKIPPED ${skipped} of ${name}`)
    return result
  }
}

export function tell({ passed, failed, skipped }: Count): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
