import type { Placement } from '../../backend.ts'
import type { JointProblem, JointSession, JointSolver, JointSpec } from '../../joint.ts'
import { JointRoom } from './joint-room.ts'
import { LocalJointSession } from './joint-session.ts'

/** From bands to sound in WebAssembly. */
export class WasmJoint implements JointSolver {
  readonly window: Float32Array
  readonly emptyBands: number
  readonly #spec: JointSpec
  #room: JointRoom | undefined

  constructor(spec: JointSpec, _where: Placement) {
    this.#spec = spec
    const room = this.#take()
    this.window = room.window
    this.emptyBands = room.emptyBands
    this.#room = room
  }

  #take(): JointRoom {
    const room = this.#room ?? new JointRoom(this.#spec)
    this.#room = undefined
    return room
  }

  filterbank(): Float32Array {
    const room = this.#take()
    room.clear()
    const dense = room.filterbank.dense()
    this.#room = room
    return dense
  }

  reaches(frames: number, samples: number): boolean {
    const room = this.#take()
    const does = room.reaches(frames, samples)
    this.#room = room
    return does
  }

  open(problem: JointProblem): JointSession {
    const room = this.#take()
    return new LocalJointSession(room, problem, undefined, () => {
      this.#room = room
    })
  }

  dispose(): void {}
}
