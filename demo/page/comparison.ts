/** All solvers on the same bands, in a table. Its rows are there from the beginning, so that nothing moves. */
import { threeDigits } from '../../src/cli/plot/ticks.ts'
import { find, make } from './dom.ts'
import { count, decibel, duration, NONE, ratio } from './figures.ts'
import type { Row } from './messages.ts'

const SOLVERS: readonly Row['solver'][] = ['sgd', 'nnls', 'maxent']
const CELLS = 6
/** Pixels of a picture. */
export const PICTURE = { width: 480, height: 168 }

export class Comparison {
  readonly #rows = new Map<string, { canvas: HTMLCanvasElement; cells: HTMLTableCellElement[] }>()

  constructor() {
    for (const solver of SOLVERS) {
      const canvas = make('canvas', { ...PICTURE, className: 'shot' })
      canvas.setAttribute('role', 'img')
      canvas.setAttribute('aria-label', `What ${solver} makes of the bands`)
      const cells = Array.from({ length: CELLS }, () => make('td', { textContent: NONE }))
      const head = make('th', { scope: 'row', textContent: solver })
      find('#rows').append(make('tr', {}, head, make('td', {}, canvas), ...cells))
      this.#rows.set(solver, { canvas, cells })
    }
  }

  clear(): void {
    for (const { canvas, cells } of this.#rows.values()) {
      canvas.getContext('2d')!.clearRect(0, 0, canvas.width, canvas.height)
      for (const cell of cells) cell.textContent = NONE
    }
  }

  put({ solver, elapsedMs, iterations, fit, likeness, picture }: Row): void {
    const { canvas, cells } = this.#rows.get(solver)!
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
