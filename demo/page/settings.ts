/** What can be set on the page, in the field's words, and how it stands in the address. */

interface Described {
  label: string
  /** What stands behind the field. */
  unit?: string
  hint: string
}
interface Choice extends Described {
  kind: 'choice'
  /** Values and how they are called. */
  choices: readonly (readonly [value: string, label: string])[]
  default: string
}
interface Count extends Described {
  kind: 'count'
  least: number
  most: number
  default: number
}
export type Field = Choice | Count

/** The order is that on the page. */
export const FIELDS = {
  rate: {
    kind: 'count',
    label: 'Sample rate',
    unit: 'Hz',
    hint: 'sample_rate, of bands from a .npy file; sound has its own',
    least: 1000,
    most: 384000,
    default: 16000,
  },
  scale: {
    kind: 'choice',
    label: 'Bark scale',
    hint: 'Which formula takes hertz to Bark',
    choices: [
      ['traunmuller', 'Traunmüller'],
      ['schroeder', 'Schroeder'],
      ['wang', 'Wang'],
    ],
    default: 'traunmuller',
  },
  filterbank: {
    kind: 'choice',
    label: 'Filterbank',
    hint: 'torchaudio leaves out a correction above 20.1 Bark',
    choices: [
      ['torchaudio', 'torchaudio’s'],
      ['corrected', 'corrected'],
    ],
    default: 'torchaudio',
  },
  bands: { kind: 'count', label: 'Bands', unit: 'bands', hint: 'n_barks', least: 1, most: 1024, default: 80 },
  nFft: { kind: 'count', label: 'Frame, n_fft', unit: 'samples', hint: 'n_fft', least: 16, most: 16384, default: 1024 },
  hop: { kind: 'count', label: 'Hop', unit: 'samples', hint: 'hop_length', least: 1, most: 16384, default: 256 },
  power: {
    kind: 'choice',
    label: 'Values',
    hint: 'power',
    choices: [
      ['2', 'power'],
      ['1', 'magnitude'],
    ],
    default: '1',
  },
  channels: {
    kind: 'choice',
    label: 'Channels',
    hint: 'A mix-down is the mean of all channels; alone it takes less time and memory',
    choices: [
      ['mix', 'mixed to one'],
      ['all', 'each by itself'],
    ],
    default: 'mix',
  },
  solver: {
    kind: 'choice',
    label: 'Solver',
    hint: 'Which spectrogram is taken of all that have these bands',
    choices: [
      ['maxent', 'maxent: smooth'],
      ['nnls', 'nnls: least norm'],
      ['sgd', 'sgd: torchaudio’s'],
    ],
    default: 'maxent',
  },
  maxIter: {
    kind: 'count',
    label: 'Iterations, sgd',
    unit: 'at most',
    hint: 'max_iter, of sgd alone',
    least: 0,
    most: 1_000_000,
    default: 2000,
  },
  device: {
    kind: 'choice',
    label: 'Device',
    hint: 'Of sgd; all else runs on the CPU',
    choices: [
      ['auto', 'automatic'],
      ['cpu', 'CPU'],
      ['gpu', 'GPU'],
    ],
    default: 'auto',
  },
  method: {
    kind: 'choice',
    label: 'Bands to sound',
    hint: 'joint looks for magnitudes and phases together',
    choices: [
      ['joint', 'joint'],
      ['griffin-lim', 'Griffin-Lim'],
    ],
    default: 'joint',
  },
  phase: {
    kind: 'choice',
    label: 'First phases',
    hint: 'Which phases it starts from: PGHI takes those that the magnitudes suggest',
    choices: [
      ['pghi', 'PGHI'],
      ['random', 'random'],
      ['zero', 'zero'],
    ],
    default: 'pghi',
  },
  iterations: {
    kind: 'count',
    label: 'Iterations',
    unit: 'iterations',
    hint: 'iterations, n_iter of GriffinLim',
    least: 0,
    most: 2000,
    default: 32,
  },
  threads: {
    kind: 'count',
    label: 'Threads',
    unit: '0: auto',
    hint: '0 takes as many as there are cores where the work is worth it',
    least: 0,
    most: 64,
    default: 0,
  },
} as const satisfies Record<string, Field>

export type Name = keyof typeof FIELDS
export const NAMES = Object.keys(FIELDS) as Name[]

type Value<F> = F extends { kind: 'choice'; choices: readonly (readonly [infer V, string])[] } ? V : number
export type Settings = { -readonly [N in Name]: Value<(typeof FIELDS)[N]> }

export const DEFAULTS = Object.fromEntries(NAMES.map((name) => [name, FIELDS[name].default])) as Settings

/**
 * The value that a text stands for.
 * @throws RangeError that names the field, what was expected and what came
 */
export function readValue<N extends Name>(name: N, text: string): Settings[N] {
  const field: Field = FIELDS[name]
  if (field.kind === 'choice') {
    const values = field.choices.map(([value]) => value)
    if (!values.includes(text))
      throw new RangeError(`${field.label}: expected one of ${values.join(', ')}, got ${JSON.stringify(text)}`)
    return text as Settings[N]
  }
  const value = Number(text)
  if (text.trim() === '' || !Number.isInteger(value) || value < field.least || value > field.most) {
    const range = `an integer from ${field.least} to ${field.most}`
    throw new RangeError(`${field.label}: expected ${range}, got ${text.trim() === '' ? 'nothing' : text}`)
  }
  return value as Settings[N]
}

/** The settings of an address; what is wrong in it keeps its default and is told. */
export function readSettings(query: URLSearchParams): { settings: Settings; wrong: string[] } {
  const settings = { ...DEFAULTS }
  const wrong: string[] = []
  for (const name of NAMES) {
    const text = query.get(name)
    if (text === null) continue
    try {
      Object.assign(settings, { [name]: readValue(name, text) })
    } catch (error) {
      wrong.push((error as Error).message)
    }
  }
  return { settings, wrong }
}

/** Puts into an address what is not by default. */
export function writeSettings(settings: Settings, query: URLSearchParams): void {
  for (const name of NAMES) {
    if (settings[name] === FIELDS[name].default) query.delete(name)
    else query.set(name, String(settings[name]))
  }
}

/** A hop beyond the window leaves samples out; said here so that no other field is blamed. */
export function contradiction({ hop, nFft }: Settings): string | undefined {
  return hop > nFft ? `Hop: expected at most n_fft, ${nFft} samples, got ${hop}` : undefined
}
