/** A spectrogram to look at: one channel, with coarser copies of it for what is longer than a screen is wide. */

/** Frames of a level that are one of the next. */
const FACTOR = 8
/** Frames that need no coarser copy. */
const ENOUGH = 4096

interface Level {
  data: Float32Array
  frames: number
  /** Frames of the spectrogram that are one of these. */
  per: number
}

export class Grid {
  readonly rows: number
  readonly frames: number
  readonly #levels: Level[]

  private constructor(rows: number, levels: Level[]) {
    this.rows = rows
    this.frames = levels[0]!.frames
    this.#levels = levels
  }

  /** @param data [rows, frames] */
  static *of(data: Float32Array, rows: number, frames: number): Generator<undefined, Grid> {
    const levels: Level[] = [{ data, frames, per: 1 }]
    for (let level = levels[0]!; level.frames > ENOUGH; level = levels.at(-1)!) levels.push(yield* coarser(level, rows))
    return new Grid(rows, levels)
  }

  /** The value of a cell as it is. */
  at(row: number, frame: number): number {
    return this.#levels[0]!.data[row * this.frames + frame]!
  }

  /** The coarsest level of which a pixel still shows several, where `perPixel` frames fall on one. */
  level(perPixel: number): Level {
    return this.#levels.findLast(({ per }) => per === 1 || 2 * per <= perPixel)!
  }
}

/** The loudest of each few frames: a click in an hour keeps its level. */
function* coarser({ data, frames, per }: Level, rows: number): Generator<undefined, Level> {
  const fewer = Math.ceil(frames / FACTOR)
  const out = new Float32Array(rows * fewer)
  for (let row = 0; row < rows; row++) {
    const at = row * frames
    for (let t = 0; t < frames; t++) {
      const to = row * fewer + Math.floor(t / FACTOR)
      const x = data[at + t]!
      if (x > out[to]!) out[to] = x
    }
    yield
  }
  return { data: out, frames: fewer, per: per * FACTOR }
}
