/** A curve of the loss that is quick to send and to draw. */

/** Points that a curve keeps. */
const MOST = 400

/** Pairs of place and loss: those of a run, thinned so that late iterations have as many points as early ones. */
export function iterationCurve(history: readonly { iteration: number; loss: number }[]): Float64Array {
  const points: number[] = []
  let next = 0
  for (const [i, { iteration, loss }] of history.entries()) {
    if (i < next && i < history.length - 1) continue
    points.push(iteration, loss)
    next = Math.max(i + 1, i * Math.exp(Math.log(Math.max(history.length, 2)) / MOST))
  }
  return Float64Array.from(points)
}

/** Pairs of frame and loss: the greatest of each few frames. */
export function frameCurve(losses: Float64Array): Float64Array {
  const count = Math.min(MOST, losses.length)
  const points = new Float64Array(2 * count)
  for (const [frame, loss] of losses.entries()) {
    const i = Math.floor((frame * count) / losses.length)
    points[2 * i] = frame
    points[2 * i + 1] = Math.max(points[2 * i + 1]!, loss)
  }
  return points
}
