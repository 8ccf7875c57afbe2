/**
 * The pitch of a stream's open frames, from their bands and what is heard where they lie: a track (pitch-track.ts) that
 * goes over them again whenever a frame has come in, on from the sums that the closed ones have left.
 */
import { PitchTrack } from './pitch-path'
import { pitchScores } from './pitch'
import { pitchSlope, pitchTrackEnd, pitchTrackPush } from './pitch-track'
import { Stream, streamPlaces, SUMS } from './stream-layout'

/**
 * Tracks the pitch of the open frames.
 * @param bark what `jointBands` left, f32 [row][stride], from the oldest frame on
 * @param voice f32 [3][stride]: f0 in Hz, |df0| from frame to frame, voicing
 */
export function streamHear(at: usize, bark: usize, voice: usize, stride: usize): void {
  const x = changetype<Stream>(at)
  const track = changetype<PitchTrack>(x.track)
  const list = memory.data(16)
  const oldest = x.frame - x.open
  if (oldest > x.oldest) memory.copy(x.before, x.after, SUMS)
  x.oldest = oldest
  memory.copy(track.sums, x.before, SUMS)
  track.held = 0
  track.frames = x.open
  for (let group = 0; 4 * group < x.open; group++, bark += 16) {
    streamPlaces(x, list, group, x.joint.signal)
    pitchScores(x.pitch, list, bark, stride, x.scores)
    for (let i = 0; i < min(4, x.open - 4 * group); i++) {
      pitchTrackPush(x.track, x.scores + ((<usize>i) << 2), 1)
      if (track.held == 1) memory.copy(x.after, track.sums, SUMS)
    }
  }
  pitchTrackEnd(x.track, voice, voice + 2 * stride)
  pitchSlope(voice, voice + stride, x.open)
}
