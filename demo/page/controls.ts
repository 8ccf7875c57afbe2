/** The form of all settings. */
import { find, make } from './dom.ts'
import type { Source } from './messages.ts'
import { DEFAULTS, FIELDS, type Field, type Name, readValue, type Settings } from './settings.ts'

const GROUPS: readonly [title: string, names: readonly Name[]][] = [
  ['Bands', ['scale', 'filterbank', 'bands']],
  ['Spectrogram', ['nFft', 'hop', 'power', 'channels', 'rate']],
  ['Back to a spectrogram', ['solver', 'maxIter', 'device']],
  ['Back to sound', ['method', 'phase', 'iterations']],
  ['Computing', ['threads']],
]
/** Milliseconds after the last key before a number counts. */
const PAUSE = 350

export class Controls {
  #settings: Settings
  readonly #changed: (settings: Settings) => void
  readonly #refused: (message: string) => void
  readonly #inputs = new Map<Name, HTMLInputElement | HTMLSelectElement>()
  #timer = 0

  /** @param refused told what is wrong with a field, '' when nothing is any more */
  constructor(settings: Settings, changed: (settings: Settings) => void, refused: (message: string) => void) {
    this.#settings = { ...settings }
    this.#changed = changed
    this.#refused = refused
    for (const [title, names] of GROUPS) {
      const rows = names.map((name) => this.#row(name, FIELDS[name]))
      find('#fields').append(make('fieldset', {}, make('legend', { textContent: title }), ...rows))
    }
    find('#settings').addEventListener('reset', (event) => {
      event.preventDefault()
      const { rate, bands } = this.#settings
      this.set(this.#inputs.get('rate')!.disabled ? DEFAULTS : { ...DEFAULTS, rate, bands })
      this.#changed(this.settings)
    })
    find('#settings').addEventListener('submit', (event) => event.preventDefault())
    this.set(settings)
  }

  get settings(): Settings {
    return { ...this.#settings }
  }

  set(settings: Settings): void {
    this.#settings = { ...settings }
    for (const [name, input] of this.#inputs) {
      input.value = String(settings[name])
      input.removeAttribute('aria-invalid')
    }
    this.#refused('')
    this.#enable()
  }

  /** Which fields have a meaning depends on what was opened. */
  fit({ kind, channels }: Source): void {
    this.#inputs.get('rate')!.disabled = kind === 'sound'
    this.#inputs.get('bands')!.disabled = kind === 'bands'
    this.#inputs.get('channels')!.disabled = kind === 'bands' || channels === 1
  }

  #enable(): void {
    const { solver } = this.#settings
    for (const name of ['maxIter', 'device'] as const) this.#inputs.get(name)!.disabled = solver !== 'sgd'
  }

  #row(name: Name, field: Field): HTMLElement {
    const id = `field-${name}`
    const hint = make('span', { id: `${id}-hint`, className: 'hidden', textContent: field.hint })
    const input =
      field.kind === 'choice'
        ? make(
            'select',
            { id },
            ...field.choices.map(([value, label]) => make('option', { value, textContent: label })),
          )
        : make('input', { id, type: 'number', min: String(field.least), max: String(field.most), inputMode: 'numeric' })
    input.title = field.hint
    input.setAttribute('aria-describedby', `${id}-hint`)
    input.addEventListener('input', () => {
      clearTimeout(this.#timer)
      this.#timer = setTimeout(() => this.#take(name), field.kind === 'choice' ? 0 : PAUSE)
    })
    this.#inputs.set(name, input)
    const label = make('label', { htmlFor: id, textContent: field.label })
    const unit = field.unit ? [make('span', { className: 'unit', textContent: field.unit })] : []
    const value = make('span', { className: 'value' }, input, ...unit, hint)
    return make('div', { className: 'field' }, label, value)
  }

  #take(name: Name): void {
    const input = this.#inputs.get(name)!
    try {
      Object.assign(this.#settings, { [name]: readValue(name, input.value) })
    } catch (error) {
      input.setAttribute('aria-invalid', 'true')
      this.#refused((error as Error).message)
      return
    }
    input.removeAttribute('aria-invalid')
    this.#refused('')
    this.#enable()
    this.#changed(this.settings)
  }
}
