/** All solvers on the same bands, in a table. Its rows are there from the beginning, so that nothing moves. */
import { threeDigits } from '../../src/cli/plot/ticks.ts'
import { all } from './dom.ts'
import { count, decibel, duration, NONE, ratio } from './figures.ts'
import type { Row } from './messages.ts'

/** Pixels of a picture. */
export const PICTURE: { width: number; height: number } = { width: 480, height: 168 }

interface Line {
  canvas: HTMLCanvasElement
  cells: HTMLTableCellElement[]
}

export class Comparison {
  readonly #lines = new Map<string, Line>()

  constructor() {
    for (const row of all<HTMLTableRowElement>('[data-solver]')) {
      const [, picture, ...cells] = row.cells
      this.#lines.set(row.dataset['solver']!, { canvas: picture!.querySelector('canvas')!, cells })
    }
  }

  clear(): void {
    for (const { canvas, cells } of this.#lines.values()) {
      canvas.getContext('2d')!.clearRect(0, 0, canvas.width, canvas.height)
      for (const cell of cells) cell.textContent = NONE
    }
  }

  put({ solver, elapsedMs, iterations, fit, likeness, picture }: Row): void {
    const { canvas, cells } = this.#lines.get(solver)!
    const image = new ImageData(new Uint8ClampedArray(picture), PICTURE.width, PICTURE.height)
    canvas.getContext('2d')!.putImageData(image, 0, 0)
    const texts = [
      duration(elapsedMs),
      count(iterations),
      threeDigits(fit.loss),
      threeDigits(fit.worstBand),
      likeness ? ratio(likeness.convergence) : NONE,
      likeness ? decibel(likeness.distanceDb) : NONE,
    ]
    for (const [i, text] of texts.entries()) cells[i]!.textContent = text
  }
}
