/** The elements of the page. */

/** An element that the page has. */
export function find<E extends HTMLElement>(selector: string): E {
  const element = document.querySelector<E>(selector)
  if (!element) throw new Error(`expected an element ${selector}`)
  return element
}

export function all<E extends HTMLElement>(selector: string): E[] {
  return [...document.querySelectorAll<E>(selector)]
}

/** A new element with properties; style comes from the sheet alone. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(tag), properties)
  element.append(...children)
  return element
}

/** Buttons of which one is pressed. */
export function choice<V extends string>(name: string, change: (value: V) => void): (value: V | undefined) => void {
  const buttons = all<HTMLButtonElement>(`[data-${name}]`)
  const show = (value: V | undefined): void => {
    for (const button of buttons) button.setAttribute('aria-pressed', String(button.dataset[name] === value))
  }
  for (const button of buttons)
    button.addEventListener('click', () => {
      show(button.dataset[name] as V)
      change(button.dataset[name] as V)
    })
  return show
}

/** Gives a canvas as many pixels as it takes on the screen. */
export function fit(canvas: HTMLCanvasElement): { context: CanvasRenderingContext2D; width: number; height: number } {
  const { clientWidth: width, clientHeight: height } = canvas
  const scale = density()
  const [across, down] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))]
  if (canvas.width !== across || canvas.height !== down) Object.assign(canvas, { width: across, height: down })
  const context = canvas.getContext('2d')!
  context.setTransform(scale, 0, 0, scale, 0, 0)
  context.clearRect(0, 0, width, height)
  return { context, width, height }
}

/** Device pixels of a pixel; more than two nobody sees. */
export function density(): number {
  return Math.min(globalThis.devicePixelRatio || 1, 2)
}

/** A colour of the sheet, as it is in light or dark. */
export function colour(name: 'ink' | 'soft' | 'line' | 'accent' | 'plot' | 'ground'): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`)
}

/** Hands a file to whoever sits before the page. */
export function save(blob: Blob, name: string): void {
  const link = make('a', { href: URL.createObjectURL(blob), download: name })
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
