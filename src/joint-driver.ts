/** From bands to sound: the pieces of a session in order. */
import type { JointSession } from './joint.ts'
import type { Status, Steps } from './steps.ts'

/** Runs an open session to its end and closes it. */
export function* driveJoint(session: JointSession, status: Status): Steps<void> {
  try {
    for (let part = 0; part < 1; ) {
      part = (yield session.advance()) as number
      status.iteration = Math.floor(part * status.of)
    }
  } finally {
    session.close()
  }
}
