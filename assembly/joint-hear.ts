/** The pitch's scores of the frames in a window: see pitch.ts. */
import { offset } from './frame-window'
import { istftPlaces } from './istft'
import { Joint } from './joint-layout'
import { PADDED } from './pitch-plan'
import { pitchScores } from './pitch'

/** Bytes of a group's scores. */
export const SCORES: usize = (<usize>PADDED) << 4

/**
 * Scores of groups.
 * @param pitch from `pitchPlan`
 * @param bark f32 [nBands of the input][stride], at the first frame
 * @param out {@link SCORES} bytes a group
 */
export function jointScores(
  at: usize,
  pitch: usize,
  group: i32,
  count: i32,
  bark: usize,
  stride: usize,
  out: usize,
): void {
  const x = changetype<Joint>(at)
  const list = memory.data(16)
  for (const end = group + count; group < end; group++, bark += 16, out += SCORES) {
    const frame = 4 * group
    istftPlaces(list, x.signal + offset(x, frame), (<usize>x.hop) << 2, min(4, x.frames - frame))
    pitchScores(pitch, list, bark, stride, out)
  }
}
