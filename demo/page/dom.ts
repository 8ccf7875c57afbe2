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

/** A canvas with as many pixels as it takes on the screen. Its size is told by the browser and never asked for. */
export class Surface {
  width = 0
  height = 0
  readonly canvas: HTMLCanvasElement

  constructor(selector: string, resized: () => void) {
    this.canvas = find<HTMLCanvasElement>(selector)
    new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect
      Object.assign(this, { width, height })
      resized()
    }).observe(this.canvas)
  }

  /** Empty, and to be drawn on in pixels of the page. */
  begin(): CanvasRenderingContext2D {
    const { canvas, width, height } = this
    const scale = density()
    const [across, down] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))]
    if (canvas.width !== across || canvas.height !== down) Object.assign(canvas, { width: across, height: down })
    const context = canvas.getContext('2d')!
    context.setTransform(scale, 0, 0, scale, 0, 0)
    context.clearRect(0, 0, width, height)
    return context
  }
}

/** Does something once before the next picture of the screen, however often it is asked for. */
export function onceAFrame(act: () => void): () => void {
  let isComing = false
  return () => {
    if (isComing) return
    isComing = true
    requestAnimationFrame(() => {
      isComing = false
      act()
    })
  }
}

/** Device pixels of a pixel; more than two nobody sees. */
export function density(): number {
  return Math.min(globalThis.devicePixelRatio || 1, 2)
}

const INKS = ['ink', 'soft', 'line', 'plot', 'ground', 'accent'] as const
export type Inks = Record<(typeof INKS)[number], string>
let inks: Inks | undefined
const isDark = matchMedia('(prefers-color-scheme: dark)')
isDark.addEventListener('change', () => {
  inks = undefined
})

/** Colours of the sheet, as they are in light or dark. */
export function sheetInks(): Inks {
  if (!inks) {
    const style = getComputedStyle(document.documentElement)
    inks = Object.fromEntries(INKS.map((name) => [name, style.getPropertyValue(`--${name}`)])) as Inks
  }
  return inks
}

/** Calls when light becomes dark, or dark light. */
export function onInks(changed: () => void): void {
  isDark.addEventListener('change', changed)
}

/** Hands a file to whoever sits before the page. */
export function save(blob: Blob, name: string): void {
  const link = make('a', { href: URL.createObjectURL(blob), download: name })
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
