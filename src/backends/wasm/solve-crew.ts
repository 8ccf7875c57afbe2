/** Workers that solve for one filterbank. */
import type { FilterbankSpec } from '../../backend.ts'
import source from '../../generated/worker.ts'
import { compiledSolve, instantiateSolve } from './core.ts'
import type { Job } from './jobs.ts'
import type { Crew } from './remote.ts'

export function solveCrew(spec: FilterbankSpec): Crew<Job> {
  return { source, start: () => ({ name: 'start', module: compiledSolve(), spec }), spend: instantiateSolve }
}
