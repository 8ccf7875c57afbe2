/** Most threads that `'auto'` takes. */
export const MOST_THREADS = 16

type Host = {
  navigator?: { hardwareConcurrency?: number }
  process?: { getBuiltinModule?(name: string): { availableParallelism?(): number } | undefined }
}

/** Threads that run at a time here. Node 20 has no `navigator`. */
export function cores(): number {
  const host = globalThis as Host
  return (
    host.navigator?.hardwareConcurrency ?? host.process?.getBuiltinModule?.('node:os')?.availableParallelism?.() ?? 1
  )
}
