/** Workers that make sound of bands. */
import source from '../../generated/joint-worker.ts'
import type { JointSpec } from '../../joint.ts'
import { compiledSound, instantiateSound } from './core.ts'
import type { JointJob } from './joint-jobs.ts'
import type { Crew } from './remote.ts'

export function jointCrew(spec: JointSpec): Crew<JointJob> {
  return { source, start: () => ({ name: 'start', module: compiledSound(), spec }), spend: instantiateSound }
}
